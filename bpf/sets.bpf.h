/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Is the packet in a set of ipset? Asked before the classifier, which finds
 * the answers in the header. What cannot be told makes the packet pass: a set
 * may well be a list of those who are let in.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>

#include "bpf/wire_sets.h"

#define SETS_PROTO_SCTP	   132
#define SETS_PROTO_UDPLITE 136

/* Sizes, as clang leaves types that only an inner map has incomplete. */
struct set_nodes {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_INNER_MAP | BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct wire_set_node));
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, WIRE_PARTS_MAX);
	__type(key, __u32);
	__array(values, struct set_nodes);
} wirewall_nodes SEC(".maps");

struct set_tuples {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(struct wire_set_key));
	__uint(value_size, sizeof(struct wire_set_value));
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, WIRE_PARTS_MAX);
	__type(key, __u32);
	__array(values, struct set_tuples);
} wirewall_tuples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__uint(max_entries, WIRE_PARTS_MAX);
	__type(key, __u32);
	__type(value, struct wire_set_name);
} wirewall_sets SEC(".maps");

const volatile struct wire_set_part set_parts[WIRE_PARTS_MAX] = {};
const volatile __u32 set_part_count = 0;

enum set_answer {
	SET_NO,
	SET_YES,
	SET_UNKNOWN,
};

/* Up to 16 bytes, the first one on top. */
struct set_value {
	__u64 high, low;
};

static __always_inline __u32 count_bits(__u64 bits)
{
	bits -= bits >> 1 & 0x5555555555555555;
	bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return bits * 0x0101010101010101 >> 56;
}

/* Walk a trie of bpf/set_trie.h; @bytes of @value count. */
static __always_inline enum set_answer
find_value(__u32 map, struct set_value value, int bytes, int direct)
{
	void *nodes = bpf_map_lookup_elem(&wirewall_nodes, &map);
	__u32 index = 0;

	if (!nodes)
		return SET_UNKNOWN;
	if (direct) {
		index = value.high >> 48;
		value.high = value.high << 16 | value.low >> 48;
		value.low <<= 16;
	}
	for (int level = 0; level < 16; level++) {
		const struct wire_set_node *node;
		__u32 word = value.high >> 62;
		__u64 bit = 1ULL << (value.high >> 56 & 63);

		if (level == bytes - direct)
			break;
		node = bpf_map_lookup_elem(nodes, &index);
		if (!node)
			return SET_UNKNOWN;
		if (node->full[word & 3] & bit)
			return SET_YES;
		__u64 mixed = node->mixed[word & 3];
		if (!(mixed & bit))
			return SET_NO;
		index = node->base + node->rank[word & 3] +
			count_bits(mixed & (bit - 1));
		value.high = value.high << 8 | value.low >> 56;
		value.low <<= 8;
	}
	return SET_UNKNOWN;
}

/* Dimension @index: is the source asked for? */
static __always_inline bool is_source(const volatile struct wire_set_part *part,
				      int index)
{
	return part->sources >> index & 1;
}

/*
 * One of the packet's addresses. Both are read before one is chosen: clang
 * would rather choose between pointers to them, which the verifier refuses.
 */
static __always_inline struct set_value
address_of(const struct wire_header *header, bool is_from)
{
	struct set_value from = { header->saddr_hi, header->saddr_lo };
	struct set_value to = { header->daddr_hi, header->daddr_lo };

	barrier_var(from.high);
	barrier_var(from.low);
	barrier_var(to.high);
	barrier_var(to.low);
	return is_from ? from : to;
}

static __always_inline __u16 side_port(const struct wire_header *header,
				       bool is_from)
{
	__u16 from = header->sport, to = header->dport;

	barrier_var(from);
	barrier_var(to);
	return is_from ? from : to;
}

static __always_inline enum set_answer
find_address(const struct wire_header *header,
	     const volatile struct wire_set_part *part)
{
	struct set_value value = address_of(header, is_source(part, 0));

	if (part->family == 6)
		return find_value(part->map, value, 16, part->direct);
	value.high = value.low << 32;
	value.low = 0;
	return find_value(part->map, value, 4, part->direct);
}

static __always_inline enum set_answer
find_port(const struct wire_header *header,
	  const volatile struct wire_set_part *part)
{
	__u64 port = side_port(header, is_source(part, 0));
	struct set_value value = { .high = port << 48 };

	if (header->proto != IPPROTO_TCP && header->proto != IPPROTO_UDP)
		return SET_NO;
	return find_value(part->map, value, 2, 0);
}

