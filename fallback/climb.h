/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * From the best tier down to the first one that is to be had, at each place of
 * an interface.
 */
#include "fallback/swap.h"

/* Note in the result of @swap that @tier is not had. */
struct apply_step *climb_step_down(struct swap *swap, enum tier tier,
				   enum reason reason, const char *text);

/* The same, by what the plan has against it. */
void climb_object(struct swap *swap, enum tier tier);

/*
 * Attach the new program of @swap, the host's slot, and note each step down
 * in its result. Returns 0 also when the tier is none; -EOPNOTSUPP when a
 * program of ours stays because the new one is not to be had in its mode; what
 * swap_attach() returned.
 */
int climb_tiers(struct swap *swap, struct err *err);

/* ERR_LESS when @reached is less than the plan requires. */
int climb_check(const struct swap *host, enum tier reached, struct err *err);
