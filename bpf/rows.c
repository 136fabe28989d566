// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "bpf/emitter.h"
#include "bpf/rows.h"
#include "bpf/target.h"

void rows_free(struct rows *rows)
{
	free(rows->list);
	free(rows->buckets);
}

static int reserve(struct rows *rows, size_t count)
{
	size_t room = rows->room ? rows->room : 256;
	struct row_element *list;

	while (room < rows->count + count)
		room *= 2;
	if (room == rows->room)
		return 0;
	list = reallocarray(rows->list, room, sizeof(*list));
	if (!list)
		return -ENOMEM;
	rows->list = list;
	rows->room = room;
	return 0;
}

static uint64_t hash_row(const struct row_element *row)
{
	uint64_t hash = 1;

	for (uint64_t i = 0; i <= row->start; i++) {
		uint64_t start = i ? row[i].start : row->start;

		hash = (hash ^ start) * 0x9e3779b97f4a7c15;
		hash = (hash ^ hash >> 29 ^ row[i].value) * 0xbf58476d1ce4e5b9;
		hash ^= hash >> 31;
	}
	return hash;
}

static bool is_same_row(const struct row_element *a,
			const struct row_element *b)
{
	if (a->start != b->start)
		return false;
	for (uint64_t i = 0; i <= a->start; i++) {
		if (a[i].start != b[i].start || a[i].value != b[i].value)
			return false;
	}
	return true;
}

static void put_in_bucket(struct rows *rows, uint32_t at)
{
	size_t mask = rows->bucket_count - 1;
	size_t i = hash_row(&rows->list[at]) & mask;

	while (rows->buckets[i])
		i = (i + 1) & mask;
	rows->buckets[i] = at + 1;
}

static int grow_buckets(struct rows *rows)
{
	size_t count = rows->bucket_count ? 2 * rows->bucket_count : 64;
	uint32_t *old = rows->buckets;

	if (2 * rows->row_count < rows->bucket_count)
		return 0;
	rows->buckets = calloc(count, sizeof(*rows->buckets));
	if (!rows->buckets) {
		rows->buckets = old;
		return -ENOMEM;
	}
	rows->bucket_count = count;
	for (size_t at = 0; at < rows->count; at += 1 + rows->list[at].start)
		put_in_bucket(rows, at);
	free(old);
	return 0;
}

/* The same row, written before; UINT32_MAX: none. */
static uint32_t find_row(const struct rows *rows, const struct row_element *row)
{
	size_t mask = rows->bucket_count - 1, i = hash_row(row) & mask;

	for (; rows->buckets[i]; i = (i + 1) & mask) {
		uint32_t at = rows->buckets[i] - 1;

		if (is_same_row(&rows->list[at], row))
			return at;
	}
	return UINT32_MAX;
}

int rows_add(struct rows *rows, const struct row_element *stretches,
	     size_t count, uint32_t *at)
{
	struct row_element *row;
	uint32_t known;

	if (reserve(rows, count) || grow_buckets(rows))
		return -ENOMEM;
	row = &rows->list[rows->count];
	*row = (struct row_element){ 0, stretches[0].value };
	for (size_t i = 1; i < count; i++) {
		if (stretches[i].value == row[row->start].value)
			continue;
		row[++row->start] = stretches[i];
	}
	known = find_row(rows, row);
	if (known != UINT32_MAX) {
		*at = known;
		return 0;
	}
	*at = rows->count;
	rows->count += 1 + row->start;
	rows->row_count++;
	if (row->start > rows->longest)
		rows->longest = row->start;
	put_in_bucket(rows, *at);
	return 0;
}

static size_t element_size(const struct rows *rows)
{
	return rows->is_wide ? 16 : 8;
}

static unsigned int step_count(const struct rows *rows)
{
	unsigned int steps = 0;

	for (uint32_t left = rows->longest; left; left /= 2)
		steps++;
	return steps;
}

/* Behind the last row: as far as the verifier thinks that a search may get. */
static size_t slack(const struct rows *rows)
{
	return rows->longest ? rows->longest + step_count(rows) + 1 : 0;
}

size_t rows_bytes(const struct rows *rows)
{
	return element_size(rows) * (rows->count + slack(rows));
}

static void *pack(struct arena *arena, const struct rows *rows)
{
	uint8_t *data = arena_alloc(arena, rows_bytes(rows));

	for (size_t i = 0; data && i < rows->count; i++) {
		const struct row_element *element = &rows->list[i];
		uint32_t narrow[2] = { element->start, element->value };
		uint64_t wide[2] = { element->start, element->value };

		memcpy(data + i * element_size(rows),
		       rows->is_wide ? (void *)wide : (void *)narrow,
		       element_size(rows));
	}
	return data;
}

/* r4 = all bits set if the number at r2 is not above r8; r9 is r8 + 1. */
static void compare_narrow(struct code *code)
{
	code_load(code, BPF_W, BPF_REG_4, BPF_REG_2, 0);
	code_math_reg(code, CODE_64, BPF_SUB, BPF_REG_4, BPF_REG_9);
	code_math(code, CODE_64, BPF_ARSH, BPF_REG_4, 63);
}

