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

const char *classifier_name(size_t index)
{
	return index < ARRAY_SIZE(classifiers) ? classifiers[index]->name
					       : NULL;
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

/* What it would be: written into an emitter of its own and thrown away. */
static int try_by(const struct emitter *emitter, const struct problem *problem,
		  const struct classifier *classifier, size_t budget,
		  struct classified *out)
{
	OWN(arena) struct arena *arena = arena_make();
	struct emitter trial = {
		.arena = arena,
		.target = emitter->target,
		.max_bytes = budget,
	};
	size_t kept;
	int result = arena ? write_by(&trial, problem, classifier, &kept, out)
			   : -ENOMEM;

	if (!result && kept < problem->boxes->region_count)
		result = -E2BIG; /* not all of it */
	code_free(&trial.code);
	tables_free(&trial.tables);
	return result;
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

/* The cheapest one that has all boxes within the budget, or NULL. */
static int choose(const struct emitter *emitter, const struct problem *problem,
		  size_t budget, const struct classifier **out)
{
	bool is_software = emitter->target->has_direct_values;
	const size_t last = ARRAY_SIZE(classifiers) - 1;
	double best_cost = 0;

	*out = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(classifiers); i++) {
		const struct classifier *classifier =
			classifiers[is_software ? i : last - i];
		struct classified tried;
		int result;

		if (is_hopeless(classifier, problem, is_software, *out != NULL))
			continue;
		result = try_by(emitter, problem, classifier, budget, &tried);
		if (result == -E2BIG)
			continue;
		if (result)
			return result;

		double cost = tried.cost.hot + tried.cost.random;
		if (*out && cost >= best_cost)
			continue;
		*out = classifier;
		best_cost = cost;
	}
	return 0;
}

/* Where nothing holds all boxes, linear holds the first ones. */
static int choose_any(const struct emitter *emitter,
		      const struct problem *problem,
		      const struct classifier **chosen, size_t *budget)
{
	*chosen = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(budgets) && !*chosen; i++) {
		int result = choose(emitter, problem, budgets[i], chosen);

		if (result)
			return result;
		*budget = budgets[i];
	}
	if (!*chosen)
		*chosen = &classifier_linear;
	return 0;
}

static int write_problem(struct emitter *emitter, const struct problem *problem,
			 const struct classifier *forced, size_t *kept,
			 struct classified *out)
{
	size_t budget = budgets[ARRAY_SIZE(budgets) - 1];
	struct emitter_mark mark = emitter_mark(emitter);
	const struct classifier *chosen = forced;
	int result = 0;

	if (!chosen)
		result = choose_any(emitter, problem, &chosen, &budget);
	if (result)
		return result;
	emitter->max_bytes = tables_size(&emitter->tables) + budget;
	result = write_by(emitter, problem, chosen, kept, out);
	if (result != -E2BIG)
		return result;
	assert(chosen != &classifier_linear);
	emitter_rewind(emitter, &mark);
	return write_problem(emitter, problem,
			     forced ? NULL : &classifier_linear, kept, out);
}

int classifier_write(struct emitter *emitter, const struct boxes *boxes,
		     const struct classifier *forced, size_t *kept,
		     struct classified *out)
{
	OWN(arena) struct arena *arena = arena_make();
	struct problem problem = { .boxes = boxes, .arena = arena };
	struct axes axes;
	int result = arena ? axes_make(arena, boxes, &axes) : -ENOMEM;

	if (result && result != -E2BIG)
		return result;
	if (!result)
		problem.axes = &axes;
	return write_problem(emitter, &problem, forced, kept, out);
}
