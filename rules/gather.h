/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The matches of one rule while it is being read. On the command line they may
 * stand in any order; in the rule they stand in the order of rules/ruleset.h:
 * address part, then each module with its options.
 */
#include "base/err.h"
#include "rules/ruleset.h"

/* More do not fit into a rule of the kernel (16-bit offsets). */
#define GATHER_MAX 1024

struct gathered {
	struct match match;
	unsigned int order;
	unsigned int column; /* of its option in the line */
};

struct gather {
	struct arena *arena;
	struct gathered *matches; /* malloc()ed, in order */
	size_t count, size;
	enum module *modules; /* malloc()ed, as loaded */
	size_t module_count, module_size;
};

void gather_begin(struct gather *gather, struct arena *arena);
void gather_free(struct gather *gather);

/* Add to the address part, or -EINVAL: it has such a match already. */
int gather_address(struct gather *gather, const struct match *match,
		   unsigned int column, struct err *err);

/* Add `-m name`, the last of gather->modules afterwards. -EINVAL, -ENOMEM. */
int gather_module(struct gather *gather, enum module module, const char *name,
		  unsigned int column, struct err *err);

/* Add an option of gather->modules[@index]. -EINVAL when it excludes another,
 * or when there are too many. */
int gather_option(struct gather *gather, size_t index,
		  const struct match *match, unsigned int column,
		  struct err *err);

/*
 * All are there: -EINVAL when one lacks the protocol that it needs, *@column
 * is where it stands. Otherwise @rule has its matches.
 */
int gather_finish(struct gather *gather, struct rule *rule,
		  unsigned int *column, struct err *err);