/*
 * The same for 64 bits: r8 is below s exactly if the upper bit of
 * (~r8 & s) | ((~r8 | s) & (r8 - s)) is set (Warren, "Hacker's Delight",
 * 2-12); r9 is ~r8.
 */
static void compare_wide(struct code *code)
{
	code_load(code, BPF_DW, BPF_REG_4, BPF_REG_2, 0);
	code_move_reg(code, BPF_REG_1, BPF_REG_8);
	code_math_reg(code, CODE_64, BPF_SUB, BPF_REG_1, BPF_REG_4);
	code_move_reg(code, BPF_REG_2, BPF_REG_9);
	code_math_reg(code, CODE_64, BPF_OR, BPF_REG_2, BPF_REG_4);
	code_math_reg(code, CODE_64, BPF_AND, BPF_REG_1, BPF_REG_2);
	code_math_reg(code, CODE_64, BPF_AND, BPF_REG_4, BPF_REG_9);
	code_math_reg(code, CODE_64, BPF_OR, BPF_REG_4, BPF_REG_1);
	code_math(code, CODE_64, BPF_ARSH, BPF_REG_4, 63);
	code_math(code, CODE_64, BPF_XOR, BPF_REG_4, -1);
}

static void prepare_key(struct code *code, bool is_wide)
{
	code_move_reg(code, BPF_REG_9, BPF_REG_8);
	if (is_wide)
		code_math(code, CODE_64, BPF_XOR, BPF_REG_9, -1);
	else
		code_math(code, CODE_64, BPF_ADD, BPF_REG_9, 1);
}

/*
 * Halve the stretches that are left, r5, without a branch on what was compared
 * (it could not be foreseen): go ahead by the upper half, or by nothing.
 */
static void emit_step(struct code *code, const struct rows *rows, uint32_t done)
{
	code_branch(code, CODE_64, BPF_JEQ, BPF_REG_5, 0, done);
	code_move_reg(code, BPF_REG_3, BPF_REG_5);
	code_math(code, CODE_64, BPF_ADD, BPF_REG_3, 1);
	code_math(code, CODE_64, BPF_RSH, BPF_REG_3, 1);
	code_math(code, CODE_64, BPF_RSH, BPF_REG_5, 1);
	code_math(code, CODE_64, BPF_LSH, BPF_REG_3,
		  __builtin_ctzl(element_size(rows)));
	code_move_reg(code, BPF_REG_2, BPF_REG_0);
	code_math_reg(code, CODE_64, BPF_ADD, BPF_REG_2, BPF_REG_3);
	if (rows->is_wide)
		compare_wide(code);
	else
		compare_narrow(code);
	code_math_reg(code, CODE_64, BPF_AND, BPF_REG_3, BPF_REG_4);
	code_math_reg(code, CODE_64, BPF_ADD, BPF_REG_0, BPF_REG_3);
}

/* How often a search halves on average, if each stretch is as likely. */
static double mean_steps(const struct rows *rows)
{
	double steps = 0;

	for (size_t at = 0; at < rows->count; at += 1 + rows->list[at].start) {
		uint64_t length = 1 + rows->list[at].start;

		for (uint64_t left = length; left > 1; left /= 2)
			steps += length;
	}
	return rows->count ? steps / rows->count : 0;
}

static void pay(struct emitter *emitter, const struct rows *rows)
{
	double steps = mean_steps(rows);

	emitter_pay_read(emitter, rows_bytes(rows));
	emitter_pay_insns(emitter, 8);
	for (; steps >= 1; steps--) {
		emitter_pay_insns(emitter, rows->is_wide ? 18 : 11);
		/* The last ones are in one line of the cache. */
		emitter_pay_read(emitter, steps > 3 ? rows_bytes(rows) : 1);
	}
}

int rows_emit(struct emitter *emitter, const char *name,
	      const struct rows *rows)
{
	struct code *code = &emitter->code;
	uint32_t done = code_label(code), table;
	bool is_wide = rows->is_wide;
	void *data;

	if (rows->longest && !emitter->target->has_direct_values)
		return -E2BIG;
	if (emitter_is_full(emitter, rows_bytes(rows)))
		return -E2BIG;
	data = pack(emitter->arena, rows);
	if (!data)
		return -ENOMEM;
	table = tables_add(&emitter->tables, name, element_size(rows),
			   rows->count + slack(rows), data);
	tables_find_run(code, &emitter->tables, emitter->target, table,
			BPF_REG_2, 1 + slack(rows), emitter->miss);
	if (rows->longest) {
		prepare_key(code, is_wide);
		code_load(code, is_wide ? BPF_DW : BPF_W, BPF_REG_5, BPF_REG_0,
			  0);
		code_branch(code, CODE_64, BPF_JGT, BPF_REG_5, rows->longest,
			    emitter->miss);
		for (unsigned int i = step_count(rows); i > 0; i--)
			emit_step(code, rows, done);
	}
	code_place(code, done);
	code_load(code, BPF_W, BPF_REG_0, BPF_REG_0, is_wide ? 8 : 4);
	pay(emitter, rows);
	return 0;
}
