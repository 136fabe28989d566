/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Chains: one dimension after the other, each a row that leads to a row of the
 * next one (bpf/chain.c).
 */
#include "bpf/boxes.h"
#include "bpf/dim.h"
#include "bpf/emitter.h"

#define CHAIN_LEVELS_MAX 3

struct chain_input {
	const struct boxes *boxes;
	/* Which of them take part, in order. */
	const uint32_t *list;
	size_t count;
	/* What is asked, in this order; what boxes ask of others is not. */
	const struct dim *dims[CHAIN_LEVELS_MAX];
	/* Where the classes of a packet are on the stack. */
	int16_t slots[CHAIN_LEVELS_MAX];
	size_t level_count;
	/*
	 * What is found: the outcome; or, where others are asked too, the
	 * number of the first box that has the packet, boxes->count for none.
	 */
	bool is_alone;
};

/*
 * Append code (it uses r7 to r9) that leaves in r0 what is found. Returns 0,
 * -ENOMEM, or -E2BIG when it would be too large or take too long.
 */
int chain_emit(struct emitter *emitter, const struct chain_input *input);
