/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A table while it is being read: chains found by name at once, rules added
 * anywhere. draft_finish() makes the table of it.
 *
 * Ownership: the struct draft has malloc()ed scratch (draft_free); what the
 * table consists of lives in the ruleset's arena.
 */
#include "rules/ruleset.h"

struct draft_chain {
	struct chain chain;
	struct rule **rules; /* malloc()ed */
	size_t count, size;
};

struct draft {
	struct arena *arena;
	struct table table;
	struct draft_chain *chains;
	size_t count, size;
	uint32_t *slots; /* open hashing: index + 1, 0 is empty */
	size_t slot_count;
};

void draft_begin(struct draft *draft, struct arena *arena, const char *name,
		 unsigned int line);
void draft_free(struct draft *draft);
#define OWN_DRAFT __attribute__((cleanup(draft_free)))

/* NULL when there is no such chain. Valid until the next draft_add(). */
struct draft_chain *draft_find(const struct draft *draft, const char *name);

/* A new chain that no chain has the name of; NULL on ENOMEM. */
struct draft_chain *draft_add(struct draft *draft, const struct chain *chain);

/* Does the kernel's table of that name have a chain of that name by itself? */
bool draft_is_built_in(const struct draft *draft, const char *name);

/* Put a copy of @rule at @index (0: first; the count: last). -ENOMEM or 0. */
int draft_put(struct draft *draft, struct draft_chain *chain, size_t index,
	      const struct rule *rule);

/* Number the rules and make the table. -ENOMEM or 0. */
int draft_finish(struct draft *draft, struct table *out);
