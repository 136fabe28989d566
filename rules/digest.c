// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sha2.h>
#include <string.h>

#include "base/buf.h"
#include "rules/block.h"
#include "rules/digest.h"
#include "rules/print.h"

/* Pointers into one array, by the names of what they point to. */
static int compare_tables(const void *a, const void *b)
{
	const struct table *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static int compare_chains(const void *a, const void *b)
{
	const struct chain *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static bool is_of_blocklist(const struct rule *rule)
{
	return rule->target.kind == TARGET_JUMP &&
	       !strcmp(rule->target.name, BLOCK_NAME);
}

static void add_chain(struct buf *text, const struct table *table,
		      const struct chain *chain)
{
	OWN_BUF struct buf rules = BUF_INIT;

	if (!strcmp(chain->name, BLOCK_NAME))
		return;
	for (size_t i = 0; i < chain->rule_count; i++) {
		if (is_of_blocklist(&chain->rules[i]))
			continue;
		print_rule(&rules, table, chain, &chain->rules[i]);
		buf_add(&rules, "\n");
	}
	text->has_failed |= rules.has_failed;
	if (!rules.length && chain->policy == POLICY_ACCEPT)
		return;
	buf_addf(text, ":%s %s\n", chain->name, chain->policy_name);
	buf_add(text, buf_text(&rules));
}

static void add_table(struct buf *text, const struct table *table)
{
	OWN_MEM const struct chain **chains =
		calloc(table->chain_count + 1, sizeof(*chains));
	OWN_BUF struct buf inside = BUF_INIT;

	if (!chains) {
		text->has_failed = true;
		return;
	}
	for (size_t i = 0; i < table->chain_count; i++)
		chains[i] = &table->chains[i];
	qsort(chains, table->chain_count, sizeof(*chains), compare_chains);
	for (size_t i = 0; i < table->chain_count; i++)
		add_chain(&inside, table, chains[i]);
	text->has_failed |= inside.has_failed;
	if (inside.length)
		buf_addf(text, "*%s\n%s", table->name, buf_text(&inside));
}

static bool is_among(const char *name, const char *const *tables, size_t count)
{
	for (size_t i = 0; tables && i < count; i++) {
		if (!strcmp(tables[i], name))
			return true;
	}
	return !tables;
}

int digest_make(const struct ruleset *rules, const char *const *names,
		size_t count, struct digest *out)
{
	size_t table_count = rules ? rules->table_count : 0;
	OWN_MEM const struct table **tables =
		calloc(table_count + 1, sizeof(*tables));
	OWN_BUF struct buf text = BUF_INIT;

	if (!tables)
		return -ENOMEM;
	for (size_t i = 0; i < table_count; i++)
		tables[i] = &rules->tables[i];
	qsort(tables, table_count, sizeof(*tables), compare_tables);
	for (size_t i = 0; i < table_count; i++) {
		if (is_among(tables[i]->name, names, count))
			add_table(&text, tables[i]);
	}
	if (text.has_failed)
		return -ENOMEM;
	SHA256Data((const uint8_t *)buf_text(&text), text.length, out->hex);
	return 0;
}
