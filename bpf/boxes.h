/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A list of regions made ready for classifiers: only what can make a
 * difference is left. The first box that has a packet decides, a packet that
 * no box has passes.
 *
 * Invariants
 *  1. A condition that holds for every value is NULL; none is empty.
 *  2. Only the last box may be without conditions, and the last box drops.
 *  3. Boxes are in the order of the regions that they come from.
 */
#include "bpf/wire.h"
#include "rules/flatten.h"

struct box {
	struct cond cond;
	uint32_t outcome; /* 0: pass */
	uint32_t region;  /* the first one that it comes from */
};

struct boxes {
	enum family family;
	struct box *list;
	size_t count;
	size_t region_count;	   /* of the list that they come from */
	bool is_used[FIELD_COUNT]; /* some box has a condition on it */
};

/*
 * @outcomes[i] is that of region i. Removed are regions that no packet reaches
 * or whose packets meet the same outcome without them, and neighbours that are
 * one box together become one. Everything is in @arena. 0 or -ENOMEM.
 */
int boxes_make(struct arena *arena, const struct flat *flat,
	       const uint32_t *outcomes, struct boxes *out);
