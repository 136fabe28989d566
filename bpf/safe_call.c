// SPDX-License-Identifier: GPL-2.0-only
#include "base/num.h"
#include "bpf/safe_walk.h"

/* Helpers that the card has. Of all others five arguments are taken for read. */
static const struct {
	int id;
	unsigned int args;
	const char *name;
} helpers[] = {
	{ BPF_FUNC_map_lookup_elem, 2, "bpf_map_lookup_elem" },
	{ BPF_FUNC_map_update_elem, 4, "bpf_map_update_elem" },
	{ BPF_FUNC_map_delete_elem, 2, "bpf_map_delete_elem" },
	{ BPF_FUNC_get_prandom_u32, 0, "bpf_get_prandom_u32" },
	{ BPF_FUNC_xdp_adjust_head, 2, "bpf_xdp_adjust_head" },
	{ BPF_FUNC_xdp_adjust_tail, 2, "bpf_xdp_adjust_tail" },
	{ BPF_FUNC_perf_event_output, 5, "bpf_perf_event_output" },
};

/* The kernel's own list has all helpers by number. */
static const char *const names[] = {
#define NAME(name) #name
	__BPF_FUNC_MAPPER(NAME)
#undef NAME
};

unsigned int call_helper_args(int id)
{
	for (size_t i = 0; i < ARRAY_SIZE(helpers); i++)
		if (helpers[i].id == id)
			return helpers[i].args;
	return 5;
}

static const char *helper_name(int id)
{
	return id >= 0 && (size_t)id < ARRAY_SIZE(names) ? names[id] : "?";
}

static bool has_helper(const struct card_limits *card, int id)
{
	switch (id) {
	case BPF_FUNC_map_lookup_elem:
		return card->h_lookup;
	case BPF_FUNC_map_update_elem:
		return card->h_update;
	case BPF_FUNC_map_delete_elem:
		return card->h_delete;
	case BPF_FUNC_get_prandom_u32:
		return card->c_random;
	case BPF_FUNC_xdp_adjust_head:
		return card->c_adj_head;
	case BPF_FUNC_xdp_adjust_tail:
		return card->c_adj_tail;
	default:
		return card->h_perf;
	}
}

/* verifier.c, nfp_bpf_stack_arg_ok() */
static bool judge_argument(struct walk *walk, struct state *state, int number)
{
	const struct value *value = &state_frame(state)->r[number];
	enum safe_rule rule;

	if (value->kind == VALUE_STACK && value_is_constant(value) &&
	    value->off % 4 == 0)
		return true;
	rule = value->kind != VALUE_STACK  ? SAFE_ARG_NOT_ON_STACK
	       : !value_is_constant(value) ? SAFE_ARG_VARIABLE
					   : SAFE_ARG_UNALIGNED;
	walk_violation(walk, rule, state->at, SAFE_NOWHERE, "argument %d",
		       number);
	return false;
}

/* verifier.c, nfp_bpf_map_update_value_ok(): words that may not be zero. */
static void judge_update(struct walk *walk, const struct state *state,
			 const struct value *map, const struct value *from)
{
	const struct frame *frame = &state->frames[from->frame];
	struct word *words = walk->words[map->map];
	uint32_t size = walk->program->maps[map->map].value_size;

	if (size > VALUE_SIZE_MAX)
		return;
	for (uint32_t i = 0; i < size && i < 512; i++) {
		if (state_stack_byte(frame, from->off + (int)i) == BYTE_ZERO)
			continue;
		if (words[i / 4].use == WORD_ADDED) {
			walk_violation(walk, SAFE_COUNTER_NOT_ZERO, state->at,
				       map->map, "%.60s, byte %u",
				       walk->program->maps[map->map].name, i);
			return;
		}
		words[i / 4].may_not_be_zero = true;
	}
}

static void judge_event(struct walk *walk, struct state *state)
{
	struct frame *frame = state_frame(state);
	const struct value *flags = &frame->r[BPF_REG_3];
	enum value_kind kind = frame->r[BPF_REG_4].kind;
	struct note *note = &walk->notes[state->at];

	if (flags->kind != VALUE_NUMBER || flags->mask & BPF_F_INDEX_MASK ||
	    (flags->bits & BPF_F_INDEX_MASK) != BPF_F_CURRENT_CPU) {
		walk_violation(walk, SAFE_EVENT_CPU, state->at, SAFE_NOWHERE,
			       "flags 0x%llx", (unsigned long long)flags->bits);
		return;
	}
	if (kind != VALUE_NUMBER && kind != VALUE_STACK &&
	    kind != VALUE_ENTRY && kind != VALUE_PACKET) {
		walk_violation(walk, SAFE_POINTER_TYPE, state->at, SAFE_NOWHERE,
			       "argument 4");
		return;
	}
	if (kind == VALUE_STACK && !judge_argument(walk, state, BPF_REG_4))
		return;
	if (note->event != VALUE_NONE && note->event != kind)
		walk_violation(walk, SAFE_EVENT_POINTER, state->at,
			       SAFE_NOWHERE, "argument 4");
	note->event = kind;
}

