// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "bpf/safe_state.h"

static size_t size_of(int frames)
{
	return sizeof(struct state) + frames * sizeof(struct frame);
}

static void frame_init(struct frame *frame, size_t function, int depth)
{
	memset(frame, 0, sizeof(*frame));
	frame->function = function;
	frame->r[BPF_REG_10] = value_pointer(VALUE_STACK);
	frame->r[BPF_REG_10].frame = depth;
}

struct state *state_make(size_t function, size_t at)
{
	struct state *state = calloc(1, size_of(STATE_FRAMES));

	if (state) {
		state->at = at;
		frame_init(&state->frames[0], function, 0);
	}
	return state;
}

static struct state *copy(const struct state *state, int frames)
{
	struct state *made = malloc(size_of(frames));

	if (made)
		memcpy(made, state, size_of(state->depth + 1));
	return made;
}

struct state *state_copy(const struct state *state)
{
	return copy(state, STATE_FRAMES);
}

struct state *state_keep(const struct state *state)
{
	return copy(state, state->depth + 1);
}

void state_free(struct state *state)
{
	free(state);
}

bool state_enter(struct state *state, size_t function, size_t start)
{
	struct frame *caller = state_frame(state), *callee;

	if (state->depth + 1 == STATE_FRAMES)
		return false;
	callee = &state->frames[++state->depth];
	frame_init(callee, function, state->depth);
	memcpy(&callee->r[BPF_REG_1], &caller->r[BPF_REG_1],
	       5 * sizeof(struct value));
	caller->return_to = state->at;
	state->at = start;
	return true;
}

bool state_leave(struct state *state)
{
	struct frame *callee = state_frame(state), *caller;

	if (!state->depth)
		return false;
	caller = &state->frames[--state->depth];
	caller->r[BPF_REG_0] = callee->r[BPF_REG_0];
	for (int i = BPF_REG_1; i <= BPF_REG_5; i++)
		caller->r[i] = value_pointer(VALUE_NONE);
	state->at = caller->return_to;
	return true;
}

static bool is_slot_within(const struct slot *slot, const struct slot *old)
{
	for (int i = 0; i < 8; i++) {
		switch ((enum slot_byte)old->bytes[i]) {
		case BYTE_NONE:
			continue;
		case BYTE_MISC:
			if (slot->bytes[i] == BYTE_NONE ||
			    (slot->bytes[i] == BYTE_SPILL &&
			     slot->spill.kind != VALUE_NUMBER))
				return false;
			continue;
		case BYTE_ZERO:
		case BYTE_SPILL:
			if (slot->bytes[i] != old->bytes[i])
				return false;
		}
	}
	return old->bytes[0] != BYTE_SPILL ||
	       value_is_within(&slot->spill, &old->spill);
}

static bool is_frame_within(const struct frame *frame, const struct frame *old,
			    uint16_t live)
{
	if (frame->function != old->function)
		return false;
	for (int i = 0; i < STATE_REGS; i++)
		if (live & 1 << i && !value_is_within(&frame->r[i], &old->r[i]))
			return false;
	for (int i = 0; i < STATE_SLOTS; i++)
		if (!is_slot_within(&frame->stack[i], &old->stack[i]))
			return false;
	return true;
}

/* r6 to r10: what a call leaves alone. */
#define KEPT 0x7c0

bool state_is_within(const struct state *state, const struct state *old,
		     uint16_t live)
{
	if (state->depth != old->depth || state->has_target < old->has_target)
		return false;
	for (int i = 0; i <= state->depth; i++) {
		bool is_last = i == state->depth;

		if (!is_last &&
		    state->frames[i].return_to != old->frames[i].return_to)
			return false;
		if (!is_frame_within(&state->frames[i], &old->frames[i],
				     is_last ? live : KEPT))
			return false;
	}
	return true;
}

static void slot_widen(struct slot *slot, const struct slot *old)
{
	struct value both = value_pointer(VALUE_NONE);

	if (slot->bytes[0] == BYTE_SPILL && old->bytes[0] == BYTE_SPILL)
		both = value_join(&slot->spill, &old->spill);
	for (int i = 0; i < 8; i++) {
		if (slot->bytes[i] == BYTE_NONE || old->bytes[i] == BYTE_NONE)
			slot->bytes[i] = BYTE_NONE;
		else if (slot->bytes[i] != old->bytes[i] ||
			 (slot->bytes[i] == BYTE_SPILL &&
			  both.kind == VALUE_NONE))
			slot->bytes[i] = BYTE_MISC;
	}
	slot->spill = both;
}

void state_widen(struct state *state, const struct state *old)
{
	if (state->depth != old->depth)
		return;
	state->has_target &= old->has_target;
	for (int i = 0; i <= state->depth; i++) {
		struct frame *frame = &state->frames[i];

		for (int r = 0; r < STATE_REGS; r++)
			frame->r[r] =
				value_join(&frame->r[r], &old->frames[i].r[r]);
		for (int s = 0; s < STATE_SLOTS; s++)
			slot_widen(&frame->stack[s], &old->frames[i].stack[s]);
	}
}

