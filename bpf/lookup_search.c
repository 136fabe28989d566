// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binary search among the sorted starts of all stretches of values, begun where
 * an index of the upper bits says: DXR (Zec, Rizzo and Mikuc, "DXR: Towards a
 * Billion Routing Lookups per Second in Software", CCR 2012). Eight bytes per
 * stretch however addresses are scattered, and one or two caches lines behind
 * the index. All searches take the same number of steps, as many as the most
 * crowded place needs, without a branch that could be foreseen wrongly: what
 * lies behind a place is larger, so that going beyond it changes nothing.
 *
 * IPv6: search for the upper half; where networks longer than /64 divide it,
 * the lower half is looked up in a row of its own (bpf/rows.c).
 */
#include <errno.h>
#include <stdlib.h>

#include "bpf/lookup.h"
#include "bpf/match.h"
#include "bpf/rows.h"
#include "bpf/target.h"

/* Stretches of a number of up to 64 bits. */
struct stretches {
	struct row_element *list; /* sorted; the first one starts at 0 */
	size_t count;
	bool is_wide; /* more than 32 bits */
};

/*
 * Where to begin, the last stretch that starts at or before the first value of
 * a place. Numbers of 32 bits: place value >> shift. Wider ones: place 0 is for
 * values below @base, 1 + ((value - base) >> shift) for others, the last one for
 * all beyond it.
 */
struct search_index {
	uint64_t base;
	unsigned int shift;
	uint32_t *places;
	size_t count;
	unsigned int steps; /* of the search behind it */
};

#define INDEX_BITS_MIN 4
#define INDEX_BITS_MAX 20

/* As many places as stretches: on average one or two for each. */
static unsigned int index_bits(size_t count)
{
	unsigned int bits = INDEX_BITS_MIN;

	while (bits < INDEX_BITS_MAX && (size_t)1 << bits < count)
		bits++;
	return bits;
}

/* Base, shift and number of places. */
static void index_layout(const struct stretches *stretches,
			 struct search_index *index)
{
	unsigned int bits = index_bits(stretches->count);
	uint64_t span = UINT32_MAX;

	*index = (struct search_index){ 0 };
	if (stretches->is_wide && stretches->count > 1) {
		index->base = stretches->list[1].start;
		span = stretches->list[stretches->count - 1].start -
		       index->base;
	}
	while (span >> index->shift >= (uint64_t)1 << bits)
		index->shift++;
	index->count = (span >> index->shift) + 1 + stretches->is_wide;
}

static uint64_t first_value(const struct search_index *index, bool is_wide,
			    size_t place)
{
	if (!is_wide)
		return (uint64_t)place << index->shift;
	return place ? index->base + ((uint64_t)(place - 1) << index->shift)
		     : 0;
}

static int index_make(const struct stretches *stretches,
		      struct search_index *index)
{
	size_t at = 0, crowd = 0;

	index_layout(stretches, index);
	index->places = calloc(index->count, sizeof(*index->places));
	if (!index->places)
		return -ENOMEM;
	for (size_t i = 0; i < index->count; i++) {
		uint64_t first = first_value(index, stretches->is_wide, i);
		size_t before = at;

		while (at + 1 < stretches->count &&
		       stretches->list[at + 1].start <= first)
			at++;
		index->places[i] = at;
		if (at - before > crowd)
			crowd = at - before;
	}
	if (stretches->count - 1 - at > crowd)
		crowd = stretches->count - 1 - at;
	while ((size_t)1 << index->steps <= crowd)
		index->steps++;
	return 0;
}

static size_t element_size(const struct stretches *stretches)
{
	return stretches->is_wide ? 16 : 8;
}

/* Behind the last one stand copies of it, for steps that go too far. */
static uint32_t add_table(struct emitter *emitter,
			  const struct stretches *stretches, size_t slack)
{
	size_t size = element_size(stretches), count = stretches->count + slack;
	uint8_t *data = arena_alloc(emitter->arena, size * count);

	if (!data) {
		emitter->tables.has_failed = true;
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		size_t from = i < stretches->count ? i : stretches->count - 1;
		const struct row_element *element = &stretches->list[from];

		if (stretches->is_wide) {
			((uint64_t *)data)[2 * i] = element->start;
			((uint64_t *)data)[2 * i + 1] = element->value;
		} else {
			((uint32_t *)data)[2 * i] = element->start;
			((uint32_t *)data)[2 * i + 1] = element->value;
		}
	}
	return tables_add(&emitter->tables, "stretches", size, count, data);
}

/* r2 = the place in the index for r7. */
static void emit_place(struct code *code, const struct search_index *index,
		       bool is_wide)
{
	uint32_t above = code_label(code), within = code_label(code);

	code_move_reg(code, BPF_REG_2, BPF_REG_7);
	if (!is_wide) {
		code_math(code, CODE_64, BPF_RSH, BPF_REG_2, index->shift);
		return;
	}
	code_set(code, BPF_REG_3, index->base);
	code_branch_reg(code, CODE_64, BPF_JGE, BPF_REG_2, BPF_REG_3, above);
	code_move(code, BPF_REG_2, 0);
	code_goto(code, within);
	code_place(code, above);
	code_math_reg(code, CODE_64, BPF_SUB, BPF_REG_2, BPF_REG_3);
	if (index->shift)
		code_math(code, CODE_64, BPF_RSH, BPF_REG_2, index->shift);
	code_math(code, CODE_64, BPF_ADD, BPF_REG_2, 1);
	code_branch(code, CODE_64, BPF_JLT, BPF_REG_2, index->count, within);
	code_move(code, BPF_REG_2, index->count - 1);
	code_place(code, within);
}

/*
 * r0 goes @half elements ahead if the one there is not above r7. r8 is r7 + 1,
 * or ~r7 for wide numbers; how they are compared: bpf/rows.c.
 */
static void emit_step(struct code *code, unsigned int half, bool is_wide)
{
	int32_t ahead = half * (is_wide ? 16 : 8);
	uint8_t size = is_wide ? BPF_DW : BPF_W;

	if (ahead <= INT16_MAX) {
		code_load(code, size, BPF_REG_4, BPF_REG_0, ahead);
	} else {
		code_move_reg(code, BPF_REG_2, BPF_REG_0);
		code_math(code, CODE_64, BPF_ADD, BPF_REG_2, ahead);
		code_load(code, size, BPF_REG_4, BPF_REG_2, 0);
	}
	if (is_wide) {
		code_move_reg(code, BPF_REG_1, BPF_REG_7);
		code_math_reg(code, CODE_64, BPF_SUB, BPF_REG_1, BPF_REG_4);
		code_move_reg(code, BPF_REG_2, BPF_REG_8);
		code_math_reg(code, CODE_64, BPF_OR, BPF_REG_2, BPF_REG_4);
		code_math_reg(code, CODE_64, BPF_AND, BPF_REG_1, BPF_REG_2);
		code_math_reg(code, CODE_64, BPF_AND, BPF_REG_4, BPF_REG_8);
		code_math_reg(code, CODE_64, BPF_OR, BPF_REG_4, BPF_REG_1);
		code_math(code, CODE_64, BPF_ARSH, BPF_REG_4, 63);
		code_math(code, CODE_64, BPF_XOR, BPF_REG_4, -1);
	} else {
		code_math_reg(code, CODE_64, BPF_SUB, BPF_REG_4, BPF_REG_8);
		code_math(code, CODE_64, BPF_ARSH, BPF_REG_4, 63);
	}
	code_math(code, CODE_64, BPF_AND, BPF_REG_4, ahead);
	code_math_reg(code, CODE_64, BPF_ADD, BPF_REG_0, BPF_REG_4);
}

static void pay(struct emitter *emitter, const struct stretches *stretches,
		unsigned int steps)
{
	size_t bytes = stretches->count * element_size(stretches);

	emitter_pay_read(emitter, bytes);
	for (unsigned int i = 0; i < steps; i++) {
		/* The last ones are in one line of the cache. */
		emitter_pay_read(emitter, i + 3 < steps ? bytes : 1);
		emitter_pay_insns(emitter, stretches->is_wide ? 12 : 5);
	}
}

/* r0 = the value for r7. */
static int emit_search(struct emitter *emitter,
		       const struct stretches *stretches)
{
	struct code *code = &emitter->code;
	bool is_wide = stretches->is_wide;
	struct search_index index;
	int result = index_make(stretches, &index);
	OWN_MEM uint32_t *places = index.places;
	uint32_t slack = 1U << index.steps, place_table, table;

	if (result)
		return result;
	if (emitter_is_full(emitter,
			    stretches->count * element_size(stretches)))
		return -E2BIG;
	place_table = emitter_table(emitter, "places", places, index.count);
	table = add_table(emitter, stretches, slack);
	emit_place(code, &index, is_wide);
	emitter_load(emitter, place_table, BPF_REG_2);
	code_move_reg(code, BPF_REG_2, BPF_REG_0);
	tables_find_run(code, &emitter->tables, emitter->target, table,
			BPF_REG_2, slack, emitter->miss);
	code_move_reg(code, BPF_REG_8, BPF_REG_7);
	if (is_wide)
		code_math(code, CODE_64, BPF_XOR, BPF_REG_8, -1);
	else
		code_math(code, CODE_64, BPF_ADD, BPF_REG_8, 1);
	for (unsigned int i = index.steps; i-- > 0;)
		emit_step(code, 1U << i, is_wide);
	code_load(code, BPF_W, BPF_REG_0, BPF_REG_0, is_wide ? 8 : 4);
	pay(emitter, stretches, index.steps);
	return 0;
}

/* Of a field with one word. */
static int emit_word(struct emitter *emitter, const struct dim *dim, u128 max)
{
	OWN_MEM struct row_element *list = calloc(dim->size, sizeof(*list));
	struct stretches stretches = {
		.list = list,
		.count = dim->size,
		.is_wide = max > UINT32_MAX,
	};

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < dim->size; i++)
		list[i] = (struct row_element){ dim->starts[i],
						dim->class_of[i] };
	match_load(&emitter->code, dim->field, BPF_REG_6, BPF_REG_7);
	return emit_search(emitter, &stretches);
}

