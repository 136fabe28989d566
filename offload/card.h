/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The part of a plan that runs on the card: what of the rules a program can
 * judge that asks nobody, neither connection tracking nor routing nor the
 * device. Two things widen it, both pinned by the operator: which destinations
 * are the host's own (--static), so that INPUT decides; and that a TCP SYN
 * never belongs to an established connection (--syn-is-new).
 */
#include "offload/plan.h"

/* Does a card run programs, as far as @input tells? */
bool card_is_there(const struct plan_input *input);

/* May it be given one? */
bool card_is_wanted(const struct plan_input *input);

/*
 * Fill @plan's card_flats and card: the lists of the rules for a card, and the
 * program that goes by them, with the counters of @plan's program. Returns 0 or
 * -ENOMEM.
 */
int card_plan(const struct plan_input *input, struct plan *plan,
	      struct err *err);

/*
 * The states that a card takes a packet to be in (bpf/card.bpf.c): all, but of
 * what its protocol tells.
 */
unsigned int card_states(const struct wire_settings *settings,
			 enum wire_class class, const struct header *header);

/* How much of the plan's program a card is to take. */
struct card_share {
	/* The first .keep in .of regions of each list, without fragments;
	 * .keep > .of: all, with fragments. */
	size_t keep, of;
	bool keeps_logs; /* what the host logs passes, whatever was wished */
};

/* The program again, for a card that does not take it all. 0 or -ENOMEM. */
int card_shrink(const struct plan *plan, const struct card_share *share,
		struct program **out, struct err *err);

/* How many drop rules @program, the plan's or a part of it, drops for. */
size_t card_count_rules(const struct plan *plan, const struct program *program);
