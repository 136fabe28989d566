/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Numbers that look random and repeat: the same seed gives the same ones on
 * every machine (splitmix64, Steele/Lea/Flood 2014).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"

struct random {
	uint64_t state;
};

/* A generator of its own for item @index of a run with @seed, so that one item
 * can be repeated without those before it. */
struct random random_make(uint64_t seed, uint64_t index);

uint64_t random_next(struct random *rnd);
u128 random_wide(struct random *rnd);

/* 0..@limit-1; @limit is at least 1. */
unsigned int random_below(struct random *rnd, size_t limit);

/* True in @percent of 100 cases. */
bool random_chance(struct random *rnd, unsigned int percent);

/* One element of an array. */
#define random_pick(rnd, array) (array)[random_below(rnd, ARRAY_SIZE(array))]
