/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A set of numbers as a trie that a program walks a byte at a time. Each node
 * has two bits for each of its 256 children: all of it is in the set, or a part
 * of it is; only for the latter there is a node. The nodes of one parent lie
 * together, so that the place of one is the number of bits before its own
 * (Degermark et al., "Small forwarding tables for fast routing lookups", 1997;
 * Asai and Ohara, "Poptrie", 2015). A large set begins with 65,536 nodes, one
 * for each value of the first two bytes: two steps decide an IPv4 address.
 */
#include "base/arena.h"
#include "bpf/wire_sets.h"
#include "rules/set.h"

struct set_trie {
	struct wire_set_node *nodes; /* the first ones, then level by level */
	size_t count;		     /* there is at least one */
	uint8_t bytes;		     /* of a value: 2, 4 or 16 */
	uint8_t direct;		     /* of these chosen at once: 0 or 2 */
};

/* Sets of more intervals than this better begin with two bytes at once. */
#define SET_TRIE_DIRECT_MIN 4096

/* @direct: 0, or 2 where values have more bytes. 0 or -ENOMEM; the nodes lie
 * in @arena. */
int set_trie_make(struct arena *arena, const struct set *values, uint8_t bytes,
		  uint8_t direct, struct set_trie *out);

/* The values that @trie has, in @arena; NULL on ENOMEM, and for nodes that make
 * no trie. */
const struct set *set_trie_read(struct arena *arena,
				const struct set_trie *trie);
