/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Flattening: from chains to one ordered list of header regions for one
 * interface and one family. The first region that has a packet decides.
 *
 * What a region says is a drop mask over *worlds*: a world is a stage of the
 * host's path and a connection state. Stage PREROUTING: raw or mangle drops
 * before routing, wherever the packet would have gone. Stage INPUT (FORWARD):
 * the host drops it if routing sends it there, by any table on that way.
 * A bit is set only if the host surely drops in that world, with no other
 * effect. A drop in PREROUTING sets all three stages. A second mask has the
 * worlds in which it drops after it may have logged, where log lines may be
 * given up (--log-sample).
 *
 * Matches that we do not model may be true or false (soundness.md 2.1); header
 * matches that a program cannot see exactly (TCP flags that GRO may merge,
 * lengths) are exact where they hold for everything that netfilter may see.
 */
#include "base/err.h"
#include "rules/cond.h"
#include "rules/eval.h"

enum stage {
	STAGE_PREROUTING,
	STAGE_INPUT,
	STAGE_FORWARD,
	STAGE_COUNT,
};

typedef uint16_t worlds_t; /* bit stage * CT_STATE_COUNT + state bit number */

#define WORLDS(stage, states)                                                  \
	((worlds_t)((unsigned int)(states) << ((stage)*CT_STATE_COUNT)))
#define WORLDS_ALL                                                             \
	((worlds_t)(WORLDS(STAGE_PREROUTING, CT_ALL) |                         \
		    WORLDS(STAGE_INPUT, CT_ALL) |                              \
		    WORLDS(STAGE_FORWARD, CT_ALL)))

/* The states of one stage within a mask. */
static inline unsigned int worlds_states(worlds_t worlds, enum stage stage)
{
	return (worlds >> (stage * CT_STATE_COUNT)) & CT_ALL;
}

/* Why something is not dropped early: rows of rules/why.def. */
enum why {
#define WHY(id, name, sentence) WHY_##id,
#include "rules/why.def"
#undef WHY
	WHY_COUNT,
};
const char *why_name(enum why why);	/* stable, for machines */
const char *why_sentence(enum why why); /* for people */

/* One rule of the ruleset (or a chain's policy) as flattening met it. */
struct flat_rule {
	const struct table *table;
	const struct chain *chain;
	const struct rule *rule; /* NULL: the chain's policy */
	bool is_drop;		 /* its target or policy is DROP */
	size_t drop_regions;	 /* regions in which it is named as deciding a
				    drop that S allows */
	/*
	 * For drops without a region, or with less than the host drops: what
	 * stood in the way, and the rule that did (index, or NO_RULE).
	 */
	enum why why;
	uint32_t blocker;
};
#define NO_RULE UINT32_MAX

struct region {
	struct cond cond;
	worlds_t drop;
	/* What is dropped, too, if its log lines are given up: only with
	 * .sample_logs of the options. */
	worlds_t logged;
	/*
	 * Per stage the rule (index into flat.rules) that an early drop is
	 * counted for: the one that decides state NEW there, the state of
	 * attack traffic, or NO_RULE where nothing is dropped.
	 */
	uint32_t rules[STAGE_COUNT];
	/* Per stage, for what is not dropped there: the reason and the rule
	 * behind it. */
	enum why why[STAGE_COUNT];
	uint32_t blockers[STAGE_COUNT];
};

/* What may be assumed about the host, and how far to go. */
struct flatten_options {
	const char *iface; /* the interface that the program sits on */
	bool ignore_counters;
	bool sample_logs; /* see .logged of regions */
	/*
	 * The sets of states S that a tier can narrow a packet down to, if it
	 * is whole and of one of @state_protos (none named: of any protocol);
	 * others may be in every state. Each has UNTRACKED. A region is
	 * followed further only
	 * while one of the sets may still fit into its mask. Without any state
	 * lookup: one set, CT_ALL.
	 */
	const uint8_t *state_sets;
	size_t state_set_count;
	const uint8_t *state_protos;
	size_t state_proto_count;
	/*
	 * Any nat hook in the host (or in the ruleset): for ESTABLISHED and
	 * RELATED the destination and the choice of INPUT or FORWARD are
	 * unknown behind PREROUTING (soundness.md 2.2.1). Set by the caller for
	 * the host; the ruleset's own nat table is seen without it.
	 */
	bool has_host_nat;
	/*
	 * Log lines that the host writes by itself (soundness.md 2.2.10): of what
	 * connection tracking looks at, behind raw; of IPv4 packets that
	 * routing looks at, before INPUT and FORWARD.
	 */
	bool logs_invalid, logs_martians;
	/* The program knows neither sets of ipset nor options of TCP. */
	bool only_headers;
	/* Regions for IPv4 fragments: only addresses and protocol are known. */
	bool is_fragment;
	size_t max_regions; /* 0: FLATTEN_REGIONS_MAX */
	size_t max_steps;   /* 0: FLATTEN_STEPS_MAX */
};

#define FLATTEN_REGIONS_MAX ((size_t)1 << 20)
#define FLATTEN_STEPS_MAX   ((size_t)50 * 1000 * 1000)

struct flat {
	struct arena *arena;
	enum family family;
	struct region *regions;
	size_t region_count;
	struct flat_rule *rules; /* every rule and base-chain policy of every
				    table, in order of the file */
	size_t rule_count;
	bool is_cut; /* a bound was reached: the rest passes */
};

/*
 * Flatten @ruleset. Returns 0 or -ENOMEM. The result refers to @ruleset, which
 * must outlive it.
 */
int flatten_make(const struct ruleset *ruleset,
		 const struct flatten_options *options, struct flat **out,
		 struct err *err);
void flat_free(struct flat *flat);
OWN_DEFINE(flat)

/* The first region that has @header; there always is one. */
const struct region *flat_find(const struct flat *flat,
			       const struct header *header);
