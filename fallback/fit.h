/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The card's place of an interface. How much a card takes is nowhere to be
 * read, so it is tried: all of the program first, then as much as fits. What is
 * given up are fragments first, then the regions at the end of the first-match
 * lists, the same share of each: rules further down are left to the host's program, which runs behind
 * the card anyway. (Only whole beginnings of a list are sound: a region in the
 * middle may be what keeps a later one from dropping.)
 */
#include "fallback/swap.h"

/*
 * Attach the card's program of the plan, as much as fits, and note in the
 * result what came of it. A former program that cannot be replaced while it
 * runs is taken off first where @host, the other slot, has the new policy
 * already. Returns 0 also when there is nothing on the card then (a step down);
 * -EOPNOTSUPP when the former one must stay; -errno.
 */
int fit_card(struct swap *card, const struct swap *host, struct err *err);
