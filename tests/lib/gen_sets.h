/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Random sets as text that `ipset restore` takes: one of each type that
 * rules/ipset knows, named s0 to s7, over the addresses and ports of random
 * rules. s7 is a list of some of the others.
 */
#include "base/buf.h"
#include "rules/ipset.h"
#include "base/random.h"

#define GEN_SETS_COUNT 8

/* Zeroed before the first gen_sets_make(). */
struct gen_sets {
	struct buf text; /* "": there are none */
	struct ipsets *sets;
	uint32_t seed; /* for gen_rules_options */
};

/* 0 or -errno. */
int gen_sets_make(struct gen_sets *sets, struct random *rnd, enum family family,
		  struct err *err);
void gen_sets_free(struct gen_sets *sets);
