/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Code that finds the class of a packet in a dimension: of short fields in a
 * table by value, of addresses in a trie or by search, whichever is predicted
 * to be cheaper; of two dimensions in a table by pair.
 */
#include "bpf/dim.h"
#include "bpf/emitter.h"

/*
 * Append code that leaves the class's number in r0. It uses r7 and r8. Returns
 * 0, -E2BIG when tables would be larger than the emitter's limit, -ENOMEM.
 */
int lookup_emit(struct emitter *emitter, const struct dim *dim,
		enum family family);

/* The same for a pair: r2 = index of its cell. @b may be NULL. */
int lookup_emit_index(struct emitter *emitter, const struct dim *a,
		      const struct dim *b, enum family family);

/* The ways that there are for fields of more than 16 bits. */
struct lookup {
	const char *name;
	int (*emit)(struct emitter *emitter, const struct dim *dim,
		    enum family family);
};
extern const struct lookup lookup_trie;	  /* up to 32 bits */
extern const struct lookup lookup_search; /* direct values only */
