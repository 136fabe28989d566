// SPDX-License-Identifier: GPL-2.0-only
/*
 * Set-pruning: for each class of the first dimension the boxes that may still
 * have the packet, divided by the second dimension, and so on (Decasper et al.,
 * "Router Plugins", SIGCOMM 1998). Where RFC has a table of all pairs, here is
 * a short row for each class, with as many stretches as *its* boxes make:
 * memory goes with the boxes, not with the product of classes. In return a row
 * is searched, in two or three steps mostly.
 *
 * A box that asks nothing any more ends the list of boxes behind it, equal
 * lists are divided once, equal rows stand in the table once. What still grows
 * is a box that is in many rows: bpf/parts.c keeps those apart.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/chain.h"
#include "bpf/rows.h"

/* Entries of lists that are written before it is given up (20 ms or so). */
#define WORK_MAX ((size_t)3 * 1000 * 1000)

/* A list of boxes and the row that it became, by level. */
struct known {
	const uint32_t *list;
	uint32_t count, value;
	uint64_t hash;
};

struct level {
	const struct dim *dim;
	struct rows rows;
	struct known *known; /* open addressing, list NULL is free */
	size_t room, count;
};

struct pruner {
	const struct chain_input *input;
	struct arena *arena; /* of lists */
	struct level levels[CHAIN_LEVELS_MAX];
	size_t level_count;
	size_t work, max_bytes;
};

/* What a stretch of a level leads to. */
struct part {
	uint32_t *list;
	uint32_t count;
	bool is_closed; /* its last box asks nothing any more */
};

static void level_free(struct level *level)
{
	rows_free(&level->rows);
	free(level->known);
}

