// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocklists that anybody published: what is read has addresses of its family
 * only, and becomes a rule that can be printed and read again.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "rules/block.h"
#include "rules/print.h"
#include "rules/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rule(const struct ipset *set)
{
	static const char empty[] = "*raw\n:PREROUTING ACCEPT\nCOMMIT\n";
	OWN(ruleset) struct ruleset *rules = NULL;
	OWN(ruleset) struct ruleset *again = NULL;
	OWN_BUF struct buf text = BUF_INIT;
	struct err err;

	if (read_rules(empty, strlen(empty), "fuzz", set->family, &rules, NULL,
		       &err) ||
	    block_insert(rules, set))
		return; /* no memory */
	print_ruleset(&text, rules);
	int result = read_rules(buf_text(&text), text.length, "again",
				set->family, &again, NULL, &err);
	assert(!result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OWN(block_list) struct block_list *list = NULL;
	struct err err;

	if (block_read((const char *)data, size, "fuzz", &list, &err))
		return 0;

	const struct set *ipv4 = list->ipv4->values;
	for (size_t i = 0; ipv4 && i < ipv4->count; i++)
		assert(ipv4->intervals[i].max <= UINT32_MAX);
	check_rule(list->ipv4);
	check_rule(list->ipv6);
	return 0;
}
