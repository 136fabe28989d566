// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/set_trie.h"

#define CHILDREN     256
#define DIRECT_NODES 65536

/* What a node that is not made yet is to hold. */
struct item {
	u128 first;	  /* the lowest value below it */
	size_t low, high; /* the intervals that meet it: [low, high) */
};

struct making {
	const struct set *values;
	struct item *items; /* index: node */
	struct wire_set_node *nodes;
	size_t count, room;
	uint8_t bytes;
};

static void making_free(struct making *making)
{
	free(making->items);
	free(making->nodes);
}

static int reserve(struct making *making)
{
	size_t room = making->room ? making->room * 2 : 64;
	struct item *items = reallocarray(making->items, room, sizeof(*items));
	struct wire_set_node *nodes;

	if (!items)
		return -ENOMEM;
	making->items = items;
	nodes = reallocarray(making->nodes, room, sizeof(*nodes));
	if (!nodes)
		return -ENOMEM;
	making->nodes = nodes;
	making->room = room;
	return 0;
}

static int add_item(struct making *making, u128 first, size_t low, size_t high)
{
	if (making->count == making->room && reserve(making))
		return -ENOMEM;
	making->items[making->count] = (struct item){ first, low, high };
	making->nodes[making->count] = (struct wire_set_node){ 0 };
	making->count++;
	return 0;
}

static void set_bit(__u64 bits[4], unsigned int child)
{
	bits[child / 64] |= (__u64)1 << child % 64;
}

/* How many children of the node lie before each of its words. */
static void count_ranks(struct wire_set_node *node)
{
	unsigned int rank = 0;

	for (int i = 0; i < 4; i++) {
		node->rank[i] = rank;
		rank += __builtin_popcountll(node->mixed[i]);
	}
}

/* The child @child of node @index, of which @interval has a part. */
static int add_part(struct making *making, size_t index, u128 first,
		    unsigned int child, size_t interval)
{
	struct wire_set_node *node = &making->nodes[index];
	struct item *last = &making->items[making->count - 1];

	if (node->mixed[child / 64] >> child % 64 & 1) {
		last->high = interval + 1;
		return 0;
	}
	set_bit(node->mixed, child);
	return add_item(making, first, interval, interval + 1);
}

/* One interval, as far as it lies below node @index, whose children have
 * @shift bits each. */
static int add_interval(struct making *making, size_t index, unsigned int shift,
			size_t interval)
{
	const struct interval *values = &making->values->intervals[interval];
	const u128 first = making->items[index].first;
	const u128 last = first | num_max(shift + 8);
	u128 min = values->min > first ? values->min : first;
	u128 max = values->max < last ? values->max : last;
	unsigned int from = (min - first) >> shift;
	unsigned int to = (max - first) >> shift;

	for (unsigned int child = from; child <= to; child++) {
		u128 begin = first | (u128)child << shift;
		u128 end = begin | num_max(shift);

		if (min <= begin && max >= end) {
			set_bit(making->nodes[index].full, child);
			continue;
		}
		int result = add_part(making, index, begin, child, interval);
		if (result)
			return result;
	}
	return 0;
}

static int make_node(struct making *making, size_t index, unsigned int shift)
{
	const struct item item = making->items[index];
	const size_t base = making->count;

	for (size_t i = item.low; i < item.high; i++) {
		int result = add_interval(making, index, shift, i);

		if (result)
			return result;
	}
	making->nodes[index].base = base;
	count_ranks(&making->nodes[index]);
	return 0;
}

/* One node for each value of the first two bytes. */
static int add_direct(struct making *making)
{
	const unsigned int shift = 8 * making->bytes - 16;

	for (u128 i = 0; i < DIRECT_NODES; i++) {
		if (add_item(making, i << shift, 0, 0))
			return -ENOMEM;
	}
	for (size_t i = 0; i < making->values->count; i++) {
		const struct interval *values = &making->values->intervals[i];

		for (u128 top = values->min >> shift;
		     top <= values->max >> shift; top++) {
			struct item *item = &making->items[(size_t)top];

			if (item->high == 0)
				item->low = i;
			item->high = i + 1;
		}
	}
	return 0;
}

int set_trie_make(struct arena *arena, const struct set *values, uint8_t bytes,
		  uint8_t direct, struct set_trie *out)
{
	__attribute__((cleanup(making_free))) struct making making = {
		.values = values,
		.bytes = bytes,
	};
	int result = direct ? add_direct(&making)
			    : add_item(&making, 0, 0, values->count);
	size_t end = making.count;

	/* Level by level: what is added while one is made is the next one. */
	for (size_t at = 0, level = direct; at < end && !result; level++) {
		for (; at < end && !result; at++)
			result =
				make_node(&making, at, 8 * (bytes - level - 1));
		end = making.count;
	}
	if (result)
		return result;
	out->nodes = arena_copy(arena, making.nodes,
				making.count * sizeof(*making.nodes));
	out->count = making.count;
	out->bytes = bytes;
	out->direct = direct;
	return out->nodes ? 0 : -ENOMEM;
}

/* Intervals being collected in ascending order. */
struct reading {
	const struct set_trie *trie;
	struct interval *parts;
	size_t count, room;
};

static int add_full(struct reading *reading, u128 min, u128 max)
{
	struct interval *last =
		reading->count ? &reading->parts[reading->count - 1] : NULL;

	if (last && last->max + 1 == min) {
		last->max = max;
		return 0;
	}
	if (reading->count == reading->room) {
		size_t room = reading->room ? reading->room * 2 : 64;
		struct interval *parts =
			reallocarray(reading->parts, room, sizeof(*parts));

		if (!parts)
			return -ENOMEM;
		reading->parts = parts;
		reading->room = room;
	}
	reading->parts[reading->count++] = (struct interval){ min, max };
	return 0;
}

/* @shift: bits of each child's values. Nodes may come from a kernel map: a
 * place that is not there, or too deep, ends the walk. */
static int read_node(struct reading *reading, size_t index, u128 first,
		     int shift)
{
	const struct wire_set_node *node = &reading->trie->nodes[index];
	size_t next = node->base;

	for (unsigned int child = 0; child < CHILDREN; child++) {
		u128 begin = first | (u128)child << shift;
		int result = 0;

		if (node->full[child / 64] >> child % 64 & 1)
			result = add_full(reading, begin,
					  begin | num_max(shift));
		else if (node->mixed[child / 64] >> child % 64 & 1)
			result = shift && next < reading->trie->count
					 ? read_node(reading, next++, begin,
						     shift - 8)
					 : -EINVAL;
		if (result)
			return result;
	}
	return 0;
}

const struct set *set_trie_read(struct arena *arena,
				const struct set_trie *trie)
{
	struct reading reading = { .trie = trie };
	const struct set *set = NULL;
	size_t roots = trie->direct ? DIRECT_NODES : 1;
	int shift = 8 * (trie->bytes - trie->direct - 1);
	int result = trie->count < roots ? -EINVAL : 0;

	for (size_t i = 0; i < roots && !result; i++)
		result = read_node(&reading, i,
				   trie->direct ? (u128)i << (shift + 8) : 0,
				   shift);
	if (!result)
		set = set_make(arena, reading.parts, reading.count);
	free(reading.parts);
	return set;
}
