// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "bpf/safe_walk.h"

/* The kernel gives up after a million instructions, too. */
#define STEPS_MAX 1000000
/* States kept for one instruction, before what differs in them is forgotten;
 * fewer once there are many in all. */
#define SEEN_MAX 512
#define SEEN_MIN 4
#define KEPT_MAX 10000

struct seen {
	struct state **states;
	size_t count;
};

static bool is_known(const struct safe_verdict *verdict, enum safe_rule rule,
		     size_t insn, size_t map)
{
	for (size_t i = 0; i < verdict->count; i++) {
		const struct safe_violation *known = &verdict->violations[i];

		if (known->rule == rule && known->insn == insn &&
		    known->map == map)
			return true;
	}
	return false;
}

void walk_violation(struct walk *walk, enum safe_rule rule, size_t insn,
		    size_t map, const char *format, ...)
{
	struct safe_verdict *verdict = walk->verdict;
	struct safe_violation *more, *violation;
	va_list args;

	if (is_known(verdict, rule, insn, map))
		return;
	more = reallocarray(verdict->violations, verdict->count + 1,
			    sizeof(*more));
	if (!more) {
		walk->has_failed = true;
		return;
	}
	verdict->violations = more;
	violation = &more[verdict->count++];
	*violation = (struct safe_violation){
		.rule = rule,
		.insn = insn,
		.map = map,
	};
	va_start(args, format);
	vsnprintf(violation->detail, sizeof(violation->detail), format, args);
	va_end(args);
}

size_t walk_function_of(const struct walk *walk, size_t insn)
{
	const struct safe_program *program = walk->program;

	for (size_t i = program->function_count; i-- > 0;)
		if (program->functions[i].start <= insn)
			return i;
	return 0;
}

void walk_push(struct walk *walk, struct state *state)
{
	OWN(state) struct state *owned = state;
	struct state **more;

	if (!state) {
		walk->has_failed = true;
		return;
	}
	if (walk->pending_count == walk->pending_size) {
		size_t size = walk->pending_size ? 2 * walk->pending_size : 16;

		more = reallocarray(walk->pending, size, sizeof(*more));
		if (!more) {
			walk->has_failed = true;
			return;
		}
		walk->pending = more;
		walk->pending_size = size;
	}
	walk->pending[walk->pending_count++] = take(owned);
}

static bool keep(struct walk *walk, struct seen *seen,
		 const struct state *state)
{
	struct state **more =
		reallocarray(seen->states, seen->count + 1, sizeof(*more));

	if (!more)
		return false;
	seen->states = more;
	more[seen->count] = state_keep(state);
	if (!more[seen->count])
		return false;
	seen->count++;
	walk->kept++;
	return true;
}

/* Was all that is known here known before? Otherwise remember it. */
static bool is_covered(struct walk *walk, struct state *state)
{
	struct seen *seen = &walk->seen[state->at];
	size_t max = walk->kept < KEPT_MAX ? SEEN_MAX : SEEN_MIN;

	/* The newest are the likeliest. */
	for (size_t i = seen->count; i-- > 0;)
		if (state_is_within(state, seen->states[i],
				    walk->live[state->at]))
			return true;
	if (seen->count >= max)
		state_widen(state, seen->states[seen->count - 1]);
	if (!keep(walk, seen, state))
		walk->has_failed = true;
	return false;
}

/* One way to its end. */
static void follow(struct walk *walk, struct state *state)
{
	while (!walk->has_failed && walk->steps++ < STEPS_MAX) {
		if (walk->is_target[state->at] && is_covered(walk, state))
			return;
		if (!step(walk, state))
			return;
		if (state->at >= walk->program->insn_count)
			return;
	}
}

static void follow_all(struct walk *walk)
{
	while (walk->pending_count && !walk->has_failed) {
		OWN(state)
		struct state *state = walk->pending[--walk->pending_count];

		follow(walk, state);
	}
	if (walk->steps >= STEPS_MAX)
		walk_violation(walk, SAFE_TOO_COMPLEX, SAFE_NOWHERE,
			       SAFE_NOWHERE, "after %d instructions",
			       STEPS_MAX);
}

/* A function alone, with what its types say of its arguments. */
static void begin(struct walk *walk, size_t index)
{
	const struct safe_function *function = &walk->program->functions[index];
	struct state *state = state_make(index, function->start);

	for (int i = 0; state && i < 5; i++) {
		struct value *r = &state->frames[0].r[BPF_REG_1 + i];

		switch (function->args[i]) {
		case SAFE_ARG_NUMBER:
			*r = value_unknown();
			break;
		case SAFE_ARG_CONTEXT:
			*r = value_pointer(VALUE_CONTEXT);
			break;
		case SAFE_ARG_MEMORY:
			*r = value_pointer(VALUE_MEMORY_OR_NULL);
			r->id = ++walk->last_id;
			break;
		}
	}
	walk_push(walk, state);
}

static bool words_make(struct walk *walk)
{
	const struct safe_program *program = walk->program;

	walk->words = calloc(program->map_count + 1, sizeof(*walk->words));
	if (!walk->words)
		return false;
	for (size_t i = 0; i < program->map_count; i++) {
		size_t size = program->maps[i].value_size;
		size_t count = size > VALUE_SIZE_MAX ? 0 : size / 4 + 2;

		walk->words[i] = calloc(count + 1, sizeof(struct word));
		if (!walk->words[i])
			return false;
	}
	return true;
}

static bool walk_make(struct walk *walk)
{
	size_t count = walk->program->insn_count + 1;

	walk->notes = calloc(count, sizeof(*walk->notes));
	walk->live = calloc(count, sizeof(*walk->live));
	walk->is_target = calloc(count, sizeof(*walk->is_target));
	walk->seen = calloc(count, sizeof(*walk->seen));
	walk->stacks = calloc(walk->program->function_count + 1,
			      sizeof(*walk->stacks));
	return walk->notes && walk->live && walk->is_target && walk->seen &&
	       walk->stacks && words_make(walk);
}

int walk_program(struct walk *walk, struct err *err)
{
	if (!walk_make(walk))
		return err_no_memory(err);
	live_find(walk);
	for (size_t i = walk->program->function_count; i-- > 0;)
		if (!i || walk->program->functions[i].is_global)
			begin(walk, i);
	follow_all(walk);
	return walk->has_failed ? err_no_memory(err) : 0;
}

void walk_release(struct walk *walk)
{
	for (size_t i = 0; walk->seen && i < walk->program->insn_count; i++) {
		for (size_t j = 0; j < walk->seen[i].count; j++)
			state_free(walk->seen[i].states[j]);
		free(walk->seen[i].states);
	}
	for (size_t i = 0; walk->words && i < walk->program->map_count; i++)
		free(walk->words[i]);
	while (walk->pending_count)
		state_free(walk->pending[--walk->pending_count]);
	free(walk->pending);
	free(walk->notes);
	free(walk->live);
	free(walk->is_target);
	free(walk->seen);
	free(walk->words);
	free(walk->stacks);
}
