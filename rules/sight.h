/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What a program can see of a match. Each match narrows two boxes: `must`,
 * the packets that surely match whatever netfilter makes of them on the way,
 * and `may`, those that possibly match. An exact match narrows both alike, an
 * unknown one leaves `may` as it is and empties `must`.
 */
#include "rules/cond.h"
#include "rules/eval.h"

/* Header conditions and connection states that one box of packets has. */
struct box {
	struct cond cond;
	unsigned int states; /* CT_* */
	bool is_empty;
};

struct sight {
	struct box must, may;
	bool has_stateful;   /* a match that remembers was met: see @may */
	bool is_other_iface; /* the rule is for another interface */
	bool is_extension;   /* ... for packets with extension headers */
};

/* Where the rule stands, and what is no longer to be trusted there. */
struct viewpoint {
	struct arena *arena;
	enum family family;
	enum hook hook;
	const char *iface;
	bool is_fragment; /* see flatten_options */
	bool only_headers;
	bool is_raw;	     /* before connection tracking */
	bool is_raw_tracked; /* ... and rules there may have changed it */
	bool is_destination_unknown; /* behind NAT */
	unsigned int changes;	     /* CHANGE_* */
	/* The first MATCH_ANY_PORT: 0 source, 1 destination. */
	unsigned int port_variant;
};

/* Each of these returns 0 or -ENOMEM, also where @set is NULL. */

/* One of the boxes: the packets whose @field is in @set. */
int sight_narrow(struct arena *arena, struct box *box, enum field field,
		 const struct set *set);
/* The match holds exactly for @set: of what the field has on the wire. */
int sight_exact(const struct viewpoint *view, struct sight *sight,
		enum field field, const struct set *set, bool is_negated);
/* Nothing tells whether it holds. */
int sight_unknown(struct sight *sight);
/* It holds for all packets, or for none. */
int sight_constant(struct sight *sight, bool value);
