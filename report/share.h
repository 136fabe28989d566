/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The share of all drops that was early, by counters: those of the program, and
 * the host's own of the same rules. The host's count packets of every
 * interface, so that the share of one interface is this or more.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the host's rules dropped, by why it was not early. */
struct share_left {
	const char *reason, *sentence;
	uint64_t packets;
};
#define SHARE_LEFT_MAX 64

struct share {
	char unknown[512]; /* why it is not known, a sentence; "": it is */
	const char *since;
	uint64_t early, host;			/* packets */
	struct share_left left[SHARE_LEFT_MAX]; /* the most frequent first */
	size_t left_count;
};

/*
 * In tenths of a percent, rounded down; 0 of nothing. What a shadow would have
 * dropped the host has dropped: it is among the host's.
 */
unsigned int share_permille(const struct share *share, bool is_shadow);
