// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <stdlib.h>

#include "bpf/code.h"

/*
 * Room for one more element in an array of @count; the array, perhaps moved,
 * or NULL when memory ran out (the old one is still the caller's).
 */
static void *grow(struct code *code, void *array, size_t count, size_t *size,
		  size_t element)
{
	if (count < *size)
		return array;

	size_t room = *size ? *size * 2 : 64;
	void *grown = reallocarray(array, room, element);

	if (!grown) {
		code->has_failed = true;
		return NULL;
	}
	*size = room;
	return grown;
}

void code_free(struct code *code)
{
	free(code->insns);
	free(code->jumps);
	free(code->labels);
	*code = CODE_INIT;
}

bool code_has_failed(const struct code *code)
{
	return code->has_failed;
}

uint32_t code_label(struct code *code)
{
	uint32_t *labels = grow(code, code->labels, code->label_count,
				&code->label_size, sizeof(*labels));

	if (!labels)
		return LABEL_OPEN;
	code->labels = labels;
	labels[code->label_count] = LABEL_OPEN;
	return code->label_count++;
}

void code_place(struct code *code, uint32_t label)
{
	if (code->has_failed)
		return;
	assert(label < code->label_count);
	assert(code->labels[label] == LABEL_OPEN);
	code->labels[label] = code->count;
}

bool code_is_used(const struct code *code, uint32_t label)
{
	for (size_t i = 0; i < code->jump_count; i++) {
		if (code->jumps[i].label == label)
			return true;
	}
	return false;
}

void code_finish(struct code *code)
{
	if (code->has_failed)
		return;
	for (size_t i = 0; i < code->jump_count; i++) {
		const struct code_jump *jump = &code->jumps[i];
		uint32_t target = code->labels[jump->label];

		assert(target != LABEL_OPEN);
		assert(target > jump->insn);
		assert(target - jump->insn - 1 <= CODE_JUMP_MAX);
		code->insns[jump->insn].off = target - jump->insn - 1;
	}
	code->jump_count = 0;
}

struct code_mark code_mark(const struct code *code)
{
	return (struct code_mark){
		.count = code->count,
		.jump_count = code->jump_count,
		.label_count = code->label_count,
		.conditional_count = code->conditional_count,
	};
}

void code_rewind(struct code *code, const struct code_mark *mark)
{
	code->count = mark->count;
	code->jump_count = mark->jump_count;
	code->label_count = mark->label_count;
	code->conditional_count = mark->conditional_count;
}

static void append(struct code *code, struct bpf_insn insn)
{
	struct bpf_insn *insns = grow(code, code->insns, code->count,
				      &code->size, sizeof(*insns));

	if (!insns)
		return;
	code->insns = insns;
	insns[code->count++] = insn;
}

/* The next instruction jumps to @label. */
static void note_jump(struct code *code, uint32_t label)
{
	struct code_jump *jumps = grow(code, code->jumps, code->jump_count,
				       &code->jump_size, sizeof(*jumps));

	if (!jumps)
		return;
	code->jumps = jumps;
	jumps[code->jump_count++] = (struct code_jump){
		.insn = code->count,
		.label = label,
	};
}

void code_load(struct code *code, uint8_t size, uint8_t dst, uint8_t src,
	       int16_t offset)
{
	append(code, (struct bpf_insn){
			     .code = BPF_LDX | BPF_MEM | size,
			     .dst_reg = dst,
			     .src_reg = src,
			     .off = offset,
		     });
}

void code_store(struct code *code, uint8_t size, uint8_t dst, uint8_t src,
		int16_t offset)
{
	append(code, (struct bpf_insn){
			     .code = BPF_STX | BPF_MEM | size,
			     .dst_reg = dst,
			     .src_reg = src,
			     .off = offset,
		     });
}

void code_move(struct code *code, uint8_t dst, int32_t value)
{
	code_math(code, CODE_64, BPF_MOV, dst, value);
}

