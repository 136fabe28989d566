// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long a program becomes on the card, and how much of its stack it takes.
 * The stack is exact (verifier.c, nfp_bpf_get_stack_usage()); the length is an
 * estimate: jit.c also merges neighbours and caches the packet.
 * tests/hw/cases/03_objects.sh compares it with what the JIT makes.
 */
#include "base/num.h"
#include "bpf/safe_walk.h"

/* Before the program, behind it, and what the prefetcher needs. */
#define FRAME_LENGTH 23
/* Saving and restoring r6 to r9, once. */
#define SAVE_LENGTH 18

/* A constant in a register of 32 bits. */
static unsigned int immediate(uint32_t number)
{
	return number <= UINT16_MAX || ~number <= UINT16_MAX ||
			       !(number & UINT16_MAX)
		       ? 1
		       : 2;
}

/* ... as an operand: small ones are part of the instruction. */
static unsigned int operand(uint32_t number)
{
	return number < 128 ? 0 : immediate(number);
}

static unsigned int alu_length(const struct bpf_insn *insn)
{
	bool is64 = BPF_CLASS(insn->code) == BPF_ALU64;
	bool is_register = BPF_SRC(insn->code) == BPF_X;

	switch (BPF_OP(insn->code)) {
	case BPF_MOV:
		return is_register ? 2 : 1 + immediate(insn->imm);
	case BPF_MUL:
		return 9 + operand(insn->imm);
	case BPF_DIV:
		return 14;
	case BPF_NEG:
		return 3;
	case BPF_END:
		return insn->imm == 64 ? 9 : 4;
	case BPF_LSH:
	case BPF_RSH:
	case BPF_ARSH:
		return is_register ? (is64 ? 12 : 4) : 2;
	}
	if (is_register)
		return 2;
	return 2 + operand(insn->imm) + (is64 && insn->imm < 0);
}

static unsigned int memory_length(const struct bpf_insn *insn,
				  const struct note *note)
{
	bool is_wide = BPF_SIZE(insn->code) == BPF_DW;
	int off = -(note->off + insn->off);

	switch (note->kind) {
	case VALUE_STACK: /* far from the frame's start, a pointer is set */
		return (is_wide ? 2 : 1) + (note->has_moved ? 5 : off > 64);
	case VALUE_PACKET:
		return is_wide ? 4 : 3;
	case VALUE_ENTRY:
		return is_wide ? 6 : 5;
	default:
		return 2;
	}
}

static unsigned int jump_length(const struct bpf_insn *insn)
{
	bool is64 = BPF_CLASS(insn->code) == BPF_JMP;
	bool is_register = BPF_SRC(insn->code) == BPF_X;
	unsigned int load = is_register ? 0 : operand(insn->imm);

	switch (BPF_OP(insn->code)) {
	case BPF_JA:
	case BPF_EXIT:
		return 1;
	case BPF_JEQ:
		if (is_register)
			return is64 ? 4 : 2;
		return is64 ? (insn->imm ? 3 : 2) + load : 2 + load;
	case BPF_JNE:
		return is64 && (is_register || insn->imm) ? 4 + load : 2 + load;
	case BPF_JSET:
		return (is_register ? 4 : 2) + load;
	}
	return is64 ? 3 + load : 2 + load;
}

static unsigned int call_length(const struct walk *walk, size_t at)
{
	const struct bpf_insn *insn = &walk->program->insns[at];
	size_t caller = walk_function_of(walk, at);

	/* The stack's pointer moves by the caller's frame. */
	if (insn->src_reg == BPF_PSEUDO_CALL)
		return caller || walk->stacks[caller] ? 10 : 3;
	switch (insn->imm) {
	case BPF_FUNC_map_lookup_elem:
	case BPF_FUNC_map_update_elem:
	case BPF_FUNC_map_delete_elem:
		return 6;
	case BPF_FUNC_xdp_adjust_head:
		return 8; /* 5 by a constant, 16 otherwise */
	case BPF_FUNC_xdp_adjust_tail:
		return 13;
	}
	return 4;
}