/* Stretches of the upper halves; those that are divided have a row. */
struct halves {
	struct row_element *uppers;
	size_t count;
	struct rows lowers;
};

/*
 * All numbers of a dimension from @first on with one upper half. The stretch
 * that begins with it is one class, or a row by the lower half; what follows
 * the upper half goes on with its last class. Returns how many they are.
 */
static int add_upper(const struct dim *dim, size_t first, struct halves *halves,
		     size_t *taken)
{
	uint64_t upper = dim->starts[first] >> 64;
	OWN_MEM struct row_element *lowers = NULL;
	bool is_whole = (uint64_t)dim->starts[first] == 0;
	size_t count = 0, last = first;
	uint32_t at = 0;

	while (last + 1 < dim->size && dim->starts[last + 1] >> 64 == upper)
		last++;
	*taken = last - first + 1;
	if (is_whole && last == first) {
		halves->uppers[halves->count++] =
			(struct row_element){ upper, dim->class_of[first] };
		return 0;
	}
	lowers = calloc(*taken + 1, sizeof(*lowers));
	if (!lowers)
		return -ENOMEM;
	if (!is_whole)
		lowers[count++].value = dim->class_of[first - 1];
	for (size_t i = first; i <= last; i++)
		lowers[count++] = (struct row_element){ dim->starts[i],
							dim->class_of[i] };
	if (rows_add(&halves->lowers, lowers, count, &at))
		return -ENOMEM;
	halves->uppers[halves->count++] =
		(struct row_element){ upper, dim->class_count + at };
	if (upper != UINT64_MAX &&
	    (last + 1 == dim->size || dim->starts[last + 1] >> 64 > upper + 1))
		halves->uppers[halves->count++] =
			(struct row_element){ upper + 1, dim->class_of[last] };
	return 0;
}

