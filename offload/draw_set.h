/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Packets that are in a set of ipset, for offload/draw.c. */
#include "base/random.h"
#include "rules/ipset.h"
#include "rules/packet_draft.h"

/* Give @out addresses and ports of one element of the set, if it has any. */
void draw_set(struct random *rnd, const struct bound_set *bound,
	      struct packet_draft *out);
