// SPDX-License-Identifier: GPL-2.0-only
#include "base/num.h"
#include "bpf/safe_walk.h"

static const char *kind_name(enum value_kind kind)
{
	switch (kind) {
	case VALUE_NONE:
	case VALUE_NUMBER:
		return "no pointer";
	case VALUE_CONTEXT:
		return "context";
	case VALUE_MAP:
		return "map";
	case VALUE_ENTRY:
	case VALUE_ENTRY_OR_NULL:
		return "map value";
	case VALUE_STACK:
		return "stack";
	case VALUE_PACKET:
		return "packet";
	case VALUE_PACKET_END:
		return "packet's end";
	case VALUE_PACKET_META:
		return "metadata";
	case VALUE_MEMORY:
	case VALUE_MEMORY_OR_NULL:
		return "memory";
	case VALUE_FUNCTION:
		return "function";
	}
	return "";
}

static unsigned int size_of(const struct bpf_insn *insn)
{
	switch (BPF_SIZE(insn->code)) {
	case BPF_B:
		return 1;
	case BPF_H:
		return 2;
	case BPF_W:
		return 4;
	default:
		return 8;
	}
}

void memory_use_stack(struct walk *walk, const struct state *state,
		      const struct value *pointer, int off)
{
	size_t function = state->frames[pointer->frame].function;

	if (off < 0 && (unsigned int)-off > walk->stacks[function])
		walk->stacks[function] = -off;
}

/* verifier.c, nfp_bpf_check_stack_access() */
static void judge_stack(struct walk *walk, size_t at,
			const struct value *pointer)
{
	struct note *note = &walk->notes[at];

	if (!value_is_constant(pointer)) {
		walk_violation(walk, SAFE_STACK_VARIABLE, at, SAFE_NOWHERE,
			       "from r10%+d on", pointer->off);
		return;
	}
	if (note->kind != VALUE_STACK)
		return;
	note->has_moved |= note->off != pointer->off;
	if (note->has_moved && note->off % 4 != pointer->off % 4)
		walk_violation(walk, SAFE_STACK_ALIGNMENT, at, SAFE_NOWHERE,
			       "r10%+d and r10%+d", note->off, pointer->off);
}

static void use_word(struct walk *walk, size_t at, size_t map, size_t index,
		     enum word_use use)
{
	struct word *word = &walk->words[map][index];
	const char *name = walk->program->maps[map].name;

	if (word->use != WORD_UNUSED && word->use != use)
		walk_violation(walk, SAFE_VALUE_CONFLICT, at, map,
			       "%.60s, bytes %zu to %zu, %s before", name,
			       4 * index, 4 * index + 3,
			       use == WORD_READ ? "added to" : "read");
	else if (use == WORD_ADDED && word->may_not_be_zero)
		walk_violation(walk, SAFE_COUNTER_NOT_ZERO, at, map,
			       "%.60s, bytes %zu to %zu", name, 4 * index,
			       4 * index + 3);
	word->use = use;
}

/* verifier.c, nfp_bpf_map_mark_used() */
static void judge_entry(struct walk *walk, size_t at,
			const struct bpf_insn *insn,
			const struct value *pointer, enum word_use use)
{
	const struct safe_map *map = &walk->program->maps[pointer->map];
	int64_t off = (int64_t)pointer->off + insn->off;
	unsigned int size = size_of(insn);

	if (!value_is_constant(pointer)) {
		walk_violation(walk, SAFE_VALUE_VARIABLE, at, pointer->map,
			       "%.60s", map->name);
		return;
	}
	/* The kernel does not let it out of bounds. */
	if (off < 0 || off + size > map->value_size || map->is_global ||
	    map->value_size > VALUE_SIZE_MAX)
		return;
	for (int64_t word = off / 4; word <= (off + size - 1) / 4; word++)
		use_word(walk, at, pointer->map, word, use);
}

static void judge_packet(struct walk *walk, const struct bpf_insn *insn,
			 const struct value *pointer)
{
	/* Nothing is beyond this: MAX_PACKET_OFF of the kernel. */
	uint64_t end = pointer->max > UINT16_MAX ? UINT16_MAX : pointer->max;
	int64_t deep =
		(int64_t)end + pointer->off + insn->off + size_of(insn) - 1;

	if (deep > walk->verdict->packet)
		walk->verdict->packet = deep > UINT16_MAX ? UINT16_MAX : deep;
}

/* verifier.c, nfp_bpf_check_ptr() */
static void judge_pointer(struct walk *walk, struct state *state,
			  const struct bpf_insn *insn,
			  const struct value *pointer, enum word_use use)
{
	struct note *note = &walk->notes[state->at];
	bool is_store = BPF_CLASS(insn->code) == BPF_STX;

	if (pointer->kind == VALUE_STACK)
		memory_use_stack(walk, state, pointer,
				 pointer->off + insn->off);
	if (pointer->kind == VALUE_PACKET)
		judge_packet(walk, insn, pointer);
	if (!walk_is_card(walk))
		return;
	if (pointer->kind != VALUE_CONTEXT && pointer->kind != VALUE_STACK &&
	    pointer->kind != VALUE_ENTRY && pointer->kind != VALUE_PACKET) {
		walk_violation(walk, SAFE_POINTER_TYPE, state->at, SAFE_NOWHERE,
			       "r%u: %s",
			       is_store ? insn->dst_reg : insn->src_reg,
			       kind_name(pointer->kind));
		return;
	}
	if (pointer->kind == VALUE_STACK)
		judge_stack(walk, state->at, pointer);
	if (pointer->kind == VALUE_ENTRY) {
		if (use == WORD_UNUSED)
			walk_violation(walk, SAFE_VALUE_STORE, state->at,
				       pointer->map, "%.60s",
				       walk->program->maps[pointer->map].name);
		else
			judge_entry(walk, state->at, insn, pointer, use);
	}
	if (note->kind != VALUE_NONE && note->kind != pointer->kind)
		walk_violation(walk, SAFE_POINTER_CHANGES, state->at,
			       SAFE_NOWHERE, "%s and %s", kind_name(note->kind),
			       kind_name(pointer->kind));
	note->kind = pointer->kind;
	note->off = pointer->off;
}

