/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Rulesets of chains in chains, as zone-based firewalls write them: each level
 * jumps to chains of the next, which many share. Drawn out, such a ruleset has
 * many more rules than its text.
 */
#include "base/buf.h"
#include "base/random.h"

#define GEN_NESTED_LEVELS 5

/*
 * Appends about 5000 rules in one table filter of IPv4. @jumps percent of
 * those above the last level are jumps.
 */
void gen_nested_add(struct buf *out, struct random *rnd, unsigned int jumps);
