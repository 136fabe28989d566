// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trie of 16, 8 and 8 bits for IPv4 addresses: at most three reads that
 * depend on each other, one where a whole /16 is of one class. Gupta, Lin and
 * McKeown, "Routing Lookups in Hardware at Memory Access Speeds" (INFOCOM
 * 1998) have 24 and 8 bits, one read less for 64 MB; with 16 bits the first
 * table stays in the second cache. A block of 256 entries stands for a /16 or
 * /24 that is divided, so addresses that lie together (as networks do) need
 * little; a hundred thousand scattered ones need a hundred megabytes, and
 * lookup_search is for those.
 */
#include <errno.h>
#include <stdlib.h>

#include "bpf/lookup.h"
#include "bpf/match.h"

#define BITS	   32
#define FIRST_BITS 16
#define BLOCK_BITS 8

/*
 * An entry below the number of classes is one of them, another one is the
 * number of a block of the next level.
 */
struct level {
	uint32_t *entries;
	size_t count, room;
	unsigned int shift; /* of the address */
};

struct trie {
	struct level levels[3];
	const struct dim *dim;
	size_t max_entries;
};

static int add_entry(struct level *level, uint32_t entry, size_t max)
{
	if (level->count == level->room) {
		size_t room = level->room ? level->room * 2 : 65536;
		uint32_t *entries =
			reallocarray(level->entries, room, sizeof(*entries));

		if (!entries)
			return -ENOMEM;
		level->entries = entries;
		level->room = room;
	}
	level->entries[level->count++] = entry;
	return level->count > max ? -E2BIG : 0;
}

/* The numbers of a dimension from @first on that lie in first..last at all:
 * is there more than one class? */
static bool is_divided(const struct dim *dim, size_t number, uint32_t last)
{
	uint32_t class = dim->class_of[number];

	for (; number + 1 < dim->size && dim->starts[number + 1] <= last;
	     number++) {
		if (dim->class_of[number + 1] != class)
			return true;
	}
	return false;
}

/* The entries of one block, whose addresses begin with @first; what is divided
 * gets a block in the next level. @number is that of @first. */
static int add_block(struct trie *trie, unsigned int depth, uint32_t first,
		     size_t number)
{
	const struct dim *dim = trie->dim;
	struct level *level = &trie->levels[depth];
	unsigned int bits = depth ? BLOCK_BITS : FIRST_BITS;
	uint32_t span = (1U << level->shift) - 1;
	size_t at = level->count;
	int result = 0;

	/* Blocks are whole before those of the next level are filled. */
	for (uint32_t i = 0; i < 1U << bits && !result; i++)
		result = add_entry(level, 0, trie->max_entries);
	for (uint32_t i = 0; i < 1U << bits && !result; i++) {
		uint32_t base = first + (i << level->shift);

		while (number + 1 < dim->size &&
		       dim->starts[number + 1] <= base)
			number++;
		if (!level->shift || !is_divided(dim, number, base + span)) {
			level->entries[at + i] = dim->class_of[number];
			continue;
		}
		level->entries[at + i] =
			dim->class_count +
			(trie->levels[depth + 1].count >> BLOCK_BITS);
		result = add_block(trie, depth + 1, base, number);
	}
	return result;
}

/* r0 = the entry of the next level's block r0 for the byte at @shift of r7. */
static void emit_step(struct emitter *emitter, uint32_t table,
		      unsigned int shift, size_t class_count)
{
	struct code *code = &emitter->code;

	code_move_reg(code, BPF_REG_2, BPF_REG_0);
	code_math(code, CODE_64, BPF_SUB, BPF_REG_2, class_count);
	code_math(code, CODE_64, BPF_LSH, BPF_REG_2, BLOCK_BITS);
	code_move_reg(code, BPF_REG_3, BPF_REG_7);
	if (shift)
		code_math(code, CODE_64, BPF_RSH, BPF_REG_3, shift);
	code_math(code, CODE_64, BPF_AND, BPF_REG_3, 0xff);
	code_math_reg(code, CODE_64, BPF_OR, BPF_REG_2, BPF_REG_3);
	emitter_load(emitter, table, BPF_REG_2);
}

static void emit(struct emitter *emitter, const struct trie *trie)
{
	static const char *const names[] = { "trie/16", "trie/24", "trie/32" };
	struct code *code = &emitter->code;
	uint32_t done = code_label(code);

	match_load(code, trie->dim->field, BPF_REG_6, BPF_REG_7);
	for (int depth = 0; depth < 3 && trie->levels[depth].count; depth++) {
		const struct level *level = &trie->levels[depth];
		uint32_t table = emitter_table(emitter, names[depth],
					       level->entries, level->count);

		if (depth) {
			code_branch(code, CODE_64, BPF_JLT, BPF_REG_0,
				    trie->dim->class_count, done);
			emit_step(emitter, table, level->shift,
				  trie->dim->class_count);
			continue;
		}
		code_move_reg(code, BPF_REG_2, BPF_REG_7);
		code_math(code, CODE_64, BPF_RSH, BPF_REG_2, level->shift);
		emitter_load(emitter, table, BPF_REG_2);
	}
	code_place(code, done);
}

static int trie_emit(struct emitter *emitter, const struct dim *dim,
		     enum family family)
{
	struct trie trie = {
		.levels = { { .shift = 16 }, { .shift = 8 }, { .shift = 0 } },
		.dim = dim,
		.max_entries = emitter->max_bytes / sizeof(uint16_t),
	};
	int result;

	if (field_max(dim->field, family) != UINT32_MAX)
		return -E2BIG;
	result = add_block(&trie, 0, 0, 0);
	if (!result)
		emit(emitter, &trie);
	for (int depth = 0; depth < 3; depth++)
		free(trie.levels[depth].entries);
	if (!result && emitter_is_full(emitter, 0))
		return -E2BIG;
	return result;
}

const struct lookup lookup_trie = {
	.name = "trie",
	.emit = trie_emit,
};