/* What ipset takes for a port: get_port() in ip_set_getport.c. False: ICMP in
 * the other family, which was not taken apart. */
static __always_inline bool port_of(const struct wire_header *header,
				    bool is_from, __u16 *port)
{
	bool is_ipv6 = header->class == WIRE_IPV6;

	*port = 0;
	switch (header->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case SETS_PROTO_SCTP:
	case SETS_PROTO_UDPLITE:
		*port = side_port(header, is_from);
		return true;
	case IPPROTO_ICMP:
		*port = header->icmp;
		return !is_ipv6;
	case IPPROTO_ICMPV6:
		*port = header->icmp;
		return is_ipv6;
	}
	return true;
}

/* A mask of @bits leading ones in 64 bits, or in what is left of them. */
static __always_inline __u64 leading(int bits)
{
	if (bits <= 0)
		return 0;
	return bits >= 64 ? ~0ULL : ~0ULL << ((64 - bits) & 63);
}

static __always_inline void mask_address(struct wire_set_key *key,
					 struct set_value addr, int bits,
					 bool is_ipv6)
{
	key->addr_hi = is_ipv6 ? addr.high & leading(bits) : 0;
	key->addr_lo = addr.low & (is_ipv6 ? leading(bits - 64)
					   : leading(bits + 32) & 0xffffffff);
	key->bits = bits;
}

/* Of the networks that have the address the most specific one decides. */
static __always_inline enum set_answer
find_tuple(const struct wire_header *header,
	   const volatile struct wire_set_part *part)
{
	struct wire_set_key key = { .bits = WIRE_SET_LENGTHS };
	const struct wire_set_value *list, *found;
	struct set_value addr = address_of(header, is_source(part, 0));
	bool is_ipv6 = part->family == 6;
	__u32 map = part->map;
	void *tuples = bpf_map_lookup_elem(&wirewall_tuples, &map);

	if (!tuples)
		return SET_UNKNOWN;
	list = bpf_map_lookup_elem(tuples, &key);
	if (!list || !port_of(header, is_source(part, 1), &key.port))
		return SET_UNKNOWN;
	key.proto = header->proto;
	if (part->has_second) {
		struct set_value second =
			address_of(header, is_source(part, 2));

		key.second_hi = second.high;
		key.second_lo = second.low;
	}
	for (int i = 0; i < WIRE_SET_LENGTHS_MAX; i++) {
		if (i >= list->count)
			break;
		mask_address(&key, addr, list->lengths[i], is_ipv6);
		found = bpf_map_lookup_elem(tuples, &key);
		if (found)
			return found->count ? SET_NO : SET_YES;
	}
	return SET_NO;
}

static __always_inline enum set_answer
find_part(const struct wire_header *header,
	  const volatile struct wire_set_part *part)
{
	__u8 family = header->class == WIRE_IPV6 ? 6 : 4;

	if (part->family && part->family != family)
		return SET_NO;
	/* Regions of fragments do not ask about ports. */
	if (header->class == WIRE_FRAGMENT && part->kind != WIRE_SET_ADDRESS)
		return SET_NO;
	switch (part->kind) {
	case WIRE_SET_ADDRESS:
		return find_address(header, part);
	case WIRE_SET_PORT:
		return find_port(header, part);
	case WIRE_SET_TUPLE:
		return find_tuple(header, part);
	}
	return SET_UNKNOWN;
}

/*
 * Note a yes. Behind the barrier clang does not know how small the number is;
 * it would or it into the address, which the verifier refuses.
 */
static __always_inline void say_yes(struct wire_header *header, __u32 question)
{
	if (question >= WIRE_QUESTIONS_MAX)
		return;
	barrier_var(question);
	header->sets[question] = 1;
}

/* Fill header->sets. False: some answer is not to be had. */
static __always_inline bool ask_sets(struct wire_header *header)
{
	for (int i = 0; i < WIRE_PARTS_MAX; i++) {
		enum set_answer answer;

		if (i >= set_part_count)
			break;
		answer = find_part(header, &set_parts[i]);
		if (answer == SET_UNKNOWN)
			return false;
		if (answer == SET_YES)
			say_yes(header, set_parts[i].question);
	}
	return true;
}
