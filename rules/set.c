// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "rules/set.h"

static struct set *allocate(struct arena *arena, size_t room)
{
	return arena_alloc(arena,
			   sizeof(struct set) + room * sizeof(struct interval));
}

/* Add an interval that starts at or behind the start of the last one. */
static void append(struct set *set, u128 min, u128 max)
{
	struct interval *last =
		set->count ? &set->intervals[set->count - 1] : NULL;

	if (last && (min <= last->max || min == last->max + 1)) {
		if (max > last->max)
			last->max = max;
		return;
	}
	set->intervals[set->count++] = (struct interval){ min, max };
}

static int by_min(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;

	return x->min < y->min ? -1 : x->min > y->min;
}

const struct set *set_make(struct arena *arena, const struct interval *parts,
			   size_t count)
{
	struct set *set = allocate(arena, count);
	struct interval *sorted =
		arena_copy(arena, parts, count * sizeof(*parts));

	if (!set || !sorted)
		return NULL;
	qsort(sorted, count, sizeof(*sorted), by_min);
	for (size_t i = 0; i < count; i++) {
		if (sorted[i].min <= sorted[i].max)
			append(set, sorted[i].min, sorted[i].max);
	}
	return set;
}

const struct set *set_range(struct arena *arena, u128 min, u128 max)
{
	struct set *set = allocate(arena, 1);

	if (set && min <= max)
		append(set, min, max);
	return set;
}

const struct set *set_and(struct arena *arena, const struct set *a,
			  const struct set *b)
{
	/* Each step below ends one interval of a or b. */
	struct set *set = allocate(arena, a->count + b->count);

	if (!set)
		return NULL;
	for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
		const struct interval *x = &a->intervals[i];
		const struct interval *y = &b->intervals[j];
		u128 min = x->min > y->min ? x->min : y->min;
		u128 max = x->max < y->max ? x->max : y->max;

		if (min <= max)
			append(set, min, max);
		if (x->max < y->max)
			i++;
		else
			j++;
	}
	return set;
}

const struct set *set_not(struct arena *arena, const struct set *a, u128 max)
{
	struct set *set = allocate(arena, a->count + 1);
	u128 next = 0;

	if (!set)
		return NULL;
	for (size_t i = 0; i < a->count; i++) {
		const struct interval *x = &a->intervals[i];

		if (x->min > next)
			append(set, next, x->min - 1);
		if (x->max >= max)
			return set;
		next = x->max + 1;
	}
	append(set, next, max);
	return set;
}

bool set_has(const struct set *set, u128 value)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->intervals[middle].max < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low < set->count && set->intervals[low].min <= value;
}

bool set_is_within(const struct set *inner, const struct set *outer)
{
	size_t j = 0;

	for (size_t i = 0; i < inner->count; i++) {
		const struct interval *x = &inner->intervals[i];

		while (j < outer->count && outer->intervals[j].max < x->min)
			j++;
		if (j == outer->count || outer->intervals[j].min > x->min ||
		    outer->intervals[j].max < x->max)
			return false;
	}
	return true;
}

bool set_is_equal(const struct set *a, const struct set *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (a->intervals[i].min != b->intervals[i].min ||
		    a->intervals[i].max != b->intervals[i].max)
			return false;
	}
	return true;
}

bool set_meets(const struct set *a, const struct set *b)
{
	for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
		const struct interval *x = &a->intervals[i];
		const struct interval *y = &b->intervals[j];

		if (x->min <= y->max && y->min <= x->max)
			return true;
		if (x->max < y->max)
			i++;
		else
			j++;
	}
	return false;
}