void code_move_reg(struct code *code, uint8_t dst, uint8_t src)
{
	code_math_reg(code, CODE_64, BPF_MOV, dst, src);
}

void code_set(struct code *code, uint8_t dst, uint64_t value)
{
	append(code, (struct bpf_insn){
			     .code = BPF_LD | BPF_IMM | BPF_DW,
			     .dst_reg = dst,
			     .imm = (int32_t)value,
		     });
	append(code, (struct bpf_insn){ .imm = (int32_t)(value >> 32) });
}

void code_map(struct code *code, uint8_t dst, uint8_t kind, uint32_t index)
{
	append(code, (struct bpf_insn){
			     .code = BPF_LD | BPF_IMM | BPF_DW,
			     .dst_reg = dst,
			     .src_reg = kind,
			     .imm = (int32_t)index,
		     });
	append(code, (struct bpf_insn){ 0 });
}

void code_call(struct code *code, int32_t helper)
{
	append(code, (struct bpf_insn){
			     .code = BPF_JMP | BPF_CALL,
			     .imm = helper,
		     });
}

static uint8_t math_class(enum code_width width)
{
	return width == CODE_32 ? BPF_ALU : BPF_ALU64;
}

void code_math(struct code *code, enum code_width width, uint8_t op,
	       uint8_t dst, int32_t value)
{
	append(code, (struct bpf_insn){
			     .code = math_class(width) | op | BPF_K,
			     .dst_reg = dst,
			     .imm = value,
		     });
}

void code_math_reg(struct code *code, enum code_width width, uint8_t op,
		   uint8_t dst, uint8_t src)
{
	append(code, (struct bpf_insn){
			     .code = math_class(width) | op | BPF_X,
			     .dst_reg = dst,
			     .src_reg = src,
		     });
}

static uint8_t jump_class(enum code_width width)
{
	return width == CODE_32 ? BPF_JMP32 : BPF_JMP;
}

void code_branch(struct code *code, enum code_width width, uint8_t op,
		 uint8_t dst, int32_t value, uint32_t label)
{
	code->conditional_count++;
	note_jump(code, label);
	append(code, (struct bpf_insn){
			     .code = jump_class(width) | op | BPF_K,
			     .dst_reg = dst,
			     .imm = value,
		     });
}

void code_branch_reg(struct code *code, enum code_width width, uint8_t op,
		     uint8_t dst, uint8_t src, uint32_t label)
{
	code->conditional_count++;
	note_jump(code, label);
	append(code, (struct bpf_insn){
			     .code = jump_class(width) | op | BPF_X,
			     .dst_reg = dst,
			     .src_reg = src,
		     });
}

void code_goto(struct code *code, uint32_t label)
{
	note_jump(code, label);
	append(code, (struct bpf_insn){ .code = BPF_JMP | BPF_JA });
}

void code_exit(struct code *code)
{
	append(code, (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT });
}

static bool names_map(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW) &&
	       (insn->src_reg == BPF_PSEUDO_MAP_IDX ||
		insn->src_reg == BPF_PSEUDO_MAP_IDX_VALUE);
}

void code_append(struct code *code, const struct code *other,
		 uint32_t map_offset)
{
	const uint32_t start = code->count, label = code->label_count;
	size_t jump = 0;

	for (size_t i = 0; i < other->label_count; i++)
		code_label(code);
	for (size_t i = 0; i < other->count && !code->has_failed; i++) {
		struct bpf_insn insn = other->insns[i];

		if (jump < other->jump_count && other->jumps[jump].insn == i)
			note_jump(code, label + other->jumps[jump++].label);
		if (names_map(&insn))
			insn.imm += (int32_t)map_offset;
		append(code, insn);
	}
	for (size_t i = 0; i < other->label_count && !code->has_failed; i++) {
		if (other->labels[i] != LABEL_OPEN)
			code->labels[label + i] = start + other->labels[i];
	}
	code->conditional_count += other->conditional_count;
	code->has_failed |= other->has_failed;
}
