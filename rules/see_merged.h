/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Matches that netfilter may ask of another packet than the wire had: GRO
 * merges TCP and UDP segments before it.
 */
#include "rules/sight.h"

/* (flags & @mask) == @value, TCP flags. Returns 0 or -ENOMEM. */
int see_merged_flags(const struct viewpoint *view, struct sight *sight,
		     unsigned int mask, unsigned int value, bool is_negated);

/* A length within match->span. Returns 0 or -ENOMEM. */
int see_merged_length(const struct viewpoint *view, struct sight *sight,
		      const struct match *match);
