/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A condition over packet headers as a program sees them: for each field the
 * set of values that it may have, all of which must hold. A box, in the words
 * of packet classification.
 */
#include "rules/ruleset.h"
#include "rules/set.h"

/* X(id, name, bits): the fields, in the order in which they are tested. */
#define FIELDS(X)                                                              \
	X(PROTO, "protocol", 8)                                                \
	X(SADDR, "source", 128)                                                \
	X(DADDR, "destination", 128)                                           \
	X(SPORT, "source port", 16)                                            \
	X(DPORT, "destination port", 16)                                       \
	X(TCP_FLAGS, "tcp flags", 8)                                           \
	X(MSS, "tcp mss", 17)		  /* TCP_NO_MSS: without the option */ \
	X(ICMP, "icmp type and code", 16) /* type << 8 | code */               \
	X(LENGTH, "length", 16)		  /* network header and payload */     \
	X(TTL, "ttl", 8)                                                       \
	X(TOS, "tos", 8)                                                       \
	X(PKT_TYPE, "packet type", 8) /* PACKET_HOST, ... */                   \
	X(SMAC, "source mac", 48)                                              \
	/* is it in the set of this number in ruleset.set_questions? */        \
	X(SET0, "set 0", 1)                                                    \
	X(SET1, "set 1", 1)                                                    \
	X(SET2, "set 2", 1)                                                    \
	X(SET3, "set 3", 1)                                                    \
	X(SET4, "set 4", 1)                                                    \
	X(SET5, "set 5", 1)                                                    \
	X(SET6, "set 6", 1)                                                    \
	X(SET7, "set 7", 1)

enum field {
#define X(id, name, bits) FIELD_##id,
	FIELDS(X)
#undef X
		FIELD_COUNT,
};

const char *field_name(enum field field);

/* Highest value of a field; addresses have 32 bits in IPv4. */
u128 field_max(enum field field, enum family family);

struct cond {
	const struct set *fields[FIELD_COUNT]; /* NULL: any value */
};

/* What a program knows of one packet. */
struct header {
	u128 fields[FIELD_COUNT];
};

bool cond_has(const struct cond *cond, const struct header *header);

enum cond_relation {
	COND_DISJOINT, /* no packet is in both */
	COND_COVERED,  /* every packet of the first is in the second */
	COND_PARTIAL,
};

/*
 * *@out = @a and @b. Returns how @a stands to @b (and leaves *@out undefined
 * for COND_DISJOINT), or -ENOMEM.
 */
int cond_and(struct arena *arena, const struct cond *a, const struct cond *b,
	     struct cond *out);

/* The same question without making the intersection. */
enum cond_relation cond_relate(const struct cond *a, const struct cond *b);
