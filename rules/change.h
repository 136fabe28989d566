/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Rulesets that differ in a rule or two: to find out what a change would do
 * without asking anybody to make it. A changed ruleset shares matches and
 * words with the one that it was made of, which must outlive it.
 */
#include "rules/ruleset.h"

/* A copy to change, in @arena; NULL on ENOMEM. Do not ruleset_free() it. */
struct ruleset *change_copy(struct arena *arena, const struct ruleset *ruleset);

/*
 * Leave @rule out; it belongs to @from, which @copy is a copy of. Later rules
 * keep their numbers.
 */
void change_remove(struct ruleset *copy, const struct ruleset *from,
		   const struct rule *rule);

/*
 * Put @count rules in front of the built-in chain @chain of @table, which are
 * made if they are not there. 0 or -ENOMEM.
 */
int change_prepend(struct ruleset *copy, enum table_id table, const char *chain,
		   const struct rule *rules, size_t count);
