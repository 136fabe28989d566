// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "bpf/lookup.h"
#include "bpf/match.h"

/* A table by value: two bytes at most. */
static int emit_direct(struct emitter *emitter, const struct dim *dim, u128 max)
{
	size_t count = (size_t)max + 1, number = 0;
	OWN_MEM uint32_t *classes = calloc(count, sizeof(*classes));
	uint32_t table;

	if (!classes)
		return -ENOMEM;
	for (size_t value = 0; value < count; value++) {
		if (number + 1 < dim->size && dim->starts[number + 1] <= value)
			number++;
		classes[value] = dim->class_of[number];
	}
	table = emitter_table(emitter, field_name(dim->field), classes, count);
	match_load(&emitter->code, dim->field, BPF_REG_6, BPF_REG_2);
	emitter_load(emitter, table, BPF_REG_2);
	return 0;
}

static double total(const struct cost *cost)
{
	return cost->hot + cost->random;
}

/* The cheaper one; what is written then is rewound, to be written again. */
static int emit_cheapest(struct emitter *emitter, const struct dim *dim,
			 enum family family)
{
	const struct lookup *const lookups[] = { &lookup_trie, &lookup_search };
	const struct lookup *best = NULL;
	struct emitter_mark mark = emitter_mark(emitter);
	double best_cost = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lookups); i++) {
		int result = lookups[i]->emit(emitter, dim, family);
		double cost = total(&emitter->cost);

		emitter_rewind(emitter, &mark);
		if (result == -E2BIG)
			continue;
		if (result)
			return result;
		if (best && cost >= best_cost)
			continue;
		best = lookups[i];
		best_cost = cost;
	}
	return best ? best->emit(emitter, dim, family) : -E2BIG;
}

static int emit_field(struct emitter *emitter, const struct dim *dim,
		      enum family family)
{
	u128 max = field_max(dim->field, family);

	return max <= UINT16_MAX ? emit_direct(emitter, dim, max)
				 : emit_cheapest(emitter, dim, family);
}

int lookup_emit_index(struct emitter *emitter, const struct dim *a,
		      const struct dim *b, enum family family)
{
	struct code *code = &emitter->code;
	int16_t slot = emitter_slot(emitter);
	int result = lookup_emit(emitter, a, family);

	if (result)
		return result;
	if (!b) {
		code_move_reg(code, BPF_REG_2, BPF_REG_0);
		return 0;
	}
	emitter_save(emitter, BPF_REG_0, slot);
	result = lookup_emit(emitter, b, family);
	emitter_restore(emitter, BPF_REG_2, slot);
	code_math(code, CODE_64, BPF_MUL, BPF_REG_2, b->class_count);
	code_math_reg(code, CODE_64, BPF_ADD, BPF_REG_2, BPF_REG_0);
	return result;
}

static int emit_pair(struct emitter *emitter, const struct dim *dim,
		     enum family family)
{
	int result = lookup_emit_index(emitter, dim->a, dim->b, family);

	if (result)
		return result;
	emitter_load(emitter,
		     emitter_table(emitter, "pairs", dim->class_of, dim->size),
		     BPF_REG_2);
	return 0;
}

int lookup_emit(struct emitter *emitter, const struct dim *dim,
		enum family family)
{
	int result = dim->starts ? emit_field(emitter, dim, family)
				 : emit_pair(emitter, dim, family);

	if (!result && emitter_is_full(emitter, 0))
		return -E2BIG;
	return result;
}
