// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which chains (bpf/chain.c) for which boxes. `chain` is one for all. `parts`
 * are up to three, asked one after the other, and the first box of all that
 * they find decides: those of few destinations, begun by the destination; those
 * of few sources, begun by the source; those of many of both. So no box stands
 * in more rows than it has classes of the narrower address (separating wide
 * from narrow ranges: Vamanan, Voskuilen and Vijaykumar, "EffiCuts", SIGCOMM
 * 2010; partitioned RFC is of this kind, too).
 *
 * All but the addresses is one dimension, made as in RFC.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "bpf/chain.h"
#include "bpf/classifier.h"
#include "bpf/lookup.h"

/* Where the classes of a packet are on the stack. */
struct places {
	const struct axes *axes;
	int16_t slots[AXIS_COUNT];
};

/* Find the classes of the packet; all are found before any is used. */
static int emit_axes(struct emitter *emitter, const struct problem *problem,
		     struct places *places)
{
	const struct axes *axes = problem->axes;

	places->axes = axes;
	code_move_reg(&emitter->code, BPF_REG_6, BPF_REG_1);
	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		int result;

		if (!axes->dims[axis])
			continue;
		result = lookup_emit(emitter, axes->dims[axis],
				     problem->boxes->family);
		if (result)
			return result;
		places->slots[axis] = emitter_slot(emitter);
		emitter_save(emitter, BPF_REG_0, places->slots[axis]);
	}
	return 0;
}

/* A chain through the axes that there are, in this order. */
static void put_axes(const struct places *places, const enum axis *order,
		     struct chain_input *input)
{
	const struct dim *const *dims = places->axes->dims;

	input->level_count = 0;
	for (int i = 0; i < AXIS_COUNT; i++) {
		if (!dims[order[i]])
			continue;
		input->dims[input->level_count] = dims[order[i]];
		input->slots[input->level_count++] = places->slots[order[i]];
	}
}

static const enum axis by_daddr[] = { AXIS_DADDR, AXIS_SADDR, AXIS_REST };
static const enum axis by_saddr[] = { AXIS_SADDR, AXIS_DADDR, AXIS_REST };

static int emit_by(struct emitter *emitter, struct chain_input *input,
		   const struct places *places, const enum axis *order)
{
	put_axes(places, order, input);
	return chain_emit(emitter, input);
}

/* All boxes, by the order that is cheapest: which address comes first? */
static int emit_one(struct emitter *emitter, struct chain_input *input,
		    const struct places *places)
{
	const struct dim *const *dims = places->axes->dims;
	struct emitter_mark mark = emitter_mark(emitter);
	double first_cost, second_cost;
	int first, second;

	first = emit_by(emitter, input, places, by_daddr);
	if (!dims[AXIS_SADDR] || !dims[AXIS_DADDR] ||
	    (first && first != -E2BIG))
		return first;
	first_cost = emitter->cost.hot + emitter->cost.random;
	emitter_rewind(emitter, &mark);
	second = emit_by(emitter, input, places, by_saddr);
	second_cost = emitter->cost.hot + emitter->cost.random;
	if (first || (!second && second_cost < first_cost))
		return second;
	if (second && second != -E2BIG)
		return second;
	emitter_rewind(emitter, &mark);
	return emit_by(emitter, input, places, by_daddr);
}

static int chain_classifier_emit(struct emitter *emitter,
				 const struct problem *problem, size_t *kept)
{
	const struct boxes *boxes = problem->boxes;
	OWN_MEM uint32_t *all = calloc(boxes->count + 1, sizeof(*all));
	struct chain_input input = {
		.boxes = boxes,
		.list = all,
		.count = boxes->count,
		.is_alone = true,
	};
	struct places places;
	int result;

	if (!problem->axes || !problem->axes->count)
		return -E2BIG;
	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < boxes->count; i++)
		all[i] = i;
	result = emit_axes(emitter, problem, &places);
	if (!result)
		result = emit_one(emitter, &input, &places);
	if (result)
		return result;
	code_exit(&emitter->code);
	*kept = boxes->region_count;
	return 0;
}

