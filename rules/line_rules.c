// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "rules/line_rules.h"

uint32_t line_rules_index(const struct writer *w, const struct chain *chain,
			  const struct rule *rule)
{
	size_t t = w->table - w->ruleset->tables;
	size_t c = chain - w->table->chains;
	size_t r = rule ? (size_t)(rule - chain->rules) : chain->rule_count;

	return w->first_rules[t][c] + r;
}

/* Where each chain's rules begin, and in *@count how many there are. */
static int number_rules(struct writer *w, size_t *count)
{
	const struct ruleset *ruleset = w->ruleset;

	*count = 0;
	w->first_rules = arena_alloc(w->arena, (ruleset->table_count + 1) *
						       sizeof(size_t *));
	if (!w->first_rules)
		return -ENOMEM;
	for (size_t t = 0; t < ruleset->table_count; t++) {
		const struct table *table = &ruleset->tables[t];
		size_t *firsts = arena_alloc(w->arena, (table->chain_count +
							1) * sizeof(size_t));

		if (!firsts)
			return -ENOMEM;
		w->first_rules[t] = firsts;
		for (size_t c = 0; c < table->chain_count; c++) {
			firsts[c] = *count;
			*count += table->chains[c].rule_count + 1;
		}
	}
	return 0;
}

static void list_chain(struct line *line, const struct table *table,
		       const struct chain *chain)
{
	for (size_t r = 0; r <= chain->rule_count; r++) {
		const struct rule *rule =
			r < chain->rule_count ? &chain->rules[r] : NULL;
		bool is_drop = rule ? rule->target.kind == TARGET_DROP
				    : chain->policy == POLICY_DROP;

		line->rules[line->rule_count++] = (struct flat_rule){
			.table = table,
			.chain = chain,
			.rule = rule,
			.is_drop = is_drop,
			.why = WHY_NOT_INGRESS,
			.blocker = NO_RULE,
		};
	}
}

int line_rules_make(struct writer *w)
{
	const struct ruleset *ruleset = w->ruleset;
	struct line *line = w->line;
	size_t count;
	int error = number_rules(w, &count);

	if (error)
		return error;
	line->rules = arena_alloc(w->arena, (count + 1) * sizeof(*line->rules));
	if (!line->rules)
		return -ENOMEM;
	for (size_t t = 0; t < ruleset->table_count; t++) {
		const struct table *table = &ruleset->tables[t];

		for (size_t c = 0; c < table->chain_count; c++)
			list_chain(line, table, &table->chains[c]);
	}
	return 0;
}
