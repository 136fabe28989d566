// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/dim.h"

/* Equal things get one number: open addressing, 0 is free, else number + 1. */
struct interner {
	uint32_t *buckets;
	size_t mask;
};

static int interner_init(struct interner *interner, size_t count)
{
	size_t room = 16;

	while (room < 2 * count)
		room *= 2;
	interner->buckets = calloc(room, sizeof(*interner->buckets));
	interner->mask = room - 1;
	return interner->buckets ? 0 : -ENOMEM;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15;
	return hash ^ hash >> 29;
}

static uint64_t hash_set(const struct set *set)
{
	uint64_t hash = set->count;

	for (size_t i = 0; i < set->count; i++) {
		const struct interval *interval = &set->intervals[i];

		hash = mix(hash, interval->min);
		hash = mix(hash, interval->min >> 64);
		hash = mix(hash, interval->max);
		hash = mix(hash, interval->max >> 64);
	}
	return hash;
}

/* The different sets that boxes ask of a field, and which box asks which. */
static int collect_sets(const struct boxes *boxes, enum field field,
			const struct set **sets, struct dim *dim)
{
	struct interner interner;

	if (interner_init(&interner, boxes->count))
		return -ENOMEM;
	for (size_t i = 0; i < boxes->count; i++) {
		const struct set *set = boxes->list[i].cond.fields[field];

		dim->question_of[i] = DIM_ANY;
		if (!set)
			continue;
		size_t at = hash_set(set) & interner.mask;
		for (; interner.buckets[at]; at = (at + 1) & interner.mask) {
			uint32_t known = interner.buckets[at] - 1;

			if (set_is_equal(sets[known], set))
				break;
		}
		if (!interner.buckets[at]) {
			sets[dim->question_count++] = set;
			interner.buckets[at] = dim->question_count;
		}
		dim->question_of[i] = interner.buckets[at] - 1;
	}
	free(interner.buckets);
	return 0;
}

static int by_value(const void *a, const void *b)
{
	u128 x = *(const u128 *)a, y = *(const u128 *)b;

	return x < y ? -1 : x > y;
}

/* Where answers may change: the starts of intervals and what follows them. */
static int collect_starts(struct arena *arena, const struct set *const *sets,
			  u128 max, struct dim *dim)
{
	size_t room = 1, count = 0;
	u128 *starts;

	for (size_t q = 0; q < dim->question_count; q++)
		room += 2 * sets[q]->count;
	starts = arena_alloc(arena, room * sizeof(*starts));
	if (!starts)
		return -ENOMEM;
	starts[count++] = 0;
	for (size_t q = 0; q < dim->question_count; q++) {
		for (size_t i = 0; i < sets[q]->count; i++) {
			starts[count++] = sets[q]->intervals[i].min;
			if (sets[q]->intervals[i].max < max)
				starts[count++] = sets[q]->intervals[i].max + 1;
		}
	}
	qsort(starts, count, sizeof(*starts), by_value);
	dim->size = 0;
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || starts[i] != starts[i - 1])
			starts[dim->size++] = starts[i];
	}
	dim->starts = starts;
	return 0;
}

