// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "bpf/boxes.h"

/*
 * Longer lists are not compared box by box (it would take seconds): there the
 * classifiers that build tables find out by themselves what is never reached.
 */
#define PAIRS_MAX 1500

static bool is_everything(const struct set *set, u128 max)
{
	return set->count == 1 && set->intervals[0].min == 0 &&
	       set->intervals[0].max >= max;
}

/* Is there any packet in it? Conditions that always hold are left out. */
static bool simplify(const struct cond *cond, enum family family,
		     struct cond *out)
{
	for (int f = 0; f < FIELD_COUNT; f++) {
		const struct set *set = cond->fields[f];

		out->fields[f] = set;
		if (!set)
			continue;
		if (set_is_empty(set))
			return false;
		if (is_everything(set, field_max(f, family)))
			out->fields[f] = NULL;
	}
	return true;
}

static bool is_unconditional(const struct cond *cond)
{
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (cond->fields[f])
			return false;
	}
	return true;
}

/* What is behind the last drop passes with or without a box. */
static void cut_passing_end(struct boxes *boxes)
{
	while (boxes->count && boxes->list[boxes->count - 1].outcome == 0)
		boxes->count--;
}

static bool is_same(const struct set *a, const struct set *b)
{
	return a == b || (a && b && set_is_equal(a, b));
}

/* The one field in which they differ; FIELD_COUNT: none; -1: several. */
static int different_field(const struct cond *a, const struct cond *b)
{
	int found = FIELD_COUNT;

	for (int f = 0; f < FIELD_COUNT; f++) {
		if (is_same(a->fields[f], b->fields[f]))
			continue;
		if (found != FIELD_COUNT)
			return -1;
		found = f;
	}
	return found;
}

static const struct set *join(struct arena *arena, const struct set *a,
			      const struct set *b)
{
	OWN_MEM struct interval *parts =
		calloc(a->count + b->count, sizeof(*parts));

	if (!parts)
		return NULL;
	memcpy(parts, a->intervals, a->count * sizeof(*parts));
	memcpy(parts + a->count, b->intervals, b->count * sizeof(*parts));
	return set_make(arena, parts, a->count + b->count);
}

/* Unions grow: what is joined again and again would take quadratic time. */
#define JOINED_INTERVALS_MAX 64

/*
 * Two neighbours with one outcome may change places, so if they differ in one
 * field only they are one box. Returns 1, 0, or -ENOMEM.
 */
static int merge(struct arena *arena, struct box *box, const struct box *next,
		 enum family family)
{
	const struct set **set, *other;
	int field;

	if (box->outcome != next->outcome)
		return 0;
	field = different_field(&box->cond, &next->cond);
	if (field < 0)
		return 0;
	if (field == FIELD_COUNT)
		return 1;
	set = &box->cond.fields[field];
	other = next->cond.fields[field];
	if (!*set || !other) {
		*set = NULL;
		return 1;
	}
	if ((*set)->count > JOINED_INTERVALS_MAX)
		return 0;
	*set = join(arena, *set, other);
	if (!*set)
		return -ENOMEM;
	if (is_everything(*set, field_max(field, family)))
		*set = NULL;
	return 1;
}

static int merge_neighbours(struct arena *arena, struct boxes *boxes)
{
	size_t kept = 0;

	for (size_t i = 0; i < boxes->count; i++) {
		int result = kept ? merge(arena, &boxes->list[kept - 1],
					  &boxes->list[i], boxes->family)
				  : 0;

		if (result < 0)
			return result;
		if (!result)
			boxes->list[kept++] = boxes->list[i];
	}
	boxes->count = kept;
	return 0;
}

/* Does an earlier box have all its packets? */
static bool is_shadowed(const struct boxes *boxes, size_t count,
			const struct cond *cond)
{
	for (size_t i = 0; i < count; i++) {
		if (cond_relate(cond, &boxes->list[i].cond) == COND_COVERED)
			return true;
	}
	return false;
}

static void remove_shadowed(struct boxes *boxes)
{
	size_t kept = 0;

	for (size_t i = 0; i < boxes->count; i++) {
		if (!is_shadowed(boxes, kept, &boxes->list[i].cond))
			boxes->list[kept++] = boxes->list[i];
	}
	boxes->count = kept;
}

/*
 * Would its packets meet the same outcome without it? So it is if every later
 * box that may have one of them has this outcome, up to one that has all of
 * them, or to the end for what passes.
 */
static bool is_redundant(const struct boxes *boxes, size_t i)
{
	const struct box *box = &boxes->list[i];

	for (size_t j = i + 1; j < boxes->count; j++) {
		const struct box *later = &boxes->list[j];
		enum cond_relation relation =
			cond_relate(&box->cond, &later->cond);

		if (relation == COND_DISJOINT)
			continue;
		if (later->outcome != box->outcome)
			return false;
		if (relation == COND_COVERED)
			return true;
	}
	return box->outcome == 0;
}

/* From the last one on, so that each is compared with what stays. */
static void remove_redundant(struct boxes *boxes)
{
	for (size_t i = boxes->count; i-- > 0;) {
		if (!is_redundant(boxes, i))
			continue;
		memmove(&boxes->list[i], &boxes->list[i + 1],
			(boxes->count - i - 1) * sizeof(*boxes->list));
		boxes->count--;
	}
}

static void note_fields(struct boxes *boxes)
{
	for (size_t i = 0; i < boxes->count; i++) {
		for (int f = 0; f < FIELD_COUNT; f++)
			boxes->is_used[f] |=
				boxes->list[i].cond.fields[f] != NULL;
	}
}

int boxes_make(struct arena *arena, const struct flat *flat,
	       const uint32_t *outcomes, struct boxes *out)
{
	struct boxes boxes = {
		.family = flat->family,
		.region_count = flat->region_count,
	};
	int result;

	boxes.list = arena_alloc(arena, (flat->region_count + 1) *
						sizeof(*boxes.list));
	if (!boxes.list)
		return -ENOMEM;
	for (size_t i = 0; i < flat->region_count; i++) {
		struct box *box = &boxes.list[boxes.count];

		if (!simplify(&flat->regions[i].cond, flat->family, &box->cond))
			continue;
		box->outcome = outcomes[i];
		box->region = i;
		boxes.count++;
		if (is_unconditional(&box->cond))
			break; /* nothing gets further */
	}
	cut_passing_end(&boxes);
	result = merge_neighbours(arena, &boxes);
	if (result)
		return result;
	if (boxes.count <= PAIRS_MAX) {
		remove_shadowed(&boxes);
		remove_redundant(&boxes);
	}
	note_fields(&boxes);
	*out = boxes;
	return 0;
}
