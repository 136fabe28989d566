// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "cli/loaded.h"
#include "rules/print.h"

static const struct table *find_table(const struct ruleset *rules,
				      const char *name)
{
	for (size_t i = 0; i < rules->table_count; i++)
		if (!strcmp(rules->tables[i].name, name))
			return &rules->tables[i];
	return NULL;
}

static int is_other_rule(const struct table *a, const struct chain *in_a,
			 const struct table *b, const struct chain *in_b,
			 size_t index)
{
	OWN_BUF struct buf text_a = BUF_INIT;
	OWN_BUF struct buf text_b = BUF_INIT;

	print_rule(&text_a, a, in_a, &in_a->rules[index]);
	print_rule(&text_b, b, in_b, &in_b->rules[index]);
	if (text_a.has_failed || text_b.has_failed)
		return -ENOMEM;
	return strcmp(buf_text(&text_a), buf_text(&text_b)) != 0;
}

static int is_other_chain(const struct table *a, const struct chain *in_a,
			  const struct table *b, const struct chain *in_b)
{
	if (in_a->policy != in_b->policy ||
	    in_a->rule_count != in_b->rule_count)
		return 1;
	for (size_t i = 0; i < in_a->rule_count; i++) {
		int result = is_other_rule(a, in_a, b, in_b, i);

		if (result)
			return result;
	}
	return 0;
}

/* A base chain that the host does not list is empty and accepts. */
static bool is_default(const struct chain *chain)
{
	return chain->policy == POLICY_ACCEPT && chain->rule_count == 0;
}

static int is_other_table(const struct table *a, const struct table *b)
{
	for (size_t i = 0; i < a->chain_count; i++) {
		const struct chain *chain = &a->chains[i];
		const struct chain *other =
			b ? table_chain(b, chain->name) : NULL;
		int result = other ? is_other_chain(a, chain, b, other)
				   : !is_default(chain);

		if (result)
			return result;
	}
	return 0;
}

int loaded_differs(const struct ruleset *rules, const struct ruleset *loaded)
{
	for (size_t i = 0; i < rules->table_count; i++) {
		const struct table *table = &rules->tables[i];
		int result =
			is_other_table(table,
				       loaded ? find_table(loaded, table->name)
					      : NULL);

		if (result)
			return result;
	}
	return 0;
}
