// SPDX-License-Identifier: GPL-2.0-only
#include "report/rule_name.h"
#include "rules/print.h"

void rule_name_add(struct buf *buf, const char *table, const char *chain,
		   unsigned int number)
{
	buf_addf(buf, "%s %s ", table, chain);
	if (number)
		buf_addf(buf, "%u", number);
	else
		buf_add(buf, "policy");
}

void rule_name_add_text(struct buf *buf, const struct table *table,
			const struct chain *chain, const struct rule *rule)
{
	if (rule)
		print_rule_body(buf, table, rule);
	else
		buf_addf(buf, "policy %s", chain->policy_name);
}

void rule_name_add_all(struct buf *buf, const struct table *table,
		       const struct chain *chain, const struct rule *rule)
{
	rule_name_add(buf, table->name, chain->name, rule ? rule->number : 0);
	buf_addf(buf, ", line %u: ", rule ? rule->line : chain->line);
	rule_name_add_text(buf, table, chain, rule);
}
