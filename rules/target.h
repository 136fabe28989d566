/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Where a rule sends its packets, `-j` and `-g`, and the options of targets.
 * Each returns 0, -EINVAL with a sentence and a place, or -ENOMEM.
 */
#include "rules/parse.h"

int target_read(struct parse *p, const struct given *given, bool is_goto);

/* An option of the table: it is known how many words it takes. */
int target_option(struct parse *p, const struct given *given,
		  const struct option_info *info);

/* One that nobody knows: it takes what looks like its words. */
int target_open_option(struct parse *p, const struct given *given);

/* All options are there: give them to the rule. */
int target_finish(struct parse *p);
