/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Sets of the kernel's ipset, as `ipset save` prints them, with their meaning:
 * what `-m set --match-set NAME src,dst` asks. From net/netfilter/ipset of
 * Linux 6.1 and 6.12.
 *
 * Ownership: everything below a struct ipsets lives in its arena and dies with
 * ipsets_free(). Addresses of IPv4 sets have 32 bits.
 */
#include "base/err.h"
#include "rules/ruleset.h"
#include "rules/set.h"

enum ipset_type {
#define IPSET(id, name, dimensions, is_modelled) IPSET_##id,
#include "rules/ipset.def"
#undef IPSET
	IPSET_UNKNOWN, /* a name that the table does not have */
};

/* One element of a set with ports: an address or network, and what is there. */
struct ipset_tuple {
	u128 addr, addr2; /* masked; .addr2 for hash:ip,port,ip */
	uint16_t port;	  /* ICMP: type << 8 | code */
	uint8_t proto;
	uint8_t bits; /* length of the network's prefix */
	bool is_nomatch;
};

struct ipset {
	const char *name;
	const char *type_name; /* as written */
	enum ipset_type type;
	enum family family; /* 0: any (bitmap:port, list:set) */
	unsigned int line;  /* of its `create` */
	/* Why what it has is not for a program to tell; NULL: it is. */
	const char *unknown;
	unsigned int host_bits; /* of addresses, left out by its netmask */
	bool has_counters;	/* each element counts what it matches */
	bool is_changed;	/* by rules, for packets (-j SET) */
	/* hash:ip, hash:net, bitmap:ip: addresses, all that its netmask takes
	 * for one of its elements. bitmap:port: ports. */
	const struct set *values;
	/* Sets with ports: sorted by ipset_tuple_compare(). */
	const struct ipset_tuple *tuples;
	size_t tuple_count;
	/* Prefix lengths that occur in .tuples, most specific first. */
	uint8_t lengths[129];
	size_t length_count;
	/* list:set: its members, asked in order. */
	const struct ipset *const *members;
	size_t member_count;
	size_t element_count; /* as they were added */
};

struct ipsets {
	struct arena *arena;
	const char *source; /* where it came from: a path, "<kernel>" */
	struct ipset **items;
	size_t count;
};

void ipsets_free(struct ipsets *sets);
OWN_DEFINE(ipsets)

/* NULL when there is none. */
const struct ipset *ipsets_find(const struct ipsets *sets, const char *name);

/* "hash:ip", ...; NULL for IPSET_UNKNOWN and what is none. */
const char *ipset_type_name(unsigned int type);

/* How many of src and dst a set's type asks for: hash:ip,port 2. */
unsigned int ipset_dimensions(const struct ipset *set);

/* Does it, or one of its members, look at ports? */
bool ipset_has_ports(const struct ipset *set);

/* The addresses and ports of one packet that a set is asked about. */
struct ipset_probe {
	enum family family;
	u128 addrs[2]; /* source, destination */
	uint8_t proto;
	/*
	 * Source and destination. Both are type << 8 | code for ICMP, and 0
	 * for protocols in which ipset sees no ports.
	 */
	uint16_t ports[2];
	/* The transport header cannot be read: nothing with ports has it. */
	bool is_blind;
};

/* Is the packet in the set (one that is not .unknown)? */
bool ipset_has(const struct ipset *set, const struct set_dims *dims,
	       const struct ipset_probe *probe);

/*
 * The sets that a question about @set comes down to, asked about packets of
 * @family: itself, or of a list the members that can have one. Stores up to
 * @max of them in @leaves; returns how many there are.
 */
size_t ipset_leaves(const struct ipset *set, const struct set_dims *dims,
		    enum family family, const struct ipset *leaves[],
		    size_t max);

/* Order of tuples: by prefix length, then by everything else. */
int ipset_tuple_compare(const void *a, const void *b);