static void judge_map_call(struct walk *walk, struct state *state, int id)
{
	struct frame *frame = state_frame(state);

	if (!judge_argument(walk, state, BPF_REG_2) ||
	    id != BPF_FUNC_map_update_elem ||
	    !judge_argument(walk, state, BPF_REG_3))
		return;
	if (frame->r[BPF_REG_1].kind == VALUE_MAP)
		judge_update(walk, state, &frame->r[BPF_REG_1],
			     &frame->r[BPF_REG_3]);
}

/* verifier.c, nfp_bpf_check_helper_call() */
static void judge_helper(struct walk *walk, struct state *state,
			 const struct bpf_insn *insn)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(helpers) && helpers[i].id != insn->imm)
		i++;
	if (insn->src_reg == BPF_PSEUDO_KFUNC_CALL) {
		walk_violation(walk, SAFE_HELPER_UNKNOWN, state->at,
			       SAFE_NOWHERE, "a function of the kernel");
	} else if (i == ARRAY_SIZE(helpers)) {
		walk_violation(walk, SAFE_HELPER_UNKNOWN, state->at,
			       SAFE_NOWHERE, "bpf_%.60s() (%d)",
			       helper_name(insn->imm), insn->imm);
	} else if (!has_helper(walk->card, insn->imm)) {
		walk_violation(walk, SAFE_HELPER_FIRMWARE, state->at,
			       SAFE_NOWHERE, "%s()", helpers[i].name);
	} else if (insn->imm == BPF_FUNC_perf_event_output) {
		judge_event(walk, state);
	} else if (insn->imm == BPF_FUNC_map_lookup_elem ||
		   insn->imm == BPF_FUNC_map_update_elem ||
		   insn->imm == BPF_FUNC_map_delete_elem) {
		judge_map_call(walk, state, insn->imm);
	}
}

/* What arguments point to on the stack is used; others than ours may write. */
static void use_arguments(struct walk *walk, struct state *state, int id)
{
	unsigned int count = call_helper_args(id);

	for (unsigned int i = BPF_REG_1; i <= count; i++) {
		const struct value *value = &state_frame(state)->r[i];

		if (value->kind != VALUE_STACK)
			continue;
		memory_use_stack(walk, state, value, value->off);
		if (count == 5 && id != BPF_FUNC_perf_event_output)
			state_stack_spoil(&state->frames[value->frame]);
	}
}

static struct value result_of(struct walk *walk, struct state *state, int id)
{
	const struct value *map = &state_frame(state)->r[BPF_REG_1];
	struct value result = value_unknown();

	switch (id) {
	case BPF_FUNC_map_lookup_elem:
		if (map->kind != VALUE_MAP)
			return result;
		result = value_pointer(VALUE_ENTRY_OR_NULL);
		result.map = map->map;
		result.id = ++walk->last_id;
		return result;
	case BPF_FUNC_redirect:
	case BPF_FUNC_redirect_map: /* XDP_REDIRECT, or what was asked for */
		state->has_target = true;
		result.max = XDP_REDIRECT;
		result.mask = 7;
		return result;
	case BPF_FUNC_xdp_adjust_head:
	case BPF_FUNC_xdp_adjust_tail:
		state_forget_packets(state);
		return result;
	}
	return result;
}

void call_helper(struct walk *walk, struct state *state,
		 const struct bpf_insn *insn)
{
	struct frame *frame = state_frame(state);
	bool is_helper = insn->src_reg != BPF_PSEUDO_KFUNC_CALL;
	struct value result;

	if (walk_is_card(walk))
		judge_helper(walk, state, insn);
	else if (is_helper && walk->target == SAFE_NATIVE &&
		 insn->imm == BPF_FUNC_xdp_adjust_meta)
		walk_violation(walk, SAFE_HOST_META, state->at, SAFE_NOWHERE,
			       "bpf_xdp_adjust_meta()");
	use_arguments(walk, state, is_helper ? insn->imm : -1);
	result =
		is_helper ? result_of(walk, state, insn->imm) : value_unknown();
	for (int i = BPF_REG_1; i <= BPF_REG_5; i++)
		frame->r[i] = value_pointer(VALUE_NONE);
	frame->r[BPF_REG_0] = result;
	frame->r[BPF_REG_0].born = state->at;
}
