// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which registers are read later on: what differs in the others makes no two
 * states of one. And which instructions are jumped to.
 */
#include "bpf/safe_walk.h"

#define CALL_ARGS 0x3e /* r1 to r5 */

static bool is_jump(const struct bpf_insn *insn)
{
	uint8_t class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);

	return (class == BPF_JMP && op != BPF_CALL && op != BPF_EXIT) ||
	       (class == BPF_JMP32 && op != BPF_JA);
}

static uint16_t bit(unsigned int r)
{
	return r < STATE_REGS ? 1 << r : 0;
}

static uint16_t helper_reads(int id)
{
	return (1 << (call_helper_args(id) + 1)) - 2;
}

/* Registers that @insn reads, and those that it sets. */
static void uses(const struct bpf_insn *insn, uint16_t *reads, uint16_t *sets)
{
	uint16_t dst = bit(insn->dst_reg), src = bit(insn->src_reg);
	bool is_register = BPF_SRC(insn->code) == BPF_X;
	uint8_t op = BPF_OP(insn->code);

	*reads = *sets = 0;
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		*sets = dst;
		*reads = op == BPF_MOV ? 0 : dst;
		if (is_register && op != BPF_END && op != BPF_NEG)
			*reads |= src;
		return;
	case BPF_LD:
		*sets = dst;
		return;
	case BPF_LDX:
		*sets = dst;
		*reads = src;
		return;
	case BPF_ST:
		*reads = dst;
		return;
	case BPF_STX: /* compare and exchange takes r0, too */
		*reads = dst | src;
		if (BPF_MODE(insn->code) == BPF_ATOMIC)
			*reads |= bit(0);
		return;
	default:
		if (op == BPF_EXIT) {
			*reads = bit(0);
		} else if (op == BPF_CALL) {
			*sets = bit(0) | CALL_ARGS;
			*reads = insn->src_reg ? CALL_ARGS
					       : helper_reads(insn->imm);
		} else if (op != BPF_JA) {
			*reads = dst | (is_register ? src : 0);
		}
	}
}

static bool is_end(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_EXIT);
}

static uint16_t live_at(const struct walk *walk, size_t at)
{
	return at < walk->program->insn_count ? walk->live[at] : 0;
}

/* From the last to the first instruction: anything new? */
static bool flow_back(struct walk *walk)
{
	const struct bpf_insn *insns = walk->program->insns;
	bool is_new = false;

	for (size_t i = walk->program->insn_count; i-- > 0;) {
		const struct bpf_insn *insn = &insns[i];
		uint16_t reads, sets, after = 0;

		uses(insn, &reads, &sets);
		if (!is_end(insn) && insn->code != (BPF_JMP | BPF_JA))
			after = live_at(walk, i + 1);
		if (is_jump(insn))
			after |= live_at(walk, i + 1 + insn->off);
		after = reads | (after & ~sets);
		is_new |= after != walk->live[i];
		walk->live[i] = after;
	}
	return is_new;
}

void live_find(struct walk *walk)
{
	const struct bpf_insn *insns = walk->program->insns;

	for (size_t i = 0; i < walk->program->insn_count; i++)
		if (is_jump(&insns[i]) &&
		    i + 1 + insns[i].off < walk->program->insn_count)
			walk->is_target[i + 1 + insns[i].off] = true;
	while (flow_back(walk))
		;
}
