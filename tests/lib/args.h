/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The command line that the differential tests share.
 */
#include <stdbool.h>
#include <time.h>

#include "rules/eval.h"

struct args {
	uint64_t seed;
	size_t first;	/* ruleset to begin with */
	size_t count;	/* rulesets; 0: until the @deadline */
	size_t packets; /* for each ruleset */
	time_t deadline;
	enum family family;
	enum backend backend;
	bool sets;	/* rules ask sets of ipset, too */
	bool fragments; /* no connection tracking: fragments stay apart */
	bool has_nat;
	const char *rules_name; /* a file; NULL: rulesets are made up */
	char *rules;		/* its text */
};

/* Prints a usage line and exits on nonsense. Without --seed one is taken from
 * the clock. */
void args_parse(int argc, char **argv, struct args *out);

/* Is there another ruleset to do, now that @done are? */
bool args_goes_on(const struct args *args, size_t done);

/* The options that repeat ruleset @index alone. */
void args_print_repeat(const struct args *args, const char *program,
		       size_t index);