static unsigned int insn_length(const struct walk *walk, size_t at)
{
	const struct bpf_insn *insn = &walk->program->insns[at];

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		return alu_length(insn);
	case BPF_LD:
		if (insn->code != (BPF_LD | BPF_IMM | BPF_DW))
			return 4;
		return insn->src_reg ? 2
				     : immediate(insn[0].imm) +
					       immediate(insn[1].imm);
	case BPF_LDX:
	case BPF_ST:
		return memory_length(insn, &walk->notes[at]);
	case BPF_STX:
		return BPF_MODE(insn->code) == BPF_ATOMIC
			       ? 5 + 2 * !!insn->off
			       : memory_length(insn, &walk->notes[at]);
	}
	return BPF_OP(insn->code) == BPF_CALL &&
			       BPF_CLASS(insn->code) == BPF_JMP
		       ? call_length(walk, at)
		       : jump_length(insn);
}

static size_t function_end(const struct safe_program *program, size_t index)
{
	return index + 1 < program->function_count
		       ? program->functions[index + 1].start
		       : program->insn_count;
}

/* Does it write to r6 to r9? The driver looks at every instruction's field. */
static bool saves_registers(const struct safe_program *program, size_t index)
{
	for (size_t i = program->functions[index].start;
	     i < function_end(program, index); i++)
		if (program->insns[i].dst_reg >= BPF_REG_6 &&
		    program->insns[i].dst_reg <= BPF_REG_9)
			return true;
	return false;
}

void length_judge(struct walk *walk)
{
	const struct safe_program *program = walk->program;
	unsigned int length = FRAME_LENGTH;
	bool has_saves = false;

	for (size_t i = 0; i < program->insn_count; i++)
		if (walk->notes[i].is_reached)
			length += insn_length(walk, i);
	for (size_t i = 1; i < program->function_count; i++) {
		length += 2;
		has_saves |= saves_registers(program, i);
	}
	length += has_saves ? SAVE_LENGTH : 0;
	walk->verdict->card_insns = length;
	if (length > walk->card->max_len)
		walk_violation(walk, SAFE_PROGRAM_LENGTH, SAFE_NOWHERE,
			       SAFE_NOWHERE, "about %u of at most %u", length,
			       walk->card->max_len);
}

/* Where the address goes that a function returns to, and r6 to r9. */
#define RETURN_SIZE 4
#define SAVED_SIZE  32
#define FRAME_ALIGN 64

static unsigned int frame_size(const struct walk *walk, size_t index)
{
	unsigned int size = walk->stacks[index];

	if (index)
		size += RETURN_SIZE + (saves_registers(walk->program, index)
					       ? SAVED_SIZE
					       : 0);
	return (size + FRAME_ALIGN - 1) / FRAME_ALIGN * FRAME_ALIGN;
}

static unsigned int deepest(const struct walk *walk, size_t index, int depth)
{
	const struct safe_program *program = walk->program;
	unsigned int max = 0;

	for (size_t i = program->functions[index].start;
	     i < function_end(program, index) && depth < STATE_FRAMES; i++) {
		const struct bpf_insn *insn = &program->insns[i];
		unsigned int below;

		if (insn->code != (BPF_JMP | BPF_CALL) ||
		    insn->src_reg != BPF_PSEUDO_CALL)
			continue;
		below = deepest(walk, walk_function_of(walk, i + 1 + insn->imm),
				depth + 1);
		max = below > max ? below : max;
	}
	return frame_size(walk, index) + max;
}

void stack_judge(struct walk *walk)
{
	unsigned int max = walk->card->stack_sz * 64;

	walk->verdict->stack = deepest(walk, 0, 1);
	if (walk->verdict->stack > max)
		walk_violation(walk, SAFE_STACK_SIZE, SAFE_NOWHERE,
			       SAFE_NOWHERE, "%u of at most %u bytes",
			       walk->verdict->stack, max);
}
