/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What is known of a register: the kind of thing it holds, and of a number which
 * bits are known and between which bounds it lies. As much as the verifier of
 * Linux 6.1 knows, and forgets, of unsigned values: the driver asks that one.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>

enum value_kind {
	VALUE_NONE, /* not written yet, or not to be read */
	VALUE_NUMBER,
	VALUE_CONTEXT,
	VALUE_MAP,
	VALUE_ENTRY,	     /* a pointer into the value of a map's entry */
	VALUE_ENTRY_OR_NULL, /* what a lookup gives */
	VALUE_STACK,
	VALUE_PACKET,
	VALUE_PACKET_END,
	VALUE_PACKET_META,
	VALUE_MEMORY, /* anything else that can be followed */
	VALUE_MEMORY_OR_NULL,
	VALUE_FUNCTION,
};

/*
 * 1. A number is bits | x for some x within @mask, and min <= it <= max.
 * 2. A pointer is its base + off + such a number.
 * 3. Copies of an unknown number, or of what a lookup gave, share an id > 0:
 *    what a branch learns of one it learns of all.
 */
struct value {
	enum value_kind kind;
	int32_t off;
	uint32_t id;
	uint16_t map;
	uint8_t frame; /* whose stack */
	uint32_t born; /* the instruction that made it; nobody compares it */
	uint64_t bits, mask;
	uint64_t min, max;
};

struct value value_constant(uint64_t number);
struct value value_unknown(void);
/* Any number of @bytes bytes. */
struct value value_of_size(unsigned int bytes);
struct value value_pointer(enum value_kind kind);

bool value_is_constant(const struct value *value);
/* Its low 32 bits, as a number of its own. */
struct value value_low(const struct value *value);

/* @op (BPF_ADD ...) of two numbers, @is64 or 32 bits wide. */
struct value value_arithmetic(uint8_t op, const struct value *d,
			      const struct value *s, bool is64);
/* A pointer plus (@sign 1) or minus (-1) a number. */
struct value value_move(const struct value *pointer, const struct value *by,
			int sign);

/* Is `a op number` true: 1, 0, or -1 where it depends. */
int value_compare(uint8_t op, const struct value *a, uint64_t number,
		  bool is64);
/* What is known of a where `a op number` is @is_true. */
void value_learn(uint8_t op, struct value *a, uint64_t number, bool is64,
		 bool is_true);

/* Is every number of @a one of @b, and everything else the same? */
bool value_is_within(const struct value *a, const struct value *b);
/* The least that covers both; VALUE_NONE for different things. */
struct value value_join(const struct value *a, const struct value *b);
