// SPDX-License-Identifier: GPL-2.0-only
/*
 * Straight-line classification: box after box, test after test; the first test
 * that misses goes on with the next box. The cheapest way for few of them, and
 * where nothing else fits: as many as the target takes, from the first one on.
 */
#include <errno.h>

#include "bpf/code.h"
#include "bpf/match.h"
#include "bpf/target.h"
#include "bpf/classifier.h"

#define EPILOGUE 2 /* instructions behind the last box */

/* Too large before a single instruction of it is written? */
static bool is_huge(const struct cond *cond, const struct target *target)
{
	size_t count = 0;

	for (int f = 0; f < FIELD_COUNT; f++) {
		if (cond->fields[f])
			count += cond->fields[f]->count;
	}
	return count > target->max_insns;
}

static void emit_box(struct code *code, const struct box *box,
		     enum family family)
{
	uint32_t next = code_label(code);

	match_cond(code, &box->cond, family, next);
	code_move(code, BPF_REG_0, box->outcome);
	code_exit(code);
	code_place(code, next);
}

/*
 * The verifier follows a box's tests to its end before it turns to the
 * branches that it left, the last one first: that one goes on with the next
 * box while the others stay on its list.
 */
static size_t branches_left(size_t conditional_count)
{
	return conditional_count ? conditional_count - 1 : 0;
}

/* Write what fits; the number of boxes that are in the code. */
static size_t emit_boxes(struct code *code, const struct boxes *boxes,
			 const struct target *target, bool *is_total)
{
	const size_t start = code->count;
	size_t left = 0;

	for (size_t i = 0; i < boxes->count; i++) {
		const struct box *box = &boxes->list[i];
		struct code_mark mark = code_mark(code);

		if (is_huge(&box->cond, target))
			return i;
		emit_box(code, box, boxes->family);

		size_t branches =
			code->conditional_count - mark.conditional_count;
		left += branches_left(branches);
		if (left > target->max_jumps ||
		    code->count + EPILOGUE - start > target->max_insns) {
			code_rewind(code, &mark);
			return i;
		}
		*is_total = branches == 0;
	}
	return boxes->count;
}

static int linear_emit(struct emitter *emitter, const struct problem *problem,
		       size_t *kept)
{
	const struct boxes *boxes = problem->boxes;
	struct code *code = &emitter->code;
	size_t start = code->count;
	bool is_total = false;
	size_t count = emit_boxes(code, boxes, emitter->target, &is_total);

	/* The verifier refuses code that cannot be reached. */
	if (!is_total) {
		code_move(code, BPF_REG_0, 0);
		code_exit(code);
	}
	/* The last box is reached by way of all tests, but not all of each. */
	emitter_pay_insns(emitter, 0.7 * (code->count - start));
	if (emitter_has_failed(emitter))
		return -ENOMEM;
	*kept = count < boxes->count ? boxes->list[count].region
				     : boxes->region_count;
	return 0;
}

const struct classifier classifier_linear = {
	.name = "linear",
	.sentence = "compares with one box after the other",
	.emit = linear_emit,
};
