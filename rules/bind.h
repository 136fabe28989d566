/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Rules and the sets that they ask for: `-m set --match-set NAME src` means
 * something only once the set is known.
 */
#include "rules/cond.h"
#include "rules/ipset.h"
#include "rules/packet.h"

/*
 * Bind every --match-set of @ruleset to its set among @sets, which must outlive
 * the ruleset. It stays unknown, which is sound, when there is no such set,
 * when the set is unknown itself, when a rule changes it (-j SET; rules of the
 * other family are noted before, bind_note_changes()), when it has
 * networks of more than SET_LENGTHS_MAX lengths with ports, and beyond
 * SET_QUESTIONS_MAX questions or SET_LEAVES_MAX sets.
 */
void bind_sets(struct ruleset *ruleset, const struct ipsets *sets);

/* Mark those of @sets that rules of @ruleset change: sets of ports and lists
 * serve both families. */
void bind_note_changes(const struct ruleset *ruleset,
		       const struct ipsets *sets);

#define SET_LENGTHS_MAX 31

/* The number of the question @set, asked by @dims; NO_SET_QUESTION when there
 * are too many already. */
uint8_t bind_question(struct ruleset *ruleset, const struct ipset *set,
		      const struct set_dims *dims);

/* The name of a set that @ruleset asks for and @sets (NULL: none) has not, or
 * NULL. */
const char *bind_missing(const struct ruleset *ruleset,
			 const struct ipsets *sets);

/* Fill in the fields FIELD_SET0, ...: the answers about one packet. */
void bind_answers(const struct ruleset *ruleset, const struct packet *packet,
		  struct header *header);
