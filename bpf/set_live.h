/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The sets of a program that is loaded: read, and changed without touching the
 * program. A changed set is a new map in the place of the old one: each packet
 * sees one or the other, whole.
 */
#include <stdbool.h>

#include "bpf/set_parts.h"

struct set_live {
	struct wire_set_name name;
	uint64_t ranges; /* intervals of addresses or ports, or tuples */
	uint64_t bytes;	 /* of its map, as far as it tells */
};

/*
 * What the program's sets hold, one for each question: up to WIRE_PARTS_MAX in
 * @out. Returns 0 or -errno.
 */
int set_live_list(uint32_t prog_id, struct set_live *out, size_t *count,
		  struct err *err);

enum set_verb {
	SET_VERB_ADD,
	SET_VERB_DEL,
	SET_VERB_SWAP, /* all that was there goes */
};

struct set_change {
	const char *name;
	enum set_verb verb;
	const char *const *elements; /* as ipset(8) reads them */
	size_t element_count;
};

/*
 * Change every set of that name, as far as the elements are of its family.
 * Returns 0; -ENOENT when the program has no such set; -EINVAL for an element
 * that cannot be one; another -errno. On failure nothing was changed, unless
 * the kernel refused the second of two sets of one name.
 */
int set_live_change(uint32_t prog_id, const struct set_change *change,
		    struct err *err);

/* Has no set changed since the program was loaded? 1, 0 or -errno. */
int set_live_is_original(uint32_t prog_id, struct err *err);
