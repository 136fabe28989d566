/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Chains drawn out into one line of steps: every chain is written where it is
 * called, with the caller's condition pushed into it, and what leaves a chain
 * early skips forward. A packet goes through the line from the first step to
 * the last; it may be in several places at once, because a match that we do
 * not model sends it both ways (FORK).
 *
 * The line has the tables in the order of the hooks: raw and mangle
 * PREROUTING, then INPUT's tables, then FORWARD's, each stage for its worlds.
 */
#include "rules/flatten.h"

enum action {
	ACTION_DROP,	  /* the host drops it */
	ACTION_PASS,	  /* it is not ours to drop, whatever comes later */
	ACTION_SKIP,	  /* go on at .to */
	ACTION_FORK,	  /* go on here and at .to */
	ACTION_LOG,	  /* the host may log it, and it goes on here */
	ACTION_TRANSLATE, /* its destination may change, and it goes on here */
	ACTION_UNTRACK,	  /* it is UNTRACKED, whatever it was */
};

/* Which packets a step is about: has NAT changed their destination? */
enum translation {
	TRANSLATION_ANY,
	TRANSLATION_NONE, /* those with the destination that they came with */
	TRANSLATION_MAYBE,
};

struct step {
	struct cond cond;
	worlds_t worlds;
	enum translation translation;
	enum action action;
	enum why why;  /* of a PASS */
	uint32_t to;   /* index of a later step, or the number of steps */
	uint32_t rule; /* index into line.rules, or NO_RULE */
};

struct line {
	struct step *steps;
	size_t step_count;
	/* Every rule and base-chain policy of the ruleset, in its order. */
	struct flat_rule *rules;
	size_t rule_count;
	/* Where the steps of each stage end, and the worlds they are about. */
	size_t stage_ends[STAGE_COUNT];
	worlds_t stage_worlds[STAGE_COUNT];
	bool is_cut; /* a bound was reached: the last step passes all */
	/*
	 * Behind routing, worlds whose destination NAT may have changed: the
	 * connection did, or nobody knows; and those of which rules of nat do
	 * (ACTION_TRANSLATE).
	 */
	worlds_t translated, translatable;
};

/*
 * Conditions and rules are allocated in @arena, the steps by malloc: free()
 * them, also after a failure. Returns 0 or -ENOMEM.
 */
int line_make(struct arena *arena, const struct ruleset *ruleset,
	      const struct flatten_options *options, struct line *out);
