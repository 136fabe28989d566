// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/machine.h"

#define STACK_SIZE 512
#define STEPS_MAX  1000000

struct machine {
	const struct program *program;
	uint64_t regs[11];
	uint8_t stack[STACK_SIZE];
	const struct wire_header *header;
	bool has_fault;
};

static bool is_within(uint64_t at, size_t size, const void *start, size_t room)
{
	uint64_t first = (uintptr_t)start;

	return at >= first && at + size <= first + room;
}

static bool is_in_table(const struct machine *machine, uint64_t at, size_t size)
{
	for (size_t i = 0; i < machine->program->tables.count; i++) {
		const struct tables_entry *table =
			&machine->program->tables.list[i];

		if (is_within(at, size, table->data,
			      (size_t)table->element * table->count))
			return true;
	}
	return false;
}

static bool may_read(const struct machine *machine, uint64_t at, size_t size)
{
	return is_within(at, size, machine->header, sizeof(*machine->header)) ||
	       is_within(at, size, machine->stack, STACK_SIZE) ||
	       is_in_table(machine, at, size);
}

static size_t size_of(uint8_t code)
{
	switch (BPF_SIZE(code)) {
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

static bool compare(uint8_t op, uint64_t a, uint64_t b, bool is_32)
{
	int64_t x = is_32 ? (int32_t)a : (int64_t)a;
	int64_t y = is_32 ? (int32_t)b : (int64_t)b;

	switch (op) {
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	case BPF_JLE:
		return a <= b;
	case BPF_JSET:
		return a & b;
	case BPF_JSGT:
		return x > y;
	case BPF_JSGE:
		return x >= y;
	case BPF_JSLT:
		return x < y;
	case BPF_JSLE:
		return x <= y;
	}
	abort();
}

static uint64_t compute(uint8_t op, uint64_t a, uint64_t b, bool is_32)
{
	unsigned int bits = is_32 ? 31 : 63;

	switch (op) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b & bits);
	case BPF_RSH:
		return a >> (b & bits);
	case BPF_ARSH:
		return is_32 ? (uint64_t)((int32_t)a >> (b & bits))
			     : (uint64_t)((int64_t)a >> (b & bits));
	case BPF_MOV:
		return b;
	}
	abort();
}

static uint64_t operand(const struct machine *machine,
			const struct bpf_insn *insn)
{
	return BPF_SRC(insn->code) == BPF_X ? machine->regs[insn->src_reg]
					    : (uint64_t)(int64_t)insn->imm;
}

static void load(struct machine *machine, const struct bpf_insn *insn)
{
	uint64_t at = machine->regs[insn->src_reg] + insn->off, value = 0;
	size_t size = size_of(insn->code);

	if (may_read(machine, at, size))
		memcpy(&value, (const void *)(uintptr_t)at, size);
	else
		machine->has_fault = true;
	machine->regs[insn->dst_reg] = value;
}

static void store(struct machine *machine, const struct bpf_insn *insn)
{
	uint64_t at = machine->regs[insn->dst_reg] + insn->off;
	size_t size = size_of(insn->code);

	if (is_within(at, size, machine->stack, STACK_SIZE))
		memcpy((void *)(uintptr_t)at, &machine->regs[insn->src_reg],
		       size);
	else
		machine->has_fault = true;
}

/* A table is named by its number, or its address is taken. */
static void set_wide(struct machine *machine, const struct bpf_insn *insn)
{
	const struct tables *tables = &machine->program->tables;
	uint64_t value = (uint32_t)insn->imm | (uint64_t)insn[1].imm << 32;

	if (insn->src_reg == BPF_PSEUDO_MAP_IDX_VALUE) {
		assert((uint32_t)insn->imm < tables->count);
		value = (uintptr_t)tables->list[insn->imm].data;
	}
	machine->regs[insn->dst_reg] = value;
}

static void call(struct machine *machine, const struct bpf_insn *insn)
{
	const struct tables *tables = &machine->program->tables;
	uint64_t *regs = machine->regs;
	uint32_t key;

	if (insn->imm != BPF_FUNC_map_lookup_elem || regs[1] >= tables->count ||
	    !is_within(regs[2], sizeof(key), machine->stack, STACK_SIZE)) {
		machine->has_fault = true;
		return;
	}
	memcpy(&key, (const void *)(uintptr_t)regs[2], sizeof(key));

	const struct tables_entry *table = &tables->list[regs[1]];
	regs[0] = key < table->count ? (uintptr_t)table->data +
					       (size_t)table->element * key
				     : 0;
	for (int r = 1; r <= 5; r++)
		regs[r] = 0xdead000000000000;
}

/* Returns how many instructions to go on, 0 at the end. */
static int step(struct machine *machine, const struct bpf_insn *insn)
{
	uint64_t *dst = &machine->regs[insn->dst_reg];
	uint8_t op = BPF_OP(insn->code);
	uint64_t a = *dst, b = operand(machine, insn);

	switch (BPF_CLASS(insn->code)) {
	case BPF_LDX:
		load(machine, insn);
		return 1;
	case BPF_STX:
		store(machine, insn);
		return 1;
	case BPF_LD:
		set_wide(machine, insn);
		return 2;
	case BPF_ALU:
		*dst = (uint32_t)compute(op, (uint32_t)a, (uint32_t)b, true);
		return 1;
	case BPF_ALU64:
		*dst = compute(op, a, b, false);
		return 1;
	case BPF_JMP32:
		return compare(op, (uint32_t)a, (uint32_t)b, true)
			       ? 1 + insn->off
			       : 1;
	default:
		break;
	}
	if (op == BPF_EXIT)
		return 0;
	if (op == BPF_JA)
		return 1 + insn->off;
	if (op == BPF_CALL) {
		call(machine, insn);
		return 1;
	}
	return compare(op, a, b, false) ? 1 + insn->off : 1;
}

int64_t machine_run(const struct program *program,
		    const struct wire_header *header)
{
	struct machine machine = { .program = program, .header = header };
	size_t at = 0;

	machine.regs[1] = (uintptr_t)header;
	machine.regs[10] = (uintptr_t)(machine.stack + STACK_SIZE);
	for (size_t steps = 0; steps < STEPS_MAX; steps++) {
		if (at >= program->insn_count)
			return -EFAULT;

		int next = step(&machine, &program->insns[at]);
		if (machine.has_fault)
			return -EFAULT;
		if (next == 0)
			return (int64_t)(uint32_t)machine.regs[0];
		at += next;
	}
	return -ELOOP;
}
