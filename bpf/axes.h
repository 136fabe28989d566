/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the boxes of a list ask, as three dimensions at most: the source
 * address, the destination address, and all other fields together. Addresses
 * have many classes, the rest has few.
 */
#include "bpf/dim.h"

enum axis {
	AXIS_SADDR,
	AXIS_DADDR,
	AXIS_REST,
	AXIS_COUNT,
};

struct axes {
	const struct dim *dims[AXIS_COUNT]; /* NULL: nothing is asked */
	size_t count;			    /* of those that are */
};

/* 0, -ENOMEM, or -E2BIG when it would be too large or take too long. */
int axes_make(struct arena *arena, const struct boxes *boxes, struct axes *out);

/*
 * Join the two of @dims that have the fewest pairs, until @wanted are left: as
 * in RFC (bpf/rfc.c). The same returns.
 */
int axes_reduce(struct arena *arena, size_t box_count, size_t wanted,
		const struct dim **dims, size_t *count);
