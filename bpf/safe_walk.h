/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The parts of the judge: the walk over all states (safe_walk.c), which does
 * each instruction (safe_step.c), memory accesses (safe_memory.c) and calls
 * (safe_call.c). Before it the maps are looked at (safe_maps.c), after it the
 * length (safe_length.c).
 */
#include "bpf/safe.h"
#include "bpf/safe_state.h"

/* What an instruction was seen to do before. */
struct note {
	bool is_reached;
	enum value_kind kind; /* of its memory; VALUE_NONE: not seen */
	int32_t off;	      /* on the stack, without the instruction's */
	bool has_moved;
	enum value_kind event; /* what an event's data was */
};

enum word_use { WORD_UNUSED, WORD_READ, WORD_ADDED };

/* No value is larger than this, on any card: nothing is noted of its words. */
#define VALUE_SIZE_MAX (1u << 16)

/* Four bytes of a map's values. */
struct word {
	enum word_use use;
	bool may_not_be_zero;
};

struct seen; /* states that were at an instruction */

struct walk {
	const struct safe_program *program;
	enum safe_target target;
	const struct card_limits *card;
	struct safe_verdict *verdict;

	struct note *notes; /* one each instruction */
	uint16_t *live;	    /* registers that are read from here on */
	bool *is_target;    /* of a jump */
	struct seen *seen;
	struct word **words;  /* of each map */
	unsigned int *stacks; /* bytes, of each function */

	struct state **pending;
	size_t pending_count, pending_size;
	size_t steps, kept;
	uint32_t last_id;
	bool has_failed; /* no memory */
};

/* Everything in it, filled in; the walk itself. 0 or -errno. */
int walk_program(struct walk *walk, struct err *err);
void walk_release(struct walk *walk);

/* A state to go on with later, taken over. */
void walk_push(struct walk *walk, struct state *state);

/* Once for each rule at each place. */
void walk_violation(struct walk *walk, enum safe_rule rule, size_t insn,
		    size_t map, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

static inline bool walk_is_card(const struct walk *walk)
{
	return walk->target == SAFE_NFP;
}

/* SAFE_NOWHERE without one. */
size_t walk_function_of(const struct walk *walk, size_t insn);

/* safe_step.c: do the instruction at state->at and move on. false: this way
 * ends here. */
bool step(struct walk *walk, struct state *state);

/* safe_memory.c */
void memory_load(struct walk *walk, struct state *state,
		 const struct bpf_insn *insn);
void memory_store(struct walk *walk, struct state *state,
		  const struct bpf_insn *insn);
void memory_store_immediate(struct walk *walk, struct state *state,
			    const struct bpf_insn *insn);
void memory_atomic(struct walk *walk, struct state *state,
		   const struct bpf_insn *insn);
/* The stack of @pointer's function reaches down to there. */
void memory_use_stack(struct walk *walk, const struct state *state,
		      const struct value *pointer, int off);

/* safe_call.c: a helper. */
void call_helper(struct walk *walk, struct state *state,
		 const struct bpf_insn *insn);
/* How many arguments it reads. */
unsigned int call_helper_args(int id);

/* safe_live.c: fill walk->live and walk->is_target. */
void live_find(struct walk *walk);

/* safe_maps.c */
void maps_judge(struct walk *walk);

/* safe_length.c */
void length_judge(struct walk *walk);
/* Of the card's stack, after the walk. */
void stack_judge(struct walk *walk);
