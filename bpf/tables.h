/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Tables that emitted code reads, as values: arrays of elements of one size,
 * written when the program is made and never again. What a table is in the
 * kernel depends on the target: on the host's processors all of them lie in
 * one map whose memory is read directly (0.6 ns), on cards each is an ARRAY
 * map that is asked by a helper (bpf/maps.c).
 *
 * Code that reads tables must run on both: it keeps what it needs in r6 to r9
 * or on its stack below TABLE_STACK, since a lookup may clobber r0 to r5.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/code.h"

struct arena;
struct target;

/* The stack from here up to its top belongs to lookups. */
#define TABLE_STACK (-8)

/*
 * Invariants
 *  1. An element is 1, 2, 4, 8, 16 or 32 bytes; there is at least one.
 *  2. @data has element * count bytes and lives as long as the program.
 *  3. @offset is a multiple of TABLE_ALIGN: where it lies in the one map.
 */
struct tables_entry {
	const char *name; /* for people; a string constant */
	uint32_t element, count;
	size_t offset;
	const void *data;
};
#define TABLE_ALIGN 64

struct tables {
	struct tables_entry *list;
	size_t count, room;
	bool has_failed; /* out of memory */
};

#define TABLES_INIT ((struct tables){ 0 })
#define OWN_TABLES  __attribute__((cleanup(tables_free)))
void tables_free(struct tables *tables); /* not what the elements lie in */

/* The number of the new table. Its contents must stay where they are. */
uint32_t tables_add(struct tables *tables, const char *name, uint32_t element,
		    uint32_t count, const void *data);

/* The same for numbers, each in as few bytes as the highest one needs; they
 * are copied to @arena. */
uint32_t tables_add_numbers(struct tables *tables, struct arena *arena,
			    const char *name, const uint32_t *numbers,
			    uint32_t count);

/* Of all of them together, as they lie in the one map. */
size_t tables_size(const struct tables *tables);

/*
 * Append code that sets r0 to the address of element @index (a register, the
 * whole 64 bits of it; r2 is fine) of table @number, or jumps to @miss when
 * there is none. code_load() then reads from r0 at constant offsets.
 */
void tables_find(struct code *code, const struct tables *tables,
		 const struct target *target, uint32_t number, uint8_t index,
		 uint32_t miss);

/*
 * The same, and the @length elements from there on are all in the table: what
 * is added to r0 may lead to any of them. Only for targets with direct values.
 */
void tables_find_run(struct code *code, const struct tables *tables,
		     const struct target *target, uint32_t number,
		     uint8_t index, uint32_t length, uint32_t miss);

/* r0 = the number at @index of table @number (of 1, 2, 4 or 8 bytes). */
void tables_load(struct code *code, const struct tables *tables,
		 const struct target *target, uint32_t number, uint8_t index,
		 uint32_t miss);
