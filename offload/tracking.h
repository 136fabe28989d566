/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the programs of a plan can learn of a packet's connection state: the
 * sets S of soundness.md 2.1, as bpf/state.bpf.h narrows them down.
 */
#include "offload/plan.h"
#include "offload/zones.h"

#define TRACKING_SETS_MAX 4

struct tracking {
	bool is_card;		/* nobody can be asked about anything */
	bool has_lookup;	/* connection tracking can be asked */
	bool may_expect;	/* a new connection may be an expected one */
	const char *expect_why; /* a sentence either way */
	/* Every S contains one of these; see flatten_options. */
	uint8_t sets[TRACKING_SETS_MAX];
	size_t set_count;
	uint8_t protos[4]; /* of these; packets of others may be in any state */
	size_t proto_count;
	const char *why_not; /* a sentence, NULL with a lookup */
	/* IPv4, IPv6: where it is looked up (struct wire_settings). */
	struct zones zones[2];
};

/* For an unknown machine (no .kernel): one that can be asked. */
void tracking_decide(const struct plan_input *input, struct tracking *out);

/*
 * For a program on a card, which knows no more than protocols tell, and of TCP
 * SYN what @settings assume.
 */
void tracking_for_card(const struct wire_settings *settings,
		       struct tracking *out);

/* Of a packet that no known connection has. */
unsigned int tracking_fresh_states(const struct wire_settings *settings);

/* Of an ICMP packet (@class WIRE_IPV6: ICMPv6) of this type. */
unsigned int tracking_icmp_states(const struct wire_settings *settings,
				  enum wire_class class, unsigned int type);

/*
 * The S of a packet that really is in @state (one bit): what a program that
 * runs this plan would find out about it.
 */
unsigned int tracking_states(const struct wire_settings *settings,
			     enum wire_class class, const struct header *header,
			     enum ct_state state);

/*
 * May the host have an entry that such a packet would refresh or close, as far
 * as that program can tell?
 */
bool tracking_may_know(const struct wire_settings *settings,
		       enum wire_class class, const struct header *header,
		       enum ct_state state);
