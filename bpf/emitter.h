/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A program being written: its code, the tables that the code reads, and what
 * a packet is predicted to pay for both.
 *
 * Registers of code that reads tables: r6 is the struct wire_header; r7 to r9
 * live across lookups; r0 to r5 do not. What must live longer is on the stack.
 */
#include "bpf/code.h"
#include "bpf/tables.h"

/*
 * Nanoseconds for one packet behind parsing: when all that it needs is in the
 * first cache (the same packet again and again), and when nothing is (random
 * packets).
 */
struct cost {
	double hot, random;
};

struct emitter {
	struct code code;
	struct tables tables;
	struct arena *arena; /* the program's: what tables hold lies here */
	const struct target *target;
	struct cost cost;
	size_t max_bytes; /* of all tables */
	int16_t stack;	  /* the lowest slot in use */
	uint32_t miss; /* label behind the code: what cannot happen, passes */
};

/* Where writing stands. */
struct emitter_mark {
	struct code_mark code;
	size_t table_count;
	struct cost cost;
	int16_t stack;
};
struct emitter_mark emitter_mark(const struct emitter *emitter);
void emitter_rewind(struct emitter *emitter, const struct emitter_mark *mark);

/* 8 bytes of the stack. */
int16_t emitter_slot(struct emitter *emitter);
void emitter_save(struct emitter *emitter, uint8_t reg, int16_t slot);
void emitter_restore(struct emitter *emitter, uint8_t reg, int16_t slot);

/* A table of numbers; r0 = the one at @index. */
uint32_t emitter_table(struct emitter *emitter, const char *name,
		       const uint32_t *numbers, size_t count);
void emitter_load(struct emitter *emitter, uint32_t table, uint8_t index);

/* Another dependent read somewhere in @bytes; @count instructions. */
void emitter_pay_read(struct emitter *emitter, size_t bytes);
void emitter_pay_insns(struct emitter *emitter, double count);

/* Would it be too large with that many bytes more? */
bool emitter_is_full(const struct emitter *emitter, size_t bytes);
bool emitter_has_failed(const struct emitter *emitter);

/* All that @other wrote behind what is there; its tables are copied. */
void emitter_append(struct emitter *emitter, const struct emitter *other);