/* jit.c, mem_ldx_xdp(); what the kernel makes of it. */
static struct value load_context(struct walk *walk, const struct state *state,
				 const struct bpf_insn *insn)
{
	switch (insn->off) {
	case offsetof(struct xdp_md, data):
		return value_pointer(VALUE_PACKET);
	case offsetof(struct xdp_md, data_end):
		return value_pointer(VALUE_PACKET_END);
	}
	if (walk_is_card(walk))
		walk_violation(walk, SAFE_CONTEXT_READ, state->at, SAFE_NOWHERE,
			       "byte %d of struct xdp_md", insn->off);
	if (insn->off == offsetof(struct xdp_md, data_meta))
		return value_pointer(VALUE_PACKET_META);
	return value_of_size(size_of(insn));
}

void memory_load(struct walk *walk, struct state *state,
		 const struct bpf_insn *insn)
{
	struct frame *frame = state_frame(state);
	struct value pointer = frame->r[insn->src_reg];
	struct value *d = &frame->r[insn->dst_reg];
	unsigned int size = size_of(insn);

	judge_pointer(walk, state, insn, &pointer, WORD_READ);
	if (pointer.kind == VALUE_CONTEXT)
		*d = load_context(walk, state, insn);
	else if (pointer.kind == VALUE_STACK && value_is_constant(&pointer))
		*d = state_stack_load(&state->frames[pointer.frame],
				      pointer.off + insn->off, size);
	else
		*d = value_of_size(size);
	d->born = state->at;
}

static void stack_store(struct state *state, const struct value *pointer,
			const struct bpf_insn *insn, const struct value *value)
{
	struct frame *frame = &state->frames[pointer->frame];

	if (value_is_constant(pointer))
		state_stack_store(frame, pointer->off + insn->off,
				  size_of(insn), value);
	else
		state_stack_spoil(frame);
}

/* verifier.c, nfp_bpf_check_store(); net/core/filter.c, xdp_is_valid_access() */
static void judge_context_write(struct walk *walk, const struct state *state,
				const struct bpf_insn *insn)
{
	if (!walk_is_card(walk))
		walk_violation(walk, SAFE_HOST_QUEUE, state->at, SAFE_NOWHERE,
			       "byte %d of struct xdp_md", insn->off);
	else if (insn->off != offsetof(struct xdp_md, rx_queue_index) ||
		 !walk->card->c_qsel)
		walk_violation(walk, SAFE_CONTEXT_WRITE, state->at,
			       SAFE_NOWHERE, "byte %d of struct xdp_md",
			       insn->off);
}

void memory_store(struct walk *walk, struct state *state,
		  const struct bpf_insn *insn)
{
	struct frame *frame = state_frame(state);
	struct value pointer = frame->r[insn->dst_reg];
	struct value value = frame->r[insn->src_reg];

	if (pointer.kind == VALUE_CONTEXT)
		judge_context_write(walk, state, insn);
	judge_pointer(walk, state, insn, &pointer, WORD_UNUSED);
	if (pointer.kind == VALUE_STACK)
		stack_store(state, &pointer, insn, &value);
}

void memory_store_immediate(struct walk *walk, struct state *state,
			    const struct bpf_insn *insn)
{
	struct value pointer = state_frame(state)->r[insn->dst_reg];
	struct value anything = value_unknown();

	if (walk_is_card(walk))
		walk_violation(walk, SAFE_STORE_IMMEDIATE, state->at,
			       SAFE_NOWHERE, "to %s", kind_name(pointer.kind));
	if (pointer.kind == VALUE_PACKET)
		judge_packet(walk, insn, &pointer);
	if (pointer.kind == VALUE_STACK) {
		memory_use_stack(walk, state, &pointer,
				 pointer.off + insn->off);
		stack_store(state, &pointer, insn, &anything);
	}
}

void memory_atomic(struct walk *walk, struct state *state,
		   const struct bpf_insn *insn)
{
	struct frame *frame = state_frame(state);
	struct value pointer = frame->r[insn->dst_reg];
	struct value anything = value_unknown();

	if (walk_is_card(walk) && insn->imm != BPF_ADD)
		walk_violation(walk, SAFE_ATOMIC_OPERATION, state->at,
			       SAFE_NOWHERE, "operation 0x%x", insn->imm);
	else if (walk_is_card(walk) && pointer.kind != VALUE_ENTRY)
		walk_violation(walk, SAFE_ATOMIC_TARGET, state->at,
			       SAFE_NOWHERE, "to %s", kind_name(pointer.kind));
	else
		judge_pointer(walk, state, insn, &pointer, WORD_ADDED);
	if (pointer.kind == VALUE_STACK)
		stack_store(state, &pointer, insn, &anything);
	if (insn->imm == BPF_CMPXCHG)
		frame->r[BPF_REG_0] = value_unknown();
	else if (insn->imm & BPF_FETCH)
		frame->r[insn->src_reg] = value_unknown();
}