/* The number that @value belongs to. */
static uint32_t number_of(const struct dim *dim, u128 value)
{
	size_t low = 0, high = dim->size;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (dim->starts[middle] <= value)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static const struct runs *
set_to_runs(struct arena *arena, const struct dim *dim, const struct set *set)
{
	struct runs *runs =
		arena_alloc(arena,
			    sizeof(*runs) + set->count * sizeof(runs->list[0]));

	if (!runs)
		return NULL;
	for (size_t i = 0; i < set->count; i++)
		runs->list[runs->count++] = (struct run){
			.first = number_of(dim, set->intervals[i].min),
			.last = number_of(dim, set->intervals[i].max),
		};
	return runs;
}

static int divide(struct arena *arena, const struct runs *const *asked,
		  struct dim *dim)
{
	struct runs *all =
		arena_alloc(arena, sizeof(*all) + sizeof(all->list[0]));
	struct partition partition;
	int result = partition_make(arena, dim->size, asked,
				    dim->question_count, &partition);

	if (result)
		return result;
	if (!all)
		return -ENOMEM;
	all->count = 1;
	all->list[0].last = partition.class_count - 1;
	dim->all = all;
	dim->class_of = partition.class_of;
	dim->class_count = partition.class_count;
	dim->questions = partition.questions;
	return 0;
}

static struct dim *dim_alloc(struct arena *arena, size_t box_count)
{
	struct dim *dim = arena_alloc(arena, sizeof(*dim));

	if (!dim)
		return NULL;
	dim->question_of =
		arena_alloc(arena, (box_count + 1) * sizeof(uint32_t));
	return dim->question_of ? dim : NULL;
}

int dim_of_field(struct arena *arena, const struct boxes *boxes,
		 enum field field, const struct dim **out)
{
	struct dim *dim = dim_alloc(arena, boxes->count);
	OWN_MEM const struct set **sets =
		calloc(boxes->count + 1, sizeof(*sets));
	OWN_MEM const struct runs **asked =
		calloc(boxes->count + 1, sizeof(*asked));
	int result;

	if (!dim || !sets || !asked)
		return -ENOMEM;
	dim->field = field;
	result = collect_sets(boxes, field, sets, dim);
	if (!result)
		result = collect_starts(arena, sets,
					field_max(field, boxes->family), dim);
	for (size_t q = 0; q < dim->question_count && !result; q++) {
		asked[q] = set_to_runs(arena, dim, sets[q]);
		if (!asked[q])
			result = -ENOMEM;
	}
	if (!result)
		result = divide(arena, asked, dim);
	if (!result)
		*out = dim;
	return result;
}

/* Pairs of questions of two dimensions that boxes ask together. */
struct pairs {
	struct pair {
		uint32_t a, b;
	} * list;
	size_t count;
};

static int collect_pairs(size_t box_count, const struct dim *a,
			 const struct dim *b, struct dim *dim,
			 struct pairs *pairs)
{
	struct interner interner;

	if (interner_init(&interner, box_count))
		return -ENOMEM;
	for (size_t i = 0; i < box_count; i++) {
		struct pair pair = { a->question_of[i], b->question_of[i] };

		dim->question_of[i] = DIM_ANY;
		if (pair.a == DIM_ANY && pair.b == DIM_ANY)
			continue;
		size_t at = mix(mix(1, pair.a), pair.b) & interner.mask;
		for (; interner.buckets[at]; at = (at + 1) & interner.mask) {
			uint32_t known = interner.buckets[at] - 1;

			if (!memcmp(&pairs->list[known], &pair, sizeof(pair)))
				break;
		}
		if (!interner.buckets[at]) {
			pairs->list[pairs->count++] = pair;
			interner.buckets[at] = pairs->count;
		}
		dim->question_of[i] = interner.buckets[at] - 1;
	}
	dim->question_count = pairs->count;
	free(interner.buckets);
	return 0;
}

static const struct runs *asked_or_all(const struct dim *dim, uint32_t question)
{
	return question == DIM_ANY ? dim->all : dim->questions[question];
}

/* Every class of a with the runs of b. */
static const struct runs *pair_to_runs(struct arena *arena, const struct dim *a,
				       const struct dim *b,
				       const struct pair *pair)
{
	const struct runs *rows = asked_or_all(a, pair->a);
	const struct runs *columns = asked_or_all(b, pair->b);
	struct runs *runs =
		arena_alloc(arena, sizeof(*runs) + runs_size(rows) *
							   columns->count *
							   sizeof(struct run));

	if (!runs)
		return NULL;
	for (uint32_t r = 0; r < rows->count; r++) {
		for (uint32_t i = rows->list[r].first; i <= rows->list[r].last;
		     i++) {
			uint32_t row = i * b->class_count;

			for (uint32_t c = 0; c < columns->count; c++)
				runs->list[runs->count++] = (struct run){
					row + columns->list[c].first,
					row + columns->list[c].last,
				};
		}
	}
	return runs;
}

/* So many pairs of all questions are looked at; known before it is done. */
static bool is_too_much(const struct dim *a, const struct dim *b,
			const struct pairs *pairs)
{
	size_t work = 0;

	for (size_t p = 0; p < pairs->count; p++) {
		work += runs_size(asked_or_all(a, pairs->list[p].a)) *
			runs_size(asked_or_all(b, pairs->list[p].b));
		if (work > PARTITION_WORK_MAX)
			return true;
	}
	return false;
}

int dim_of_pair(struct arena *arena, size_t box_count, const struct dim *a,
		const struct dim *b, const struct dim **out)
{
	struct dim *dim = dim_alloc(arena, box_count);
	OWN_MEM struct pair *list = calloc(box_count + 1, sizeof(*list));
	OWN_MEM const struct runs **asked =
		calloc(box_count + 1, sizeof(*asked));
	struct pairs pairs = { .list = list };
	int result;

	if (!dim || !list || !asked)
		return -ENOMEM;
	dim->a = a;
	dim->b = b;
	dim->size = a->class_count * b->class_count;
	if (dim->size > DIM_PAIRS_MAX)
		return -E2BIG;
	result = collect_pairs(box_count, a, b, dim, &pairs);
	if (!result && is_too_much(a, b, &pairs))
		result = -E2BIG;
	for (size_t p = 0; p < pairs.count && !result; p++) {
		asked[p] = pair_to_runs(arena, a, b, &pairs.list[p]);
		if (!asked[p])
			result = -ENOMEM;
	}
	if (!result)
		result = divide(arena, asked, dim);
	if (!result)
		*out = dim;
	return result;
}

/*
 * The cells of one row that no box has yet: free[i] leads to the next one,
 * itself if it is one (union-find).
 */
static uint32_t next_free(uint32_t *free_at, uint32_t i)
{
	uint32_t found = i;

	while (free_at[found] != found)
		found = free_at[found];
	while (free_at[i] != found) {
		uint32_t next = free_at[i];

		free_at[i] = found;
		i = next;
	}
	return found;
}

static void paint_row(uint32_t *cells, uint32_t *free_at,
		      const struct runs *columns, uint32_t box)
{
	for (uint32_t c = 0; c < columns->count; c++) {
		uint32_t last = columns->list[c].last;
		uint32_t i = next_free(free_at, columns->list[c].first);

		for (; i <= last; i = next_free(free_at, i)) {
			cells[i] = box;
			free_at[i] = i + 1;
		}
	}
}

/* One class with everything, where there is no dimension. */
static const struct runs first = { .count = 1, .list = { { 0, 0 } } };
static const struct dim no_dim = { .class_count = 1, .all = &first };

static uint32_t question_of(const struct dim *dim, size_t box)
{
	return dim == &no_dim ? DIM_ANY : dim->question_of[box];
}

static int paint(size_t box_count, const struct dim *a, const struct dim *b,
		 uint32_t *cells, uint32_t *free_at)
{
	size_t columns = b->class_count, work = 0;

	for (size_t box = 0; box < box_count; box++) {
		const struct runs *rows = asked_or_all(a, question_of(a, box));
		const struct runs *asked = asked_or_all(b, question_of(b, box));

		work += runs_size(rows) * asked->count;
		if (work > PARTITION_WORK_MAX)
			return -E2BIG;
		for (uint32_t r = 0; r < rows->count; r++) {
			for (size_t i = rows->list[r].first;
			     i <= rows->list[r].last; i++)
				paint_row(cells + i * columns,
					  free_at + i * (columns + 1), asked,
					  box);
		}
	}
	return 0;
}

int dim_first_boxes(struct arena *arena, size_t box_count, const struct dim *a,
		    const struct dim *b, uint32_t **out, size_t *count)
{
	size_t rows, columns;
	uint32_t *cells;

	a = a ? a : &no_dim;
	b = b ? b : &no_dim;
	rows = a->class_count;
	columns = b->class_count;
	if (rows * columns > DIM_PAIRS_MAX)
		return -E2BIG;

	OWN_MEM uint32_t *free_at =
		calloc(rows * (columns + 1), sizeof(*free_at));
	cells = arena_alloc(arena, rows * columns * sizeof(*cells));
	if (!cells || !free_at)
		return -ENOMEM;
	for (size_t i = 0; i < rows * columns; i++)
		cells[i] = box_count;
	for (size_t i = 0; i < rows * (columns + 1); i++)
		free_at[i] = i % (columns + 1);

	int result = paint(box_count, a, b, cells, free_at);
	if (result)
		return result;
	*out = cells;
	*count = rows * columns;
	return 0;
}
