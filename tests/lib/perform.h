/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Playing scenes: what tests/lib/scene.h tells becomes frames in a theatre.
 */
#include "tests/lib/scene.h"
#include "tests/lib/theatre.h"

/* One line after one act, in a conversation of its own: that of client
 * @index. Sequence numbers come from @seed. */
struct part {
	const struct act *act;
	uint8_t icmp_request;
	struct line line;
	struct talk talk;
};

void perform_begin(const struct scene *scene, enum family family, uint64_t seed,
		   size_t index, struct part *part);

/* Send everything up to the line. Returns 0 or -errno. */
int perform_act(struct theatre *theatre, const struct scene *scene,
		struct part *part, struct err *err);

/* The frame of the line, with identification @id; returns its length. */
size_t perform_line(const struct part *part, uint32_t id,
		    uint8_t frame[FRAME_MAX]);

/* Is it a connection that announces another one? Its port tells. */
bool perform_is_control(uint16_t dport);
