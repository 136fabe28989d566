/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Sets of numbers as sorted intervals: the values of one header field.
 *
 * Invariants
 *  1. Intervals are sorted, disjoint and not adjacent: equal sets look equal.
 *  2. A set never changes once made; it lives in its arena.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/num.h"

struct interval {
	u128 min, max; /* inclusive */
};

struct set {
	size_t count;
	struct interval intervals[];
};

/* All of these return NULL on ENOMEM. */
const struct set *set_make(struct arena *arena, const struct interval *parts,
			   size_t count); /* any order, may overlap */
const struct set *set_range(struct arena *arena, u128 min, u128 max);
const struct set *set_and(struct arena *arena, const struct set *a,
			  const struct set *b);
/* All of 0..@max but @a. */
const struct set *set_not(struct arena *arena, const struct set *a, u128 max);

static inline bool set_is_empty(const struct set *set)
{
	return set->count == 0;
}
bool set_has(const struct set *set, u128 value);
bool set_is_within(const struct set *inner, const struct set *outer);
bool set_is_equal(const struct set *a, const struct set *b);
bool set_meets(const struct set *a, const struct set *b);
