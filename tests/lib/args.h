/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The command line that the differential tests share.
 */
#include <stdbool.h>

#include "rules/eval.h"

struct args {
	uint64_t seed;
	size_t first;	/* ruleset to begin with */
	size_t count;	/* rulesets; 0: until @seconds are over */
	size_t packets; /* for each ruleset */
	unsigned int seconds;
	enum family family;
	enum backend backend;
	bool fragments; /* no connection tracking: fragments stay apart */
	bool flat_only; /* no programs, only regions */
	bool is_verbose;
};

/* Prints a usage line and exits on nonsense. Without --seed one is taken from
 * the clock. */
void args_parse(int argc, char **argv, struct args *out);

/* Is there another ruleset to do, now that @done are? */
bool args_goes_on(const struct args *args, size_t done);

/* The options that repeat ruleset @index alone. */
void args_print_repeat(const struct args *args, const char *program,
		       size_t index);
