// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "bpf/axes.h"

/* The two that have the fewest pairs; the first ones of several. */
static void choose(const struct dim *const *dims, size_t count, size_t *a,
		   size_t *b)
{
	size_t fewest = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		for (size_t j = i + 1; j < count; j++) {
			size_t pairs =
				dims[i]->class_count * dims[j]->class_count;

			if (pairs >= fewest)
				continue;
			fewest = pairs;
			*a = i;
			*b = j;
		}
	}
}

int axes_reduce(struct arena *arena, size_t box_count, size_t wanted,
		const struct dim **dims, size_t *count)
{
	while (*count > wanted) {
		size_t a = 0, b = 0;
		int result;

		choose(dims, *count, &a, &b);
		result = dim_of_pair(arena, box_count, dims[a], dims[b],
				     &dims[a]);
		if (result)
			return result;
		for (size_t i = b; i + 1 < *count; i++)
			dims[i] = dims[i + 1];
		(*count)--;
	}
	return 0;
}

/* All fields but the addresses. */
static int make_rest(struct arena *arena, const struct boxes *boxes,
		     struct axes *axes)
{
	const struct dim *dims[FIELD_COUNT];
	size_t count = 0;
	int result = 0;

	for (int f = 0; f < FIELD_COUNT && !result; f++) {
		if (!boxes->is_used[f] || f == FIELD_SADDR || f == FIELD_DADDR)
			continue;
		result = dim_of_field(arena, boxes, f, &dims[count++]);
	}
	if (!result)
		result = axes_reduce(arena, boxes->count, 1, dims, &count);
	if (!result && count)
		axes->dims[AXIS_REST] = dims[0];
	return result;
}

int axes_make(struct arena *arena, const struct boxes *boxes, struct axes *out)
{
	struct axes axes = { 0 };
	int result = 0;

	if (boxes->is_used[FIELD_SADDR])
		result = dim_of_field(arena, boxes, FIELD_SADDR,
				      &axes.dims[AXIS_SADDR]);
	if (!result && boxes->is_used[FIELD_DADDR])
		result = dim_of_field(arena, boxes, FIELD_DADDR,
				      &axes.dims[AXIS_DADDR]);
	if (!result)
		result = make_rest(arena, boxes, &axes);
	if (result)
		return result;
	for (int axis = 0; axis < AXIS_COUNT; axis++)
		axes.count += axes.dims[axis] != NULL;
	*out = axes;
	return 0;
}
