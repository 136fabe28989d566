// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "offload/card.h"
#include "offload/known.h"
#include "offload/measure_cards.h"

/* Every destination is the host's own. */
static const struct locals everywhere = {
	.families = { { .ranges = { { 0, UINT32_MAX } }, .count = 1 },
		      { .ranges = { { 0, (u128)-1 } }, .count = 1 } },
};

static int plan_ways(const struct plan_input *from, const struct plan *plan,
		     struct measure_card *out, struct err *err)
{
	int error = 0;

	for (int way = 0; !error && way < MEASURE_WAY_COUNT; way++) {
		struct plan *card = &out->plans[way];
		struct plan_input input = *from;

		input.locals = way == MEASURE_INPUT ? &everywhere : NULL;
		memcpy(card->iface, plan->iface, sizeof(card->iface));
		card->policy = plan->policy;
		card->wishes = input.wishes;
		card->program = plan->program;
		error = card_plan(&input, card, err);
	}
	return error;
}

static int measure_one(const struct plan_input *input, const struct plan *plan,
		       uint64_t seed, struct measure_card *out, struct err *err)
{
	const struct ruleset *rules[] = { plan->policy.ipv4,
					  plan->policy.ipv6 };
	const struct measure_of of = {
		.plans = { &out->plans[MEASURE_INPUT],
			   &out->plans[MEASURE_FORWARD] },
		.is_card = true,
	};
	int error = plan_ways(input, plan, out, err);

	for (size_t f = 0; !error && f < ARRAY_SIZE(rules); f++) {
		out->is_known[f] = rules[f];
		if (rules[f] &&
		    measure_each(&of, rules[f], seed, &out->families[f]))
			error = err_no_memory(err);
	}
	return error;
}

int measure_cards_make(const struct plan_input *input, const struct plan *plan,
		       uint64_t seed, struct measure_cards **out,
		       struct err *err)
{
	OWN(measure_cards) struct measure_cards *cards = NULL;
	struct plan_input wanted = *input;
	int error = 0;

	wanted.wishes.pinned |= known_pinnable();
	*out = NULL;
	if (!card_is_wanted(&wanted))
		return 0;
	cards = calloc(1, sizeof(*cards));
	if (!cards)
		return err_no_memory(err);
	for (int syn = 0; !error && syn < 2; syn++) {
		wanted.wishes.syn_is_new = syn;
		error = measure_one(&wanted, plan, seed, &cards->by_syn[syn],
				    err);
	}
	if (!error)
		*out = take(cards);
	return error;
}

/* What plan_ways() made. */
static void forget_way(struct plan *card)
{
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++)
		flat_free(card->card_flats[class]);
	program_free(card->card);
}

void measure_cards_free(struct measure_cards *cards)
{
	if (!cards)
		return;
	for (int syn = 0; syn < 2; syn++) {
		for (int way = 0; way < MEASURE_WAY_COUNT; way++)
			forget_way(&cards->by_syn[syn].plans[way]);
	}
	free(cards);
}
