/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The meaning of a ruleset: what the host does with one packet in one
 * connection-tracking state. This is the specification that flattening, the
 * programs and the kernel itself are compared with; it knows nothing of BPF
 * and favours being read over being fast.
 *
 * A match that we do not model may be true or false, so the answer is a set of
 * outcomes: the host does one of them (soundness.md 2.1).
 */
#include "rules/packet.h"
#include "rules/ruleset.h"

enum outcome {
	OUTCOME_ACCEPT = 1 << 0,
	OUTCOME_DROP = 1 << 1,
	/* An answer, a log line, an entry, other hands: not ours to do. */
	OUTCOME_EFFECT = 1 << 2,
	OUTCOME_ANY = OUTCOME_ACCEPT | OUTCOME_DROP | OUTCOME_EFFECT,
};

/* Which kernel side holds the rules; they differ on truncated headers. */
enum backend {
	BACKEND_LEGACY,
	BACKEND_NFT,
};

enum hook {
	HOOK_PREROUTING,
	HOOK_INPUT,
	HOOK_FORWARD,
};

/* What the packet meets on its way: everything that is not in its bytes. */
struct situation {
	enum backend backend;
	enum ct_state state;  /* one bit, as seen from mangle PREROUTING on */
	bool is_nat_state;    /* the connection has NAT bits */
	enum hook path;	      /* HOOK_INPUT or HOOK_FORWARD behind routing */
	const char *in;	      /* interface it came in by */
	const char *out;      /* interface it leaves by, for HOOK_FORWARD; NULL
				 when not known */
	bool ignore_counters; /* a rule without a target counts for nothing */
	bool ignore_logs;     /* nor does one that only logs (rule_is_log()) */
	/*
	 * The type (RTN_*) that the host's routing gives an address; NULL when
	 * not known: only what the address alone tells is used then.
	 */
	uint8_t (*addr_type)(void *context, enum family family, u128 addr);
	void *context;
};

/* A place in the ruleset. @rule NULL: the chain's policy. All NULL: none. */
struct place {
	const struct table *table;
	const struct chain *chain;
	const struct rule *rule;
};

struct verdict {
	/* OUTCOME_*: a packet that is logged and then dropped has EFFECT and
	 * DROP; one that is answered has EFFECT alone. */
	unsigned int outcomes;
	/* Who ends the packet's way: the only place, or the first one that
	 * does something other than to drop. */
	struct place by;
	/* The first place with an effect. */
	struct place effect;
};

/*
 * Walk raw, mangle, nat PREROUTING, then mangle, filter, security INPUT or
 * FORWARD. Never fails: what cannot be known widens the set.
 */
void eval_packet(const struct ruleset *ruleset, const struct packet *packet,
		 const struct situation *situation, struct verdict *out);
