// SPDX-License-Identifier: GPL-2.0-only
#include "base/num.h"
#include "bpf/safe_walk.h"

static struct value *reg(struct state *state, unsigned int number)
{
	return &state_frame(state)->r[number];
}

/* A map, a function, or 64 bits. */
static void do_wide(struct state *state, const struct bpf_insn *insn)
{
	struct value *d = reg(state, insn->dst_reg);
	uint64_t number = (uint32_t)insn[0].imm | (uint64_t)insn[1].imm << 32;

	switch (insn->src_reg) {
	case BPF_PSEUDO_MAP_IDX:
		*d = value_pointer(VALUE_MAP);
		d->map = insn->imm;
		break;
	case BPF_PSEUDO_MAP_IDX_VALUE:
		*d = value_pointer(VALUE_ENTRY);
		d->map = insn->imm;
		d->off = insn[1].imm;
		break;
	case BPF_PSEUDO_FUNC:
		*d = value_pointer(VALUE_FUNCTION);
		break;
	default:
		*d = insn->src_reg ? value_unknown() : value_constant(number);
	}
	d->born = state->at;
	state->at += 2;
}

static bool is_number(const struct value *value)
{
	return value->kind == VALUE_NUMBER || value->kind == VALUE_NONE;
}

static struct value as_number(const struct value *value)
{
	return value->kind == VALUE_NUMBER ? *value : value_unknown();
}

/* verifier.c, nfp_bpf_check_alu(): before the operation. */
static void judge_width(struct walk *walk, size_t at,
			const struct bpf_insn *insn, const struct value *d,
			const struct value *s)
{
	bool is_register = BPF_SRC(insn->code) == BPF_X;
	bool is64 = BPF_CLASS(insn->code) == BPF_ALU64;

	switch (BPF_OP(insn->code)) {
	case BPF_MUL:
		if (d->max > UINT32_MAX)
			walk_violation(walk, SAFE_MUL_RANGE, at, SAFE_NOWHERE,
				       "r%u may be wider", insn->dst_reg);
		else if (is_register && s->max > UINT32_MAX)
			walk_violation(walk, SAFE_MUL_RANGE, at, SAFE_NOWHERE,
				       "r%u may be wider", insn->src_reg);
		else if (!is_register && is64 && insn->imm < 0)
			walk_violation(walk, SAFE_MUL_RANGE, at, SAFE_NOWHERE,
				       "times %d", insn->imm);
		return;
	case BPF_DIV:
		if (d->max > UINT32_MAX)
			walk_violation(walk, SAFE_DIV_RANGE, at, SAFE_NOWHERE,
				       "r%u may be wider", insn->dst_reg);
		else if (is_register && s->min != s->max)
			walk_violation(walk, SAFE_DIV_VARIABLE, at,
				       SAFE_NOWHERE, "r%u is not constant",
				       insn->src_reg);
		else if (is_register && s->max > UINT32_MAX)
			walk_violation(walk, SAFE_DIV_RANGE, at, SAFE_NOWHERE,
				       "r%u is wider", insn->src_reg);
		else if (!is_register && insn->imm < 0)
			walk_violation(walk, SAFE_DIV_RANGE, at, SAFE_NOWHERE,
				       "by %d", insn->imm);
		return;
	case BPF_MOD:
		walk_violation(walk, SAFE_NO_REMAINDER, at, SAFE_NOWHERE,
			       "instruction 0x%02x", insn->code);
		return;
	case BPF_END:
		if (!is64 && BPF_SRC(insn->code) == BPF_TO_LE)
			walk_violation(walk, SAFE_SWAP_TO_LITTLE, at,
				       SAFE_NOWHERE, "le%d", insn->imm);
		return;
	}
}

/* A copy of an unknown number is known to be one. */
static void do_move(struct walk *walk, struct value *d, struct value *s,
		    bool is64)
{
	if (!is64) {
		struct value number = as_number(s);

		*d = value_low(&number);
		return;
	}
	if (s->kind == VALUE_NUMBER && !s->id && !value_is_constant(s))
		s->id = ++walk->last_id;
	*d = *s;
}

static struct value calculate(uint8_t op, const struct value *d,
			      const struct value *s, bool is64)
{
	struct value left, right;

	if (is64 && !is_number(d) && s->kind == VALUE_NUMBER &&
	    (op == BPF_ADD || op == BPF_SUB))
		return value_move(d, s, op == BPF_ADD ? 1 : -1);
	if (is64 && op == BPF_ADD && !is_number(s) && d->kind == VALUE_NUMBER)
		return value_move(s, d, 1);
	if (!is_number(d) || !is_number(s))
		return is64 ? value_unknown() : value_of_size(4);
	left = as_number(d);
	right = as_number(s);
	return value_arithmetic(op, &left, &right, is64);
}

