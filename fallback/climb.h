/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * From the best tier down to the first one that is to be had.
 */
#include "fallback/swap.h"

/*
 * Attach the new program of @swap and note each step down in its result.
 * Returns 0 also when the tier is none; ERR_LESS below the required tier;
 * -EOPNOTSUPP when a program of ours stays because the new one is not to be
 * had in its mode; what swap_attach() returned.
 */
int climb_tiers(struct swap *swap, struct err *err);
