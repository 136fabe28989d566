/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Rulesets as text that iptables-restore takes. What iptables-save printed
 * comes back token for token; printing what was printed changes nothing.
 */
#include "base/buf.h"
#include "rules/ruleset.h"

void print_ruleset(struct buf *buf, const struct ruleset *ruleset);

/* One rule, `-A CHAIN ...` without counters and newline. */
void print_rule(struct buf *buf, const struct table *table,
		const struct chain *chain, const struct rule *rule);

/* Only what the rule asks, without `-A CHAIN`: for reports. */
void print_rule_body(struct buf *buf, const struct table *table,
		     const struct rule *rule);
