/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * How much of what the host drops a plan drops early: measured on drawn
 * packets (offload/draw.h), not on rules. Asked are rules/eval, what the host
 * does with the packet in connection state NEW, the state of nearly all attack
 * traffic, and offload/judge, what the program does with it.
 *
 * A packet counts as dropped by the host when no way through the rules
 * accepts or only answers it. What interface it would be forwarded by is not
 * known.
 */
#include "offload/judge.h"

enum measure_proto {
	MEASURE_TCP,
	MEASURE_UDP,
	MEASURE_ICMP,
	MEASURE_OTHER,
	MEASURE_PROTO_COUNT,
};
const char *measure_proto_name(enum measure_proto proto); /* "tcp" ... */

struct measure_share {
	size_t dropped; /* by the host */
	size_t early;	/* of these, by the program */
};

/* What stands in the way of the others. */
struct measure_loss {
	const char *name, *sentence;  /* of the reason: judge_name() */
	const struct flat_rule *rule; /* the rule behind it, or NULL */
	size_t count;		      /* of packets */
};
#define MEASURE_LOSSES_MAX 64

struct measure_path {
	struct measure_share all, protos[MEASURE_PROTO_COUNT];
	/* The most frequent first. */
	struct measure_loss losses[MEASURE_LOSSES_MAX];
	size_t loss_count;
	size_t others; /* packets whose reason found no room there */
};

enum measure_way {
	MEASURE_INPUT,
	MEASURE_FORWARD,
	MEASURE_WAY_COUNT,
};
const char *measure_way_name(enum measure_way way); /* "input" "forward" */

struct measure {
	uint64_t seed;
	size_t drawn; /* packets, each asked about both ways */
	struct measure_path ways[MEASURE_WAY_COUNT];
};

#define MEASURE_SEED 1

/* Measure @plan for one family. Returns 0, -ENOENT (no rules), -ENOMEM. */
int measure_plan(const struct plan *plan, enum family family, uint64_t seed,
		 struct measure *out);

/* The same, of the packets that @host drops: the plan may be for other rules
 * of that family. */
int measure_against(const struct plan *plan, const struct ruleset *host,
		    uint64_t seed, struct measure *out);

/* Whose programs judge a packet, by the way that it takes. */
struct measure_of {
	const struct plan *plans[MEASURE_WAY_COUNT]; /* for the same interface,
							of the same wishes */
	bool is_card;
};
int measure_each(const struct measure_of *of, const struct ruleset *host,
		 uint64_t seed, struct measure *out);

/* In tenths of a percent, rounded down: 1000 is all. */
unsigned int measure_permille(const struct measure_share *share);
