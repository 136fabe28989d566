/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * How a plan knows what its drops rest on beside the rules (soundness.md 2.3):
 * asked for each packet, pinned by the operator, watched; or the worst is
 * assumed.
 */
#include "offload/plan.h"
#include "offload/tracking.h"

/* Facts that can be pinned: 1 << about. */
unsigned int known_pinnable(void);

/* The fact of that name, or -EINVAL. */
int known_find(const char *name);
const char *known_name(enum about about);

/*
 * How @about is known to be as it was found when planning, or to be noticed
 * when it is not any more. FACT_SHOWN: not at all.
 */
enum fact_source known_source(const struct plan_input *input, enum about about);

/* Does the operator vouch for everything? */
bool known_is_all_pinned(const struct plan_input *input);

/* May drops rest on what was found? */
bool known_is_sure(const struct plan_input *input, enum about about);

/* WIRE_CHECK_*: what the program must ask for each packet. */
uint8_t known_checks(const struct plan_input *input);

/*
 * What a change of one WIRE_CHECK_* means for people, and its stable id; in
 * order of bits. NULL: there are no more.
 */
const char *known_change_name(unsigned int index);
const char *known_change_sentence(unsigned int index);

/* Everything beside the rules that the drops of this plan rest on. */
void known_list(const struct plan_input *input, const struct tracking *tracking,
		struct plan *plan);