static void do_alu(struct walk *walk, struct state *state,
		   const struct bpf_insn *insn)
{
	bool is64 = BPF_CLASS(insn->code) == BPF_ALU64;
	struct value *d = reg(state, insn->dst_reg);
	struct value constant = value_constant((int64_t)insn->imm);
	struct value *s =
		BPF_SRC(insn->code) == BPF_X && BPF_OP(insn->code) != BPF_END
			? reg(state, insn->src_reg)
			: &constant;
	uint8_t op = BPF_OP(insn->code);
	bool is_one = op == BPF_NEG || op == BPF_END;

	if (walk_is_card(walk)) {
		struct value left = as_number(d), right = as_number(s);

		judge_width(walk, state->at, insn, &left, &right);
	}
	if (is_one)
		*d = value_unknown(); /* verifier.c, check_alu_op() */
	else if (op == BPF_MOV)
		do_move(walk, d, s, is64);
	else
		*d = calculate(op, d, s, is64);
	if (op != BPF_MOV || !is64)
		d->id = is_number(d) ? 0 : d->id;
	d->born = state->at;
	state->at++;
}

/* What is compared with what, the number last. */
struct question {
	struct value *value;
	uint64_t number;
	uint8_t op;
	bool is64;
};

static uint8_t mirrored(uint8_t op)
{
	switch (op) {
	case BPF_JGT:
		return BPF_JLT;
	case BPF_JGE:
		return BPF_JLE;
	case BPF_JLT:
		return BPF_JGT;
	case BPF_JLE:
		return BPF_JGE;
	case BPF_JSGT:
		return BPF_JSLT;
	case BPF_JSGE:
		return BPF_JSLE;
	case BPF_JSLT:
		return BPF_JSGT;
	case BPF_JSLE:
		return BPF_JSGE;
	}
	return op;
}

/* false: two unknown things are compared. */
static bool ask(struct state *state, const struct bpf_insn *insn,
		struct question *out)
{
	struct value *d = reg(state, insn->dst_reg);
	struct value *s = reg(state, insn->src_reg);

	*out = (struct question){
		.value = d,
		.number = (int64_t)insn->imm,
		.op = BPF_OP(insn->code),
		.is64 = BPF_CLASS(insn->code) == BPF_JMP,
	};
	if (BPF_SRC(insn->code) == BPF_K)
		return true;
	if (s->kind == VALUE_NUMBER && value_is_constant(s)) {
		out->number = s->bits;
		return true;
	}
	if (d->kind == VALUE_NUMBER && value_is_constant(d)) {
		out->value = s;
		out->number = d->bits;
		out->op = mirrored(out->op);
		return true;
	}
	return false;
}

/* 1, 0, or -1 where it depends. */
static int answer(const struct question *question)
{
	const struct value *value = question->value;

	if (value->kind == VALUE_NUMBER)
		return value_compare(question->op, value, question->number,
				     question->is64);
	/* An entry that was found is not NULL. */
	if (value->kind == VALUE_ENTRY && question->is64 && !question->number) {
		if (question->op == BPF_JEQ)
			return 0;
		if (question->op == BPF_JNE)
			return 1;
	}
	return -1;
}

static bool is_null_test(const struct question *question)
{
	return question->is64 && !question->number &&
	       (question->op == BPF_JEQ || question->op == BPF_JNE) &&
	       (question->value->kind == VALUE_ENTRY_OR_NULL ||
		question->value->kind == VALUE_MEMORY_OR_NULL);
}

static void learn(struct state *state, const struct question *question,
		  bool is_true)
{
	struct value *value = question->value;

	if (is_null_test(question)) {
		state_learn_null(state, value->id,
				 is_true == (question->op == BPF_JEQ));
	} else if (value->kind == VALUE_NUMBER) {
		value_learn(question->op, value, question->number,
			    question->is64, is_true);
		struct value known = *value;
		state_learn(state, &known);
	}
}

static void do_branch(struct walk *walk, struct state *state,
		      const struct bpf_insn *insn)
{
	size_t target = state->at + 1 + insn->off;
	struct question question;
	bool is_known = ask(state, insn, &question);
	int is_true = is_known ? answer(&question) : -1;

	if (is_true < 0) {
		struct state *other = state_copy(state);

		if (other) {
			ask(other, insn, &question);
			if (is_known)
				learn(other, &question, true);
			other->at = target;
		}
		walk_push(walk, other);
		ask(state, insn, &question);
		if (is_known)
			learn(state, &question, false);
		is_true = 0;
	}
	state->at = is_true ? target : state->at + 1;
}

