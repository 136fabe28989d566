/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What a program can see of a rule: of all its matches, in their order. */
#include "rules/sight.h"

/*
 * Narrow @sight, which the caller set up with the boxes of the chain, by every
 * match of @rule in order; stops at one that remembers. Returns 0 or -ENOMEM.
 */
int see_rule(const struct viewpoint *view, const struct rule *rule,
	     struct sight *sight);

/* Does the rule look at what NAT may rewrite before INPUT and FORWARD? */
bool see_has_destination(const struct rule *rule);

/* How many port variants cover the rule: 1, or 2 with a MATCH_ANY_PORT. */
unsigned int see_variants(const struct rule *rule);
