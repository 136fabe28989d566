/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The matches of one random rule, as text: ` -s ... -p tcp -m tcp --dport 22`.
 */
#include "tests/lib/gen_rules.h"

void gen_matches_add(struct buf *out, struct random *rnd,
		     const struct gen_rules_options *options,
		     const char *chain);
