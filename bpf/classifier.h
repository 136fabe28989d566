/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Classifiers: ways to find the first box that has a packet, and the choice of
 * the one that is predicted to be cheapest.
 */
#include "bpf/axes.h"
#include "bpf/emitter.h"

/* What a classifier is made from. */
struct problem {
	const struct boxes *boxes;
	const struct axes *axes; /* NULL: they would be too large */
	struct arena *arena;	 /* for what is not needed later */
};

/* A way to find the first box that has a packet. */
struct classifier {
	const char *name;
	const char *sentence;
	/*
	 * Append code (and tables) to @emitter that leaves the outcome's index
	 * in r0 and exits, reading the struct wire_header at r1. Stores in
	 * *@kept how many regions, from the first one on, are in the code: the
	 * rest passes. Returns 0, -ENOMEM, or -E2BIG when it would be larger
	 * than the emitter or the target allows or take too long to make: the
	 * caller takes back what was written.
	 */
	int (*emit)(struct emitter *emitter, const struct problem *problem,
		    size_t *kept);
};
extern const struct classifier classifier_linear;
extern const struct classifier classifier_rfc;
extern const struct classifier classifier_chain;
extern const struct classifier classifier_parts;

/* Of that name; NULL: there is none. */
const struct classifier *classifier_find(const char *name);

/* A list of boxes as it came into a program. */
struct classified {
	const struct classifier *by; /* NULL: no packet of this class drops */
	struct cost cost;
	size_t box_count, insn_count, table_bytes;
};

/*
 * Write the list by @forced, or by the one that costs least (NULL). Where it
 * does not fit, the next one is taken; the last one is linear, which keeps as
 * many as fit. Stores what struct classifier says in *@kept. 0 or -ENOMEM.
 */
int classifier_write(struct emitter *emitter, const struct boxes *boxes,
		     const struct classifier *forced, size_t *kept,
		     struct classified *out);