static int divide_halves(const struct dim *dim, struct halves *halves)
{
	size_t taken;

	for (size_t i = 0; i < dim->size; i += taken) {
		int result = add_upper(dim, i, halves, &taken);

		if (result)
			return result;
	}
	return 0;
}

static int emit_halves(struct emitter *emitter, const struct dim *dim,
		       const struct halves *halves)
{
	struct code *code = &emitter->code;
	struct stretches stretches = {
		.list = halves->uppers,
		.count = halves->count,
		.is_wide = true,
	};
	uint32_t done = code_label(code);
	int result;

	match_load_high(code, dim->field, BPF_REG_6, BPF_REG_7);
	result = emit_search(emitter, &stretches);
	if (!result && halves->lowers.count) {
		code_branch(code, CODE_64, BPF_JLT, BPF_REG_0, dim->class_count,
			    done);
		code_move_reg(code, BPF_REG_2, BPF_REG_0);
		code_math(code, CODE_64, BPF_SUB, BPF_REG_2, dim->class_count);
		match_load(code, dim->field, BPF_REG_6, BPF_REG_8);
		result = rows_emit(emitter, "lower halves", &halves->lowers);
	}
	code_place(code, done);
	return result;
}

/* Of an IPv6 address. */
static int emit_words(struct emitter *emitter, const struct dim *dim)
{
	OWN_MEM struct row_element *uppers =
		calloc(2 * dim->size, sizeof(*uppers));
	struct halves halves = {
		.uppers = uppers,
		.lowers = { .is_wide = true },
	};
	int result = uppers ? divide_halves(dim, &halves) : -ENOMEM;

	if (!result)
		result = emit_halves(emitter, dim, &halves);
	rows_free(&halves.lowers);
	return result;
}

static int search_emit(struct emitter *emitter, const struct dim *dim,
		       enum family family)
{
	u128 max = field_max(dim->field, family);

	if (!emitter->target->has_direct_values)
		return -E2BIG;
	return max > UINT64_MAX ? emit_words(emitter, dim)
				: emit_word(emitter, dim, max);
}

const struct lookup lookup_search = {
	.name = "search",
	.emit = search_emit,
};
