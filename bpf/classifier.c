// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/num.h"
#include "bpf/classifier.h"
#include "bpf/target.h"

/* Linear is the last: it always leads to a program. */
static const struct classifier *const classifiers[] = {
	&classifier_rfc,
	&classifier_parts,
	&classifier_chain,
	&classifier_linear,
};

/*
 * More boxes than this are not compared one after the other where a table can
 * be had: the verifier walks such code box by box.
 */
#define LINEAR_MAX 200

/* And more than this not by one chain, where there are two addresses. */
#define CHAIN_MAX 2000

/*
 * Bytes of one list's tables: what is meant to stay in the last cache; what may
 * be had where nothing fits into that.
 */
static const size_t budgets[] = { 8 << 20, 64 << 20 };

const struct classifier *classifier_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(classifiers); i++) {
		if (!strcmp(classifiers[i]->name, name))
			return classifiers[i];
	}
	return NULL;
}

/* Code behind a list for what cannot happen; it passes. */
static void emit_miss(struct emitter *emitter)
{
	struct code *code = &emitter->code;

	if (!code_is_used(code, emitter->miss))
		return;
	code_place(code, emitter->miss);
	code_move(code, BPF_REG_0, 0);
	code_exit(code);
}

static int write_by(struct emitter *emitter, const struct problem *problem,
		    const struct classifier *classifier, size_t *kept,
		    struct classified *out)
{
	size_t insns = emitter->code.count;
	size_t bytes = tables_size(&emitter->tables);
	int result;

	emitter->cost = (struct cost){ 0 };
	emitter->stack = TABLE_STACK;
	emitter->miss = code_label(&emitter->code);
	result = classifier->emit(emitter, problem, kept);
	if (emitter_has_failed(emitter))
		return -ENOMEM;
	if (result)
		return result;
	emit_miss(emitter);
	*out = (struct classified){
		.by = classifier,
		.cost = emitter->cost,
		.box_count = problem->boxes->count,
		.insn_count = emitter->code.count - insns,
		.table_bytes = tables_size(&emitter->tables) - bytes,
	};
	if (emitter_has_failed(emitter))
		return -ENOMEM;
	return out->insn_count > emitter->target->max_insns ? -E2BIG : 0;
}

/* A list written into an emitter of its own. */
struct attempt {
	struct emitter emitter;
	struct classified result;
	size_t kept;
};

static void attempt_free(struct attempt *attempt)
{
	if (!attempt)
		return;
	code_free(&attempt->emitter.code);
	tables_free(&attempt->emitter.tables);
	arena_free(attempt->emitter.arena);
	free(attempt);
}
OWN_DEFINE(attempt)

/* 0 and *@out, or what write_by() returns. */
static int try_by(const struct target *target, const struct problem *problem,
		  const struct classifier *classifier, size_t budget,
		  struct attempt **out)
{
	OWN(attempt) struct attempt *attempt = calloc(1, sizeof(*attempt));
	int result;

	if (!attempt || !(attempt->emitter.arena = arena_make()))
		return -ENOMEM;
	attempt->emitter.target = target;
	attempt->emitter.max_bytes = budget;
	result = write_by(&attempt->emitter, problem, classifier,
			  &attempt->kept, &attempt->result);
	if (!result)
		*out = take(attempt);
	return result;
}

static double cost_of(const struct attempt *attempt)
{
	return attempt->result.cost.hot + attempt->result.cost.random;
}

/*
 * Not worth the time to find out: of many boxes with two addresses one chain
 * nearly always grows beyond all bounds, and saves little where it does not;
 * many boxes are not compared one by one where anything else can be had. A
 * card compares them one by one if it can: there the first of all that holds the
 * list is taken, linear before the others.
 */
static bool is_hopeless(const struct classifier *classifier,
			const struct problem *problem, bool is_software,
			bool has_other)
{
	const struct axes *axes = problem->axes;

	if (!has_other)
		return false;
	if (!is_software) /* its tables are filled by messages */
		return true;
	if (classifier == &classifier_chain)
		return axes && axes->dims[AXIS_SADDR] &&
		       axes->dims[AXIS_DADDR] &&
		       problem->boxes->count > CHAIN_MAX;
	return classifier == &classifier_linear &&
	       problem->boxes->count > LINEAR_MAX;
}

/* The cheapest one that has all boxes within the budget; NULL: none has. */
static int choose(const struct target *target, const struct problem *problem,
		  size_t budget, struct attempt **out)
{
	OWN(attempt) struct attempt *best = NULL;
	bool is_software = target->has_direct_values;
	const size_t last = ARRAY_SIZE(classifiers) - 1;

	for (size_t i = 0; i < ARRAY_SIZE(classifiers); i++) {
		const struct classifier *classifier =
			classifiers[is_software ? i : last - i];
		OWN(attempt) struct attempt *attempt = NULL;
		int result;

		if (is_hopeless(classifier, problem, is_software, best != NULL))
			continue;
		result = try_by(target, problem, classifier, budget, &attempt);
		if (result && result != -E2BIG)
			return result;
		if (result || attempt->kept < problem->boxes->region_count ||
		    (best && cost_of(attempt) >= cost_of(best)))
			continue;
		attempt_free(best);
		best = take(attempt);
	}
	*out = take(best);
	return 0;
}

/*
 * By @forced, or by the cheapest; where nothing holds all boxes, linear holds
 * the first ones.
 */
static int choose_any(const struct target *target,
		      const struct problem *problem,
		      const struct classifier *forced, struct attempt **out)
{
	int result = 0;

	*out = NULL;
	if (forced)
		result = try_by(target, problem, forced,
				budgets[ARRAY_SIZE(budgets) - 1], out);
	for (size_t i = 0; i < ARRAY_SIZE(budgets) && !*out; i++) {
		if (result && result != -E2BIG)
			return result;
		result = choose(target, problem, budgets[i], out);
	}
	if (!result && !*out)
		result = try_by(target, problem, &classifier_linear, 0, out);
	assert(result != -E2BIG); /* linear cuts what does not fit */
	return result;
}

int classifier_write(struct emitter *emitter, const struct boxes *boxes,
		     const struct classifier *forced, size_t *kept,
		     struct classified *out)
{
	OWN(arena) struct arena *arena = arena_make();
	OWN(attempt) struct attempt *attempt = NULL;
	struct problem problem = { .boxes = boxes, .arena = arena };
	struct axes axes;
	int result = arena ? axes_make(arena, boxes, &axes) : -ENOMEM;

	if (result && result != -E2BIG)
		return result;
	if (!result)
		problem.axes = &axes;
	result = choose_any(emitter->target, &problem, forced, &attempt);
	if (result)
		return result;
	emitter_append(emitter, &attempt->emitter);
	if (emitter_has_failed(emitter))
		return -ENOMEM;
	*kept = attempt->kept;
	*out = attempt->result;
	return 0;
}
