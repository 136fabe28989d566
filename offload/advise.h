/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Which few changes would let most of what the host drops die early. Each is
 * tried: the ruleset or the wishes are changed, planned with, and measured on
 * the same packets as the plan itself (offload/measure.h), of those that the
 * host drops today.
 */
#include "offload/measure.h"

enum advice_kind {
#define ADVICE(id, name, sentence, but) ADVICE_##id,
#include "offload/advice.def"
#undef ADVICE
	ADVICE_KIND_COUNT,
};
const char *advice_name(enum advice_kind kind);
const char *advice_sentence(enum advice_kind kind);
const char *advice_but(enum advice_kind kind); /* what else it does */

struct advice {
	enum advice_kind kind;
	enum family family;
	/* The rule to be changed; all NULL where none is or several are. */
	struct place place;
	/* Packets of both ways: by the plan, and after the change. */
	struct measure_share before, after;
};

#define ADVICE_MAX 8
struct advice_list {
	struct advice items[ADVICE_MAX]; /* what gains most comes first */
	size_t count;
};

/*
 * Add the changes for one family that gain anything worth it. @plan is what
 * @input gave, @measure what it is worth. 0 or -ENOMEM.
 */
int advise_plan(const struct plan_input *input, const struct plan *plan,
		const struct measure *measure, enum family family,
		struct advice_list *out, struct err *err);
