/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Plans on their way into the kernel: refused beforehand where attaching them
 * would not be what was asked for, attached all or none, and told about.
 */
#include "cli/planning.h"
#include "cli/tally.h"
#include "fallback/apply.h"

struct applying {
	struct job *jobs; /* one for each plan */
	struct apply_request *requests;
	struct apply_result *results;
	struct report_applied *reports;
	size_t count;
	struct tally tally;	 /* of the host's rules, before */
	struct attached *before; /* NULL: not known */
	struct arena *arena;
};

/*
 * Is this kernel able, is the host known, is it enough coverage? Warns when
 * the rules, which come from files, are not those that the host has loaded.
 */
int applying_check(const struct options *options,
		   const struct planning *planning, struct err *err);

/* The same without a warning. */
int applying_check_quietly(const struct planning *planning, struct err *err);

/* Take in all plans of @plannings, which must outlive this. */
int applying_make(const struct planning *const *plannings, size_t count,
		  struct applying **out, struct err *err);
void applying_free(struct applying *applying);
OWN_DEFINE(applying)

/*
 * Attach them all, and fill .reports; fails as apply_plans(). @seconds: the
 * former programs come back unless somebody confirms these (cli/keeper.h); 0:
 * nobody needs to.
 */
int applying_run(struct applying *applying, unsigned int seconds,
		 struct err *err);
