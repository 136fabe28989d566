/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * BPF instructions being written: a buffer that grows, and labels that jumps
 * may name before they are placed. One function per kind of instruction. An
 * allocation failure is remembered (code_has_failed), so that code which
 * writes code stays readable: check once at the end.
 *
 * Invariants
 *  1. A jump goes forward, to a label that is placed behind it.
 *  2. Distances are checked when all is written (code_finish): what does not
 *     fit into a jump must have been taken back before (code_rewind).
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct code_jump {
	uint32_t insn;
	uint32_t label;
};

struct code {
	struct bpf_insn *insns;
	size_t count, size;
	struct code_jump *jumps; /* to be patched by code_finish() */
	size_t jump_count, jump_size;
	uint32_t *labels; /* index: label; place in insns or LABEL_OPEN */
	size_t label_count, label_size;
	size_t conditional_count; /* conditional jumps written */
	bool has_failed;
};

#define CODE_INIT  ((struct code){ 0 })
#define OWN_CODE   __attribute__((cleanup(code_free)))
#define LABEL_OPEN UINT32_MAX

/* The furthest that a jump reaches, in instructions. */
#define CODE_JUMP_MAX INT16_MAX

void code_free(struct code *code);

/* Did memory run out? What was written then is of no use. */
bool code_has_failed(const struct code *code);

/* Labels are numbers; place each once, behind every jump to it. */
uint32_t code_label(struct code *code);
void code_place(struct code *code, uint32_t label);
bool code_is_used(const struct code *code, uint32_t label); /* jumped to */

/* Patch every jump. All labels jumped to must be placed and within reach. */
void code_finish(struct code *code);

/* Where writing stands, to take back everything that came after. */
struct code_mark {
	size_t count, jump_count, label_count, conditional_count;
};
struct code_mark code_mark(const struct code *code);
void code_rewind(struct code *code, const struct code_mark *mark);

/*
 * All of @other behind what is there: its labels become new ones, and the
 * numbers of its maps go up by @map_offset.
 */
void code_append(struct code *code, const struct code *other,
		 uint32_t map_offset);

/* How many of a register's bits take part. */
enum code_width {
	CODE_32,
	CODE_64,
};

/* dst = @size (BPF_B, BPF_H, BPF_W, BPF_DW) at src + offset */
void code_load(struct code *code, uint8_t size, uint8_t dst, uint8_t src,
	       int16_t offset);

/* @size at dst + offset = src; not on cards, but for the stack */
void code_store(struct code *code, uint8_t size, uint8_t dst, uint8_t src,
		int16_t offset);

/* dst = value, which is sign-extended; code_set() takes all 64 bits. */
void code_move(struct code *code, uint8_t dst, int32_t value);
void code_move_reg(struct code *code, uint8_t dst, uint8_t src);
void code_set(struct code *code, uint8_t dst, uint64_t value);

/*
 * dst = map number @index of the program (@kind BPF_PSEUDO_MAP_IDX), or the
 * address of what it holds (BPF_PSEUDO_MAP_IDX_VALUE): bpf/splice.c puts in what
 * that is when the program is loaded.
 */
void code_map(struct code *code, uint8_t dst, uint8_t kind, uint32_t index);

/* r0 = @helper(r1, ...), which clobbers r1 to r5 */
void code_call(struct code *code, int32_t helper);

/* dst = dst @op value, @op one of BPF_ADD, BPF_SUB, BPF_AND, BPF_RSH, ... */
void code_math(struct code *code, enum code_width width, uint8_t op,
	       uint8_t dst, int32_t value);
void code_math_reg(struct code *code, enum code_width width, uint8_t op,
		   uint8_t dst, uint8_t src);

/* if (dst @op value) goto label, @op one of BPF_JEQ, BPF_JNE, BPF_JGT, ... */
void code_branch(struct code *code, enum code_width width, uint8_t op,
		 uint8_t dst, int32_t value, uint32_t label);
void code_branch_reg(struct code *code, enum code_width width, uint8_t op,
		     uint8_t dst, uint8_t src, uint32_t label);

void code_goto(struct code *code, uint32_t label);
void code_exit(struct code *code);
