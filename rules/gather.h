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
		   struct err *err);

/* Add `-m name`, the last of gather->modules afterwards. -EINVAL, -ENOMEM. */
int gather_module(struct gather *gather, enum module module, const char *name,
		  struct err *err);

/* Add an option of gather->modules[@index]. -EINVAL when it excludes another,
 * or when there are too many. */
int gather_option(struct gather *gather, size_t index,
		  const struct match *match, struct err *err);

/*
 * All are there: -EINVAL when one lacks the protocol it needs (@has_proto,
 * @proto: the rule's `-p`, not negated). Otherwise @rule has its matches.
 */
int gather_finish(struct gather *gather, bool has_proto, uint8_t proto,
		  struct rule *rule, struct err *err);
