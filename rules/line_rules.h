/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The rules and policies that steps name: one list over all tables and chains
 * of the ruleset, in its order, the policy of a chain behind its rules.
 */
#include "rules/writer.h"

/* All of them, none with a region so far. Returns 0 or -ENOMEM. */
int line_rules_make(struct writer *w);

/* Of @rule in @chain of the writer's table; NULL: of the policy. */
uint32_t line_rules_index(const struct writer *w, const struct chain *chain,
			  const struct rule *rule);
