/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What is known at one place of a program: the registers and the stack of each
 * function on the way here.
 */
#include <stddef.h>

#include "base/own.h"
#include "bpf/safe_value.h"

#define STATE_REGS   11
#define STATE_SLOTS  64 /* of 8 bytes */
#define STATE_FRAMES 8	/* MAX_CALL_FRAMES of the kernel */

enum slot_byte {
	BYTE_NONE, /* never written */
	BYTE_MISC,
	BYTE_ZERO,
	BYTE_SPILL, /* of @spill, from the slot's first byte on */
};

/* Bytes in the order of their addresses; slot 0 ends at r10. */
struct slot {
	uint8_t bytes[8];
	struct value spill;
};

struct frame {
	struct value r[STATE_REGS];
	struct slot stack[STATE_SLOTS];
	size_t function;
	size_t return_to;
};

struct state {
	size_t at;
	bool has_target; /* a redirect helper was called */
	int depth;	 /* of the frames; 0: the first alone */
	struct frame frames[];
};

/* In @function, nothing known but r10; NULL without memory. */
struct state *state_make(size_t function, size_t at);
/* With room for all frames. */
struct state *state_copy(const struct state *state);
/* ... for its own only: to be kept, not to go on with. */
struct state *state_keep(const struct state *state);
void state_free(struct state *state);
OWN_DEFINE(state)

static inline struct frame *state_frame(struct state *state)
{
	return &state->frames[state->depth];
}

/* A call and its end. false: too deep, or not in a call. */
bool state_enter(struct state *state, size_t function, size_t start);
bool state_leave(struct state *state);

/* Is all that may be in @state covered by @old? @live: registers read later, in
 * the innermost frame (bit 0: r0). */
bool state_is_within(const struct state *state, const struct state *old,
		     uint16_t live);
/* @state becomes what covers both. */
void state_widen(struct state *state, const struct state *old);

/* The stack of @frame at @off (negative, from r10). Out of it: nothing is
 * known, nothing happens. */
struct value state_stack_load(const struct frame *frame, int off,
			      unsigned int size);
void state_stack_store(struct frame *frame, int off, unsigned int size,
		       const struct value *value);
/* Somebody wrote to it, who knows where. */
void state_stack_spoil(struct frame *frame);
/* BYTE_NONE out of the stack. */
enum slot_byte state_stack_byte(const struct frame *frame, int off);

/* Every number that is a copy of @value (by id) becomes @value. */
void state_learn(struct state *state, const struct value *value);
/* What a lookup gave is NULL, or is not. */
void state_learn_null(struct state *state, uint32_t id, bool is_null);
/* After adjust_head and adjust_tail. */
void state_forget_packets(struct state *state);
