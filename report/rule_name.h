/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * How reports speak of a rule: "filter INPUT 3" and what it asks.
 */
#include "base/buf.h"
#include "rules/ruleset.h"

/* "filter INPUT 3", or "filter INPUT policy". @number 0: the policy. */
void rule_name_add(struct buf *buf, const char *table, const char *chain,
		   unsigned int number);

/* What @rule asks and does; for NULL what the chain's policy does. */
void rule_name_add_text(struct buf *buf, const struct table *table,
			const struct chain *chain, const struct rule *rule);

/* Everything at once: "filter INPUT 3, line 12: -s 10.0.0.0/8 -j DROP". */
void rule_name_add_all(struct buf *buf, const struct table *table,
		       const struct chain *chain, const struct rule *rule);
