/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Rulesets as iptables-save text that iptables-restore takes: random ones over
 * the matches that rules/eval models, and hand-picked ones.
 */
#include "base/buf.h"
#include "rules/ruleset.h"
#include "base/random.h"

struct gen_rules_options {
	enum family family;
	bool no_state; /* nothing that needs connection tracking */
	bool has_nat;  /* a table nat that rewrites destinations */
	/*
	 * Not 0: also sets of tests/lib/gen_sets.h, each asked in one way only
	 * (SET_QUESTIONS_MAX), which follows from this number.
	 */
	uint32_t set_seed;
	bool has_unknown; /* also matches and targets that are not modelled */
	/*
	 * Only matches whose truth the header of a packet tells, so that
	 * flattening may lose nothing: no state, no unknown, no TCP options.
	 */
	bool is_exact;
};

/*
 * Appends ruleset number @index of a run: first the hand-picked ones of the
 * family, as far as @options allow, then random ones: some of raw and mangle,
 * and filter.
 */
void gen_rules_make(struct buf *out, struct random *rnd,
		    const struct gen_rules_options *options, size_t index);

/* The hand-picked ones of a family; NULL behind the last. */
const char *gen_rules_picked(enum family family, size_t index);
