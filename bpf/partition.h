/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Partitions: numbers 0..n-1 put into classes by what is asked of them. Two
 * numbers are in one class when every question has the same answer for both.
 * All tables of RFC (Gupta and McKeown, "Packet Classification on Multiple
 * Fields", SIGCOMM 1999) are partitions: of the values of a field, or of the
 * pairs of two classes.
 */
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Numbers, as sorted disjoint runs that do not touch. */
struct run {
	uint32_t first, last;
};
struct runs {
	uint32_t count;
	struct run list[];
};

size_t runs_size(const struct runs *runs); /* how many numbers */

struct partition {
	uint32_t *class_of; /* index: number */
	size_t size;
	size_t class_count; /* numbered in the order of their first member */
	const struct runs **questions; /* as runs of classes */
};

/* Numbers looked at, all questions together, before it is given up. */
#define PARTITION_WORK_MAX ((size_t)20 * 1000 * 1000)

/*
 * @questions[0..count-1]: the numbers for which the answer is yes. Returns 0,
 * -ENOMEM, or -E2BIG when it would take too long.
 */
int partition_make(struct arena *arena, size_t size,
		   const struct runs *const *questions, size_t count,
		   struct partition *out);
