// SPDX-License-Identifier: GPL-2.0-only
#include "report/json.h"
#include "report/rule_name.h"

static json_t *rule_make(struct jsonio *io, const struct table *table,
			 const struct chain *chain, const struct rule *rule)
{
	json_t *object = jsonio_object(io);
	OWN_BUF struct buf text = BUF_INIT;

	rule_name_add_text(&text, table, chain, rule);
	io->has_failed |= text.has_failed;
	jsonio_put_number(io, object, "number", rule->number);
	jsonio_put_number(io, object, "line", rule->line);
	jsonio_put_text(io, object, "text", buf_text(&text));
	if (rule->has_counters) {
		jsonio_put_number(io, object, "packets", rule->packets);
		jsonio_put_number(io, object, "bytes", rule->bytes);
	}
	return object;
}

static json_t *chain_make(struct jsonio *io, const struct table *table,
			  const struct chain *chain)
{
	json_t *object = jsonio_object(io);
	json_t *rules = jsonio_array(io);

	jsonio_put_text(io, object, "name", chain->name);
	jsonio_put_text(io, object, "policy",
			chain->policy == POLICY_NONE ? NULL
						     : chain->policy_name);
	for (size_t i = 0; i < chain->rule_count; i++)
		jsonio_append(io, rules,
			      rule_make(io, table, chain, &chain->rules[i]));
	jsonio_put(io, object, "rules", rules);
	return object;
}

static json_t *table_make(struct jsonio *io, const struct table *table)
{
	json_t *object = jsonio_object(io);
	json_t *chains = jsonio_array(io);

	jsonio_put_text(io, object, "name", table->name);
	for (size_t i = 0; i < table->chain_count; i++)
		jsonio_append(io, chains,
			      chain_make(io, table, &table->chains[i]));
	jsonio_put(io, object, "chains", chains);
	return object;
}

json_t *json_rulesets(struct jsonio *io, const struct report_rules *rules)
{
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < rules->count; i++) {
		const struct ruleset *ruleset = rules->rulesets[i];
		json_t *object = jsonio_object(io);
		json_t *tables = jsonio_array(io);

		jsonio_put_number(io, object, "family", ruleset->family);
		jsonio_put_text(io, object, "source", ruleset->source);
		for (size_t j = 0; j < ruleset->table_count; j++)
			jsonio_append(io, tables,
				      table_make(io, &ruleset->tables[j]));
		jsonio_put(io, object, "tables", tables);
		jsonio_append(io, array, object);
	}
	return array;
}
