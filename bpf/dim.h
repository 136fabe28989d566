/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Dimensions: what the boxes of a list ask of one header field, or of several
 * together, as classes of values. To classify a packet by a dimension is to
 * find its class number; all that boxes ask is then a set of numbers.
 */
#include "bpf/boxes.h"
#include "bpf/partition.h"

#define DIM_ANY UINT32_MAX /* a box that asks nothing */

struct dim {
	size_t class_count;
	/* By box: the index of what it asks, or DIM_ANY. */
	uint32_t *question_of;
	const struct runs **questions; /* of classes */
	size_t question_count;
	const struct runs *all; /* classes */
	/*
	 * Numbers and their classes. Of a field: number i stands for the values
	 * from starts[i] up to the next one's. Of two dimensions (with
	 * starts NULL): number i * b->class_count + j for the pair (i, j).
	 */
	uint32_t *class_of;
	size_t size;
	enum field field;
	const u128 *starts;
	const struct dim *a, *b;
};

/* All of these: 0, -ENOMEM, or -E2BIG when it would take too long or be too
 * large. @out is in @arena. */
int dim_of_field(struct arena *arena, const struct boxes *boxes,
		 enum field field, const struct dim **out);
int dim_of_pair(struct arena *arena, size_t box_count, const struct dim *a,
		const struct dim *b, const struct dim **out);

/*
 * By pair of classes (index i * b->class_count + j) the first box that has such
 * packets, @box_count for none: where all that boxes ask is in @a and @b, which
 * may be NULL.
 */
int dim_first_boxes(struct arena *arena, size_t box_count, const struct dim *a,
		    const struct dim *b, uint32_t **out, size_t *count);

/* What box @box asks, as classes; NULL: nothing. */
static inline const struct runs *dim_asked(const struct dim *dim, size_t box)
{
	uint32_t question = dim->question_of[box];

	return question == DIM_ANY ? NULL : dim->questions[question];
}

/* Pairs of classes that one table may have. */
#define DIM_PAIRS_MAX ((size_t)4 * 1024 * 1024)
