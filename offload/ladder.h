/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The ladder: which tiers may be tried on an interface, and what stands in
 * the way of the others. A policy, to be read from top to bottom.
 */
#include "offload/plan.h"

/*
 * Fill @tiers (TIER_COUNT) from the input and whether the programs for the
 * host and for the card can drop anything.
 */
void ladder_decide(const struct plan_input *input, bool can_drop,
		   bool can_drop_on_card, struct plan_tier *tiers);
