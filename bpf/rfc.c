// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recursive flow classification (Gupta and McKeown, "Packet Classification on
 * Multiple Fields", SIGCOMM 1999): the class of each field, then the class of
 * each pair of classes, two and two, until one table tells the outcome. A fixed
 * number of reads whatever the packet, most of them independent of each other;
 * in return tables multiply: of two dimensions with thousands of classes each
 * there are millions of pairs.
 *
 * The two with the fewest pairs are joined first.
 */
#include <errno.h>

#include "bpf/classifier.h"
#include "bpf/lookup.h"

/* From first boxes to outcomes. */
static void to_outcomes(const struct boxes *boxes, uint32_t *cells,
			size_t count)
{
	for (size_t i = 0; i < count; i++)
		cells[i] = cells[i] < boxes->count
				   ? boxes->list[cells[i]].outcome
				   : 0;
}

/*
 * Of three dimensions two are joined, and have at least as many classes
 * together as the larger one: is the last table too large anyway?
 */
static bool is_hopeless(const struct dim *const *dims, size_t count)
{
	size_t largest = 1, second = 1;

	for (size_t i = 0; i < count; i++) {
		size_t classes = dims[i]->class_count;

		if (classes > largest) {
			second = largest;
			largest = classes;
		} else if (classes > second) {
			second = classes;
		}
	}
	return largest * second > DIM_PAIRS_MAX;
}

static int rfc_emit(struct emitter *emitter, const struct problem *problem,
		    size_t *kept)
{
	const struct boxes *boxes = problem->boxes;
	const struct dim *dims[AXIS_COUNT], *b;
	uint32_t *cells = NULL;
	size_t count = 0, cell_count;
	int result;

	if (!problem->axes || !problem->axes->count)
		return -E2BIG;
	for (int axis = 0; axis < AXIS_COUNT; axis++) {
		if (problem->axes->dims[axis])
			dims[count++] = problem->axes->dims[axis];
	}
	if (is_hopeless(dims, count))
		return -E2BIG;
	result = axes_reduce(problem->arena, boxes->count, 2, dims, &count);
	if (result)
		return result;
	b = count == 2 ? dims[1] : NULL;
	result = dim_first_boxes(problem->arena, boxes->count, dims[0], b,
				 &cells, &cell_count);
	if (result)
		return result;
	to_outcomes(boxes, cells, cell_count);
	code_move_reg(&emitter->code, BPF_REG_6, BPF_REG_1);
	result = lookup_emit_index(emitter, dims[0], b, boxes->family);
	if (result)
		return result;
	emitter_load(emitter,
		     emitter_table(emitter, "outcomes", cells, cell_count),
		     BPF_REG_2);
	code_exit(&emitter->code);
	*kept = boxes->region_count;
	return emitter_is_full(emitter, 0) ? -E2BIG : 0;
}

const struct classifier classifier_rfc = {
	.name = "rfc",
	.sentence = "classes of fields, then of pairs of classes, in tables",
	.emit = rfc_emit,
};
