// SPDX-License-Identifier: GPL-2.0-only
/*
 * Straight-line classification: region after region, test after test; the
 * first test that misses goes on with the next region.
 */
#include <errno.h>

#include "bpf/code.h"
#include "bpf/match.h"
#include "bpf/program.h"

#define EPILOGUE 2 /* instructions behind the last region */

/* Can it have a packet at all? */
static bool is_empty(const struct cond *cond)
{
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (cond->fields[f] && set_is_empty(cond->fields[f]))
			return true;
	}
	return false;
}

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

static void emit_region(struct code *code, const struct cond *cond,
			enum family family, uint32_t outcome)
{
	uint32_t next = code_label(code);

	match_cond(code, cond, family, next);
	code_move(code, BPF_REG_0, outcome);
	code_exit(code);
	code_place(code, next);
}

/* Regions behind the last one that drops need no code: all passes anyway. */
static size_t needed_regions(const struct flat *flat, const uint32_t *outcomes)
{
	size_t count = flat->region_count;

	while (count && outcomes[count - 1] == 0)
		count--;
	return count;
}

/*
 * The verifier follows a region's tests to its end before it turns to the
 * branches that it left, the last one first: that one goes on with the next
 * region while the others stay on its list.
 */
static size_t branches_left(size_t conditional_count)
{
	return conditional_count ? conditional_count - 1 : 0;
}

/* Write what fits; the number of regions that are in the code. */
static size_t emit_regions(struct code *code, const struct flat *flat,
			   const uint32_t *outcomes, size_t needed,
			   const struct target *target, bool *is_total)
{
	const size_t start = code->count;
	size_t left = 0;

	for (size_t i = 0; i < needed; i++) {
		const struct cond *cond = &flat->regions[i].cond;
		struct code_mark mark = code_mark(code);

		if (is_empty(cond))
			continue;
		if (is_huge(cond, target))
			return i;
		emit_region(code, cond, flat->family, outcomes[i]);

		size_t branches =
			code->conditional_count - mark.conditional_count;
		left += branches_left(branches);
		if (left > target->max_jumps ||
		    code->count + EPILOGUE - start > target->max_insns) {
			code_rewind(code, &mark);
			return i;
		}
		if (branches == 0) {
			*is_total = true;
			return flat->region_count;
		}
	}
	return flat->region_count;
}

static int linear_emit(struct emitter *emitter, const struct flat *flat,
		       const uint32_t *outcomes, size_t *kept)
{
	struct code *code = &emitter->code;
	size_t needed = needed_regions(flat, outcomes);
	bool is_total = false;
	size_t count = emit_regions(code, flat, outcomes, needed,
				    emitter->target, &is_total);

	/* The verifier refuses code that cannot be reached. */
	if (!is_total) {
		code_move(code, BPF_REG_0, 0);
		code_exit(code);
	}
	if (code_has_failed(code))
		return -ENOMEM;
	*kept = count;
	return 0;
}

const struct classifier classifier_linear = {
	.name = "linear",
	.sentence = "compares with one region after the other",
	.emit = linear_emit,
};