/* The byte at @off, which is from -512 to -1. */
static uint8_t *byte_at(const struct frame *frame, int off)
{
	const struct slot *slot = &frame->stack[(-off - 1) / 8];

	return (uint8_t *)&slot->bytes[7 - (-off - 1) % 8];
}

static bool is_in_stack(int off, unsigned int size)
{
	return off >= -8 * STATE_SLOTS && off < 0 && off + (int)size <= 0;
}

enum slot_byte state_stack_byte(const struct frame *frame, int off)
{
	return is_in_stack(off, 1) ? *byte_at(frame, off) : BYTE_NONE;
}

static unsigned int spill_size(const struct slot *slot)
{
	unsigned int size = 0;

	while (size < 8 && slot->bytes[size] == BYTE_SPILL)
		size++;
	return size;
}

struct value state_stack_load(const struct frame *frame, int off,
			      unsigned int size)
{
	const struct slot *slot;
	unsigned int zeros = 0;

	if (!is_in_stack(off, size))
		return value_of_size(size);
	slot = &frame->stack[(-off - 1) / 8];
	if (off % 8 == 0 && size == spill_size(slot))
		return size == 8 ? slot->spill : value_low(&slot->spill);
	for (unsigned int i = 0; i < size; i++)
		zeros += *byte_at(frame, off + i) == BYTE_ZERO;
	return zeros == size ? value_constant(0) : value_of_size(size);
}

/* verifier.c, check_stack_write_fixed_off(): numbers are kept where anything is
 * known of them, but for zero. */
static bool is_kept(const struct value *value, int off, unsigned int size)
{
	if (off % 8)
		return false;
	if (value->kind != VALUE_NUMBER)
		return size == 8 && value->kind != VALUE_NONE;
	return !(value_is_constant(value) && !value->bits) &&
	       !(value->mask == UINT64_MAX && !value->min &&
		 value->max == UINT64_MAX);
}

void state_stack_store(struct frame *frame, int off, unsigned int size,
		       const struct value *value)
{
	bool is_zero = value_is_constant(value) && !value->bits &&
		       value->kind == VALUE_NUMBER;
	uint8_t type = is_zero ? BYTE_ZERO : BYTE_MISC;

	if (!is_in_stack(off, size))
		return;
	/* A spill that is written into is one no more. */
	for (unsigned int i = 0; i < size; i++) {
		struct slot *slot = &frame->stack[(-(off + (int)i) - 1) / 8];

		for (int b = 0; b < 8; b++)
			if (slot->bytes[b] == BYTE_SPILL)
				slot->bytes[b] = BYTE_MISC;
	}
	if (is_kept(value, off, size)) {
		frame->stack[(-off - 1) / 8].spill = *value;
		type = BYTE_SPILL;
	}
	for (unsigned int i = 0; i < size; i++)
		*byte_at(frame, off + i) = type;
}

void state_stack_spoil(struct frame *frame)
{
	for (int i = 0; i < STATE_SLOTS; i++)
		memset(frame->stack[i].bytes, BYTE_MISC, 8);
}

/* Every register and every spilled one, of all frames. */
static void each(struct state *state,
		 void (*change)(struct value *, const void *), const void *with)
{
	for (int i = 0; i <= state->depth; i++) {
		struct frame *frame = &state->frames[i];

		for (int r = 0; r < STATE_REGS; r++)
			change(&frame->r[r], with);
		for (int s = 0; s < STATE_SLOTS; s++)
			if (frame->stack[s].bytes[0] == BYTE_SPILL)
				change(&frame->stack[s].spill, with);
	}
}

static void learn(struct value *value, const void *with)
{
	const struct value *known = with;

	if (value->kind == VALUE_NUMBER && value->id == known->id)
		*value = *known;
}

void state_learn(struct state *state, const struct value *value)
{
	if (value->id)
		each(state, learn, value);
}

struct null_learnt {
	uint32_t id;
	bool is_null;
};

static void learn_null(struct value *value, const void *with)
{
	const struct null_learnt *learnt = with;
	bool is_entry = value->kind == VALUE_ENTRY_OR_NULL;

	if (value->id != learnt->id ||
	    (!is_entry && value->kind != VALUE_MEMORY_OR_NULL))
		return;
	if (learnt->is_null)
		*value = value_constant(0);
	else
		value->kind = is_entry ? VALUE_ENTRY : VALUE_MEMORY;
}

void state_learn_null(struct state *state, uint32_t id, bool is_null)
{
	struct null_learnt learnt = { .id = id, .is_null = is_null };

	each(state, learn_null, &learnt);
}

static void forget_packet(struct value *value, const void *with)
{
	(void)with;
	if (value->kind == VALUE_PACKET || value->kind == VALUE_PACKET_END ||
	    value->kind == VALUE_PACKET_META)
		*value = value_unknown();
}

void state_forget_packets(struct state *state)
{
	each(state, forget_packet, NULL);
}
