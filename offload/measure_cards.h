/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What a card that runs programs would take over (offload/card.h), measured as
 * the plan itself is (offload/measure.h): with --static, without and with
 * --syn-is-new. On the way "input" every destination is taken for one of the
 * host's own, which the card knows; on the way "forward" none is. Its program is
 * as long as target_card allows; whether a card has that room is found out only
 * by trying.
 */
#include "offload/measure.h"

/* Of one of two wishes: whether a TCP SYN is taken for new. */
struct measure_card {
	struct measure families[2];
	bool is_known[2]; /* IPv4, IPv6: there are rules */
	/* The card's part alone, the rest is another's. */
	struct plan plans[MEASURE_WAY_COUNT];
};
struct measure_cards {
	struct measure_card by_syn[2]; /* without, with --syn-is-new */
};

/*
 * Measure the card of @input, for which @plan was made. @out is NULL where no
 * card runs programs, or the wishes leave it out. 0 or -ENOMEM.
 */
int measure_cards_make(const struct plan_input *input, const struct plan *plan,
		       uint64_t seed, struct measure_cards **out,
		       struct err *err);
void measure_cards_free(struct measure_cards *cards);
OWN_DEFINE(measure_cards)
