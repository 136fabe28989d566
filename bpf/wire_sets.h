/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What programs know of sets of ipset, as bpf/wire.h for the rest.
 */
#include "bpf/wire.h"

/*
 * Where the answers about sets come from: each part is one set of ipset, asked
 * about one side of the packet. A question (a list:set) may have several, of
 * which one suffices. What is in the set lies in a map of its own, found in
 * element .map of an array of maps, where it can be replaced at any time.
 */
enum wire_set_kind {
	WIRE_SET_ADDRESS, /* nodes, asked about an address */
	WIRE_SET_PORT,	  /* nodes, asked about a port of TCP or UDP */
	WIRE_SET_TUPLE,	  /* tuples: address, protocol, port, (address) */
};

struct wire_set_part {
	__u8 question;
	__u8 kind;	 /* enum wire_set_kind */
	__u8 family;	 /* 4 or 6; 0: either */
	__u8 sources;	 /* bit i: dimension i is the packet's source */
	__u8 direct;	 /* nodes: bytes that choose the first one, 0 or 2 */
	__u8 has_second; /* tuples: there is a second address */
	__u8 map;
	__u8 pad;
};
#define WIRE_PARTS_MAX 16

/* See bpf/set_trie.h. */
struct wire_set_node {
	__u64 full[4];	/* bit c: all values below child c are in the set */
	__u64 mixed[4]; /* bit c: some are, the node of child c tells */
	__u32 base;	/* the node of the first such child */
	__u8 rank[4];	/* bits in .mixed before each of its words */
};

/*
 * Key of a tuple, in host order, without host bits. With .bits WIRE_SET_LENGTHS
 * and 0 otherwise: the list of prefix lengths, the most specific first.
 */
struct wire_set_key {
	__u64 addr_hi, addr_lo;
	__u64 second_hi, second_lo;
	__u16 port;
	__u8 proto;
	__u8 bits; /* of the address */
	__u32 pad;
};
#define WIRE_SET_LENGTHS     255
#define WIRE_SET_LENGTHS_MAX 31

struct wire_set_value {
	__u8 count; /* of the list; of a tuple: 1 for nomatch */
	__u8 lengths[WIRE_SET_LENGTHS_MAX];
};

/* For whoever changes sets: one for each part (`wirewall set`). */
struct wire_set_name {
	char name[32]; /* IPSET_MAXNAMELEN of the kernel */
	struct wire_set_part part;
	__u32 type;	 /* enum ipset_type */
	__u32 host_bits; /* of an address, which its netmask leaves out */
	__u32 first_map; /* id of the map that held it when it was loaded */
};
#define WIRE_SETS_NAME	 "wirewall_sets"
#define WIRE_NODES_NAME	 "wirewall_nodes"
#define WIRE_TUPLES_NAME "wirewall_tuples"
