/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Rules as one number: two rulesets with the same one are loaded alike.
 * Spelling counts; counters, comments and the order of tables and of chains do
 * not, nor do base chains that are empty and accept, nor a blocklist that was
 * put before the rules (rules/block.h).
 */
#include "rules/ruleset.h"

struct digest {
	char hex[65]; /* SHA-256 */
};

/*
 * Of the tables named, whether the ruleset has them or not; @tables NULL: of
 * all that it has. @rules NULL: of none. 0 or -ENOMEM.
 */
int digest_make(const struct ruleset *rules, const char *const *tables,
		size_t count, struct digest *out);
