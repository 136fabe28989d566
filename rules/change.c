// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "rules/change.h"

static int copy_chains(struct arena *arena, struct table *table)
{
	table->chains = arena_copy(arena, table->chains,
				   table->chain_count * sizeof(*table->chains));
	if (!table->chains)
		return -ENOMEM;
	for (size_t c = 0; c < table->chain_count; c++) {
		struct chain *chain = &table->chains[c];

		chain->rules =
			arena_copy(arena, chain->rules,
				   chain->rule_count * sizeof(*chain->rules));
		if (!chain->rules)
			return -ENOMEM;
	}
	return 0;
}

struct ruleset *change_copy(struct arena *arena, const struct ruleset *ruleset)
{
	struct ruleset *copy = arena_copy(arena, ruleset, sizeof(*ruleset));

	if (!copy)
		return NULL;
	copy->arena = arena;
	copy->tables =
		arena_copy(arena, ruleset->tables,
			   ruleset->table_count * sizeof(*ruleset->tables));
	if (!copy->tables)
		return NULL;
	for (size_t t = 0; t < copy->table_count; t++) {
		if (copy_chains(arena, &copy->tables[t]))
			return NULL;
	}
	return copy;
}

static void remove_at(struct chain *chain, size_t index)
{
	chain->rule_count--;
	memmove(&chain->rules[index], &chain->rules[index + 1],
		(chain->rule_count - index) * sizeof(*chain->rules));
}

void change_remove(struct ruleset *copy, const struct ruleset *from,
		   const struct rule *rule)
{
	for (size_t t = 0; t < from->table_count; t++) {
		const struct table *table = &from->tables[t];

		for (size_t c = 0; c < table->chain_count; c++) {
			const struct chain *chain = &table->chains[c];

			if (rule < chain->rules ||
			    rule >= chain->rules + chain->rule_count)
				continue;
			remove_at(&copy->tables[t].chains[c],
				  rule - chain->rules);
			return;
		}
	}
}

/* One more item behind @count of them, zeroed, in a new array; or NULL. */
static void *grown(struct arena *arena, const void *items, size_t count,
		   size_t size)
{
	char *more = arena_alloc(arena, (count + 1) * size);

	if (more && count)
		memcpy(more, items, count * size);
	return more;
}

static const char *table_name(enum table_id id)
{
	return id == TABLE_RAW ? "raw" : "filter";
}

static struct table *find_table(struct ruleset *copy, enum table_id id)
{
	struct table *tables;

	for (size_t t = 0; t < copy->table_count; t++) {
		if (copy->tables[t].id == id)
			return &copy->tables[t];
	}
	tables = grown(copy->arena, copy->tables, copy->table_count,
		       sizeof(*tables));
	if (!tables)
		return NULL;
	copy->tables = tables;
	tables[copy->table_count] =
		(struct table){ .name = table_name(id), .id = id };
	return &tables[copy->table_count++];
}

static struct chain *find_chain(struct arena *arena, struct table *table,
				const char *name)
{
	struct chain *chains;

	for (size_t c = 0; c < table->chain_count; c++) {
		if (!strcmp(table->chains[c].name, name))
			return &table->chains[c];
	}
	chains = grown(arena, table->chains, table->chain_count,
		       sizeof(*chains));
	if (!chains)
		return NULL;
	table->chains = chains;
	chains[table->chain_count] = (struct chain){
		.name = name,
		.policy = POLICY_ACCEPT,
		.policy_name = "ACCEPT",
	};
	return &chains[table->chain_count++];
}

int change_prepend(struct ruleset *copy, enum table_id id, const char *name,
		   const struct rule *rules, size_t count)
{
	struct table *table = find_table(copy, id);
	struct chain *chain =
		table ? find_chain(copy->arena, table, name) : NULL;
	struct rule *all;

	if (!chain)
		return -ENOMEM;
	all = arena_alloc(copy->arena,
			  (count + chain->rule_count) * sizeof(*all));
	if (!all)
		return -ENOMEM;
	memcpy(all, rules, count * sizeof(*all));
	if (chain->rule_count)
		memcpy(all + count, chain->rules,
		       chain->rule_count * sizeof(*all));
	chain->rules = all;
	chain->rule_count += count;
	return 0;
}