const struct classifier classifier_chain = {
	.name = "chain",
	.sentence = "dimension after dimension, in short rows",
	.emit = chain_classifier_emit,
};

/* Classes of an address that a box is in, per thousand of all. */
static size_t width(const struct dim *dim, size_t box)
{
	const struct runs *runs = dim ? dim_asked(dim, box) : NULL;

	return runs ? runs_size(runs) * 1000 / dim->class_count : 1000;
}

enum part { PART_DADDR, PART_SADDR, PART_WIDE, PART_COUNT };

/* More of all classes than this is wide. */
#define WIDE 20

static enum part part_of(const struct axes *axes, size_t box)
{
	size_t source = width(axes->dims[AXIS_SADDR], box);
	size_t destination = width(axes->dims[AXIS_DADDR], box);

	if (source > WIDE && destination > WIDE)
		return PART_WIDE;
	return destination <= source ? PART_DADDR : PART_SADDR;
}

static const enum axis *const orders[PART_COUNT] = {
	[PART_DADDR] = by_daddr,
	[PART_SADDR] = by_saddr,
	[PART_WIDE] = by_saddr,
};

/* The lower of r0 and what is on the stack stays there. */
static void keep_lower(struct emitter *emitter, int16_t slot, bool is_first)
{
	uint32_t higher = code_label(&emitter->code);

	if (!is_first) {
		emitter_restore(emitter, BPF_REG_1, slot);
		code_branch_reg(&emitter->code, CODE_64, BPF_JGE, BPF_REG_0,
				BPF_REG_1, higher);
	}
	emitter_save(emitter, BPF_REG_0, slot);
	code_place(&emitter->code, higher);
}

/* From the first box to its outcome. */
static int emit_outcome(struct emitter *emitter, const struct boxes *boxes,
			int16_t slot)
{
	OWN_MEM uint32_t *outcomes =
		calloc(boxes->count + 1, sizeof(*outcomes));

	if (!outcomes)
		return -ENOMEM;
	for (size_t i = 0; i < boxes->count; i++)
		outcomes[i] = boxes->list[i].outcome;
	emitter_restore(emitter, BPF_REG_2, slot);
	emitter_load(emitter,
		     emitter_table(emitter, "outcomes", outcomes,
				   boxes->count + 1),
		     BPF_REG_2);
	code_exit(&emitter->code);
	return 0;
}

/* @list has room for all boxes. */
static int emit_part(struct emitter *emitter, const struct problem *problem,
		     const struct places *places, enum part part,
		     uint32_t *list, size_t *count)
{
	struct chain_input input = { .boxes = problem->boxes, .list = list };

	for (size_t i = 0; i < problem->boxes->count; i++) {
		if (part_of(problem->axes, i) == part)
			list[input.count++] = i;
	}
	*count = input.count;
	if (!input.count)
		return 0;
	put_axes(places, orders[part], &input);
	return chain_emit(emitter, &input);
}

static int parts_classifier_emit(struct emitter *emitter,
				 const struct problem *problem, size_t *kept)
{
	const struct boxes *boxes = problem->boxes;
	OWN_MEM uint32_t *list = calloc(boxes->count + 1, sizeof(*list));
	int16_t slot = emitter_slot(emitter);
	struct places places;
	bool is_first = true;
	int result;

	if (!problem->axes || !problem->axes->dims[AXIS_SADDR] ||
	    !problem->axes->dims[AXIS_DADDR])
		return -E2BIG; /* nothing to keep apart */
	if (!list)
		return -ENOMEM;
	result = emit_axes(emitter, problem, &places);
	for (int part = 0; part < PART_COUNT && !result; part++) {
		size_t count;

		result = emit_part(emitter, problem, &places, part, list,
				   &count);
		if (result || !count)
			continue;
		keep_lower(emitter, slot, is_first);
		is_first = false;
	}
	if (!result)
		result = emit_outcome(emitter, boxes, slot);
	*kept = boxes->region_count;
	return result;
}

const struct classifier classifier_parts = {
	.name = "parts",
	.sentence =
		"chains for narrow destinations, narrow sources, and the rest",
	.emit = parts_classifier_emit,
};
