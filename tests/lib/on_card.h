/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Plans for a card that takes programs, on the host of topology.h: what tests
 * of the card's programs have in common.
 */
#include "offload/caps.h"
#include "offload/plan.h"

struct on_card {
	struct link link;
	struct caps caps;
	struct locals locals;
	struct kernel_features kernel;
	struct plan_input input; /* refers to the others: not to be copied */
};

/* Fill *@out; .input.policy is left to the caller. */
void on_card_init(struct on_card *out);