/* A function of a global name was judged alone. */
static bool do_call(struct walk *walk, struct state *state,
		    const struct bpf_insn *insn)
{
	size_t start = state->at + 1 + insn->imm;
	size_t index = walk_function_of(walk, start);

	state->at++;
	if (!walk->program->functions[index].is_global)
		return state_enter(state, index, start);
	for (int i = BPF_REG_1; i <= BPF_REG_5; i++)
		*reg(state, i) = value_pointer(VALUE_NONE);
	*reg(state, BPF_REG_0) = value_unknown();
	reg(state, BPF_REG_0)->born = state->at - 1;
	return true;
}

static void judge_code(struct walk *walk, const struct state *state,
		       const struct value *code)
{
	bool is_constant = value_is_constant(code);
	uint64_t max = walk_is_card(walk) ? XDP_TX : XDP_REDIRECT;
	enum safe_rule rule =
		walk_is_card(walk) ? SAFE_RETURN_CODE : SAFE_HOST_CODE;

	if (code->max > max) {
		if (is_constant)
			walk_violation(walk, rule, code->born, SAFE_NOWHERE,
				       "returns %llu",
				       (unsigned long long)code->bits);
		else
			walk_violation(walk, rule, code->born, SAFE_NOWHERE,
				       "may return more than %llu",
				       (unsigned long long)max);
	}
	if (!walk_is_card(walk) && is_constant && code->bits == XDP_REDIRECT &&
	    !state->has_target)
		walk_violation(walk, SAFE_HOST_REDIRECT, code->born,
			       SAFE_NOWHERE, "returns XDP_REDIRECT");
}

static bool do_exit(struct walk *walk, struct state *state)
{
	struct value code = as_number(reg(state, BPF_REG_0));

	if (state_leave(state))
		return true;
	/* Only the main function's end is the program's. */
	if (!state_frame(state)->function)
		judge_code(walk, state, &code);
	return false;
}

static bool do_jump(struct walk *walk, struct state *state,
		    const struct bpf_insn *insn)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JA:
		state->at += 1 + insn->off;
		return true;
	case BPF_EXIT:
		return do_exit(walk, state);
	case BPF_CALL:
		if (insn->src_reg == BPF_PSEUDO_CALL)
			return do_call(walk, state, insn);
		call_helper(walk, state, insn);
		state->at++;
		return true;
	default:
		do_branch(walk, state, insn);
		return true;
	}
}

/* jit.c, instr_cb[]; remainders and swaps have rules of their own. */
static bool has_opcode(const struct bpf_insn *insn)
{
	uint8_t class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);
	uint8_t mode = BPF_MODE(insn->code);

	switch (class) {
	case BPF_ALU:
		return op <= BPF_END;
	case BPF_ALU64:
		return op < BPF_END;
	case BPF_LD:
		return insn->code == (BPF_LD | BPF_IMM | BPF_DW);
	case BPF_LDX:
	case BPF_ST:
		return mode == BPF_MEM;
	case BPF_STX:
		return mode == BPF_MEM ||
		       (mode == BPF_ATOMIC && BPF_SIZE(insn->code) != BPF_B &&
			BPF_SIZE(insn->code) != BPF_H);
	case BPF_JMP:
		return op <= BPF_JSLE;
	default:
		return op != BPF_JA && op <= BPF_JSLE && op != BPF_CALL &&
		       op != BPF_EXIT;
	}
}

bool step(struct walk *walk, struct state *state)
{
	const struct bpf_insn *insn = &walk->program->insns[state->at];

	walk->notes[state->at].is_reached = true;
	if (walk_is_card(walk) && !has_opcode(insn))
		walk_violation(walk, SAFE_OPCODE, state->at, SAFE_NOWHERE,
			       "instruction 0x%02x", insn->code);
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		do_alu(walk, state, insn);
		return true;
	case BPF_LD:
		if (insn->code == (BPF_LD | BPF_IMM | BPF_DW)) {
			do_wide(state, insn);
			return true;
		}
		*reg(state, BPF_REG_0) = value_unknown();
		break;
	case BPF_LDX:
		memory_load(walk, state, insn);
		break;
	case BPF_ST:
		memory_store_immediate(walk, state, insn);
		break;
	case BPF_STX:
		if (BPF_MODE(insn->code) == BPF_ATOMIC)
			memory_atomic(walk, state, insn);
		else
			memory_store(walk, state, insn);
		break;
	case BPF_JMP:
	case BPF_JMP32:
		return do_jump(walk, state, insn);
	}
	state->at++;
	return true;
}