static uint64_t hash_list(const uint32_t *list, uint32_t count)
{
	uint64_t hash = count;

	for (uint32_t i = 0; i < count; i++) {
		hash = (hash ^ list[i]) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	return hash;
}

static struct known *find_known(const struct level *level, const uint32_t *list,
				uint32_t count, uint64_t hash)
{
	size_t i = hash & (level->room - 1);

	for (; level->known[i].list; i = (i + 1) & (level->room - 1)) {
		struct known *known = &level->known[i];

		if (known->hash == hash && known->count == count &&
		    !memcmp(known->list, list, count * sizeof(*list)))
			break;
	}
	return &level->known[i];
}

static int grow_known(struct level *level)
{
	struct level grown = *level;

	if (2 * level->count < level->room)
		return 0;
	grown.room = level->room ? 2 * level->room : 64;
	grown.known = calloc(grown.room, sizeof(*grown.known));
	if (!grown.known)
		return -ENOMEM;
	for (size_t i = 0; i < level->room; i++) {
		const struct known *old = &level->known[i];

		if (old->list)
			*find_known(&grown, old->list, old->count, old->hash) =
				*old;
	}
	free(level->known);
	*level = grown;
	return 0;
}

/* Does the box ask anything from this level on? */
static bool is_open(const struct pruner *pruner, size_t depth, uint32_t box)
{
	for (size_t i = depth; i < pruner->level_count; i++) {
		if (dim_asked(pruner->levels[i].dim, box))
			return true;
	}
	return false;
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Where the boxes' answers may change, from 0 on. */
static uint32_t *find_cuts(const struct dim *dim, const uint32_t *list,
			   uint32_t count, size_t *cut_count)
{
	size_t room = 1, used = 0, kept = 0;
	uint32_t *cuts;

	for (uint32_t i = 0; i < count; i++) {
		const struct runs *runs = dim_asked(dim, list[i]);

		room += runs ? 2 * runs->count : 0;
	}
	cuts = calloc(room, sizeof(*cuts));
	if (!cuts)
		return NULL;
	used = 1;
	for (uint32_t i = 0; i < count; i++) {
		const struct runs *runs = dim_asked(dim, list[i]);

		for (uint32_t r = 0; runs && r < runs->count; r++) {
			cuts[used++] = runs->list[r].first;
			if (runs->list[r].last + 1 < dim->class_count)
				cuts[used++] = runs->list[r].last + 1;
		}
	}
	qsort(cuts, used, sizeof(*cuts), by_value);
	for (size_t i = 0; i < used; i++) {
		if (!kept || cuts[i] != cuts[kept - 1])
			cuts[kept++] = cuts[i];
	}
	*cut_count = kept;
	return cuts;
}

static size_t cut_at(const uint32_t *cuts, size_t count, uint32_t class)
{
	size_t low = 0, high = count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (cuts[middle] <= class)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* A box for the stretches first..last; those that are closed need no more. */
static void put_box(struct pruner *pruner, struct part *parts, size_t first,
		    size_t last, uint32_t box, bool is_last, bool is_counting)
{
	for (size_t i = first; i <= last; i++) {
		struct part *part = &parts[i];

		if (part->is_closed)
			continue;
		if (!is_counting)
			part->list[part->count] = box;
		part->count++;
		part->is_closed = is_last;
		pruner->work++;
	}
}

static int put_boxes(struct pruner *pruner, size_t depth, const uint32_t *list,
		     uint32_t count, const uint32_t *cuts, size_t cut_count,
		     struct part *parts, bool is_counting)
{
	const struct dim *dim = pruner->levels[depth].dim;

	for (uint32_t i = 0; i < count; i++) {
		const struct runs *runs = dim_asked(dim, list[i]);
		bool is_last = !is_open(pruner, depth + 1, list[i]);

		if (!runs)
			put_box(pruner, parts, 0, cut_count - 1, list[i],
				is_last, is_counting);
		for (uint32_t r = 0; runs && r < runs->count; r++)
			put_box(pruner, parts,
				cut_at(cuts, cut_count, runs->list[r].first),
				cut_at(cuts, cut_count, runs->list[r].last),
				list[i], is_last, is_counting);
		if (pruner->work > WORK_MAX)
			return -E2BIG;
	}
	return 0;
}

/* Room for each stretch's list, which put_boxes() counted. */
static int make_lists(struct pruner *pruner, struct part *parts, size_t count)
{
	size_t total = 0;
	uint32_t *room;

	for (size_t i = 0; i < count; i++)
		total += parts[i].count;
	room = arena_alloc(pruner->arena, (total + 1) * sizeof(*room));
	if (!room)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		parts[i].list = room;
		room += parts[i].count;
		parts[i].count = 0;
		parts[i].is_closed = false;
	}
	return 0;
}

static int value_of(struct pruner *pruner, size_t depth, const uint32_t *list,
		    uint32_t count, uint32_t *value);

/* The list divided by a level: stretches of classes and what they lead to. */
static int divide(struct pruner *pruner, size_t depth, const uint32_t *list,
		  uint32_t count, struct row_element **out, size_t *out_count)
{
	const struct dim *dim = pruner->levels[depth].dim;
	size_t cut_count = 0;
	OWN_MEM uint32_t *cuts = find_cuts(dim, list, count, &cut_count);
	OWN_MEM struct part *parts = calloc(cut_count + 1, sizeof(*parts));
	OWN_MEM struct row_element *row = calloc(cut_count + 1, sizeof(*row));
	int result;

	if (!cuts || !parts || !row)
		return -ENOMEM;
	result = put_boxes(pruner, depth, list, count, cuts, cut_count, parts,
			   true);
	if (!result)
		result = make_lists(pruner, parts, cut_count);
	if (!result)
		result = put_boxes(pruner, depth, list, count, cuts, cut_count,
				   parts, false);
	for (size_t i = 0; i < cut_count && !result; i++) {
		row[i].start = cuts[i];
		result = value_of(pruner, depth + 1, parts[i].list,
				  parts[i].count, &row[i].value);
	}
	if (result)
		return result;
	*out = take(row);
	*out_count = cut_count;
	return 0;
}

static size_t bytes_of(const struct pruner *pruner)
{
	size_t bytes = 0;

	for (size_t i = 0; i < pruner->level_count; i++)
		bytes += rows_bytes(&pruner->levels[i].rows);
	return bytes;
}

static int add_row(struct pruner *pruner, size_t depth, const uint32_t *list,
		   uint32_t count, uint32_t *value)
{
	OWN_MEM struct row_element *row = NULL;
	size_t row_count;
	int result = divide(pruner, depth, list, count, &row, &row_count);

	if (!result)
		result = rows_add(&pruner->levels[depth].rows, row, row_count,
				  value);
	if (!result && bytes_of(pruner) > pruner->max_bytes)
		result = -E2BIG;
	return result;
}

static uint32_t found(const struct pruner *pruner, const uint32_t *list,
		      uint32_t count)
{
	const struct boxes *boxes = pruner->input->boxes;
	bool is_alone = pruner->input->is_alone;

	if (!count)
		return is_alone ? 0 : boxes->count;
	return is_alone ? boxes->list[list[0]].outcome : list[0];
}

/* Boxes at the end of a list that pass do what the list's end does. */
static uint32_t without_passing_end(const struct pruner *pruner,
				    const uint32_t *list, uint32_t count)
{
	const struct box *boxes = pruner->input->boxes->list;

	while (pruner->input->is_alone && count &&
	       boxes[list[count - 1]].outcome == 0)
		count--;
	return count;
}

/* Where these boxes are divided by the level, or at the end what is found. */
static int value_of(struct pruner *pruner, size_t depth, const uint32_t *list,
		    uint32_t count, uint32_t *value)
{
	struct level *level = &pruner->levels[depth];
	uint64_t hash;

	count = without_passing_end(pruner, list, count);
	if (depth == pruner->level_count) {
		*value = found(pruner, list, count);
		return 0;
	}
	hash = hash_list(list, count);
	if (grow_known(level))
		return -ENOMEM;

	const struct known *known = find_known(level, list, count, hash);
	if (known->list) {
		*value = known->value;
		return 0;
	}
	int result = add_row(pruner, depth, list, count, value);
	if (result)
		return result;
	*find_known(level, list, count, hash) = (struct known){
		.list = list,
		.count = count,
		.value = *value,
		.hash = hash,
	};
	level->count++;
	return 0;
}

/* The first level is a table by class: it needs no search. */
static int emit_first(struct emitter *emitter, const struct pruner *pruner,
		      const struct row_element *row, size_t count)
{
	size_t class_count = pruner->levels[0].dim->class_count, at = 0;
	OWN_MEM uint32_t *values = calloc(class_count, sizeof(*values));

	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < class_count; i++) {
		if (at + 1 < count && row[at + 1].start <= i)
			at++;
		values[i] = row[at].value;
	}
	emitter_restore(emitter, BPF_REG_2, pruner->input->slots[0]);
	emitter_load(emitter,
		     emitter_table(emitter, "first", values, class_count),
		     BPF_REG_2);
	return 0;
}

static int emit_levels(struct emitter *emitter, const struct pruner *pruner)
{
	static const char *const names[] = { "", "second", "third" };
	struct code *code = &emitter->code;

	for (size_t i = 1; i < pruner->level_count; i++) {
		int result;

		code_move_reg(code, BPF_REG_2, BPF_REG_0);
		emitter_restore(emitter, BPF_REG_8, pruner->input->slots[i]);
		result = rows_emit(emitter, names[i], &pruner->levels[i].rows);
		if (result)
			return result;
	}
	return 0;
}

static int emit(struct emitter *emitter, struct pruner *pruner)
{
	const struct chain_input *input = pruner->input;
	OWN_MEM struct row_element *row = NULL;
	size_t row_count;
	int result =
		divide(pruner, 0, input->list, input->count, &row, &row_count);

	if (!result)
		result = emit_first(emitter, pruner, row, row_count);
	return result ? result : emit_levels(emitter, pruner);
}

int chain_emit(struct emitter *emitter, const struct chain_input *input)
{
	OWN(arena) struct arena *arena = arena_make();
	struct pruner pruner = {
		.input = input,
		.arena = arena,
		.level_count = input->level_count,
		.max_bytes = emitter->max_bytes,
	};
	int result;

	if (!arena)
		return -ENOMEM;
	for (size_t i = 0; i < input->level_count; i++)
		pruner.levels[i].dim = input->dims[i];
	result = emit(emitter, &pruner);
	for (size_t i = 0; i < input->level_count; i++)
		level_free(&pruner.levels[i]);
	if (!result && emitter_is_full(emitter, 0))
		return -E2BIG;
	return result;
}
