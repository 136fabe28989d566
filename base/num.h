/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Numbers: the widths that rules and packets speak in. Header fields are held
 * in host order everywhere above the wire; what is still in network order
 * wears a be16/be32 name.
 */
#include <stddef.h>
#include <stdint.h>

/* An address of either family as a number: IPv4 in the low 32 bits. */
typedef unsigned __int128 u128;

typedef uint16_t be16;
typedef uint32_t be32;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The highest number of @bits bits (1..128). */
static inline u128 num_max(unsigned int bits)
{
	return bits >= 128 ? ~(u128)0 : ((u128)1 << bits) - 1;
}

/* As qsort() wants it. */
static inline int num_compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}
