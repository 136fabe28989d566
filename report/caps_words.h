/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Sentences about capabilities that every format for people has. */
#include "report/report.h"

/* "yes", "after a fix", "no", "unknown" */
const char *caps_words_verdict(enum caps_verdict verdict);

/* "mlx5_core (NVIDIA ConnectX-4..7), MTU 1500": what it is. */
void caps_words_add_device(struct buf *buf, const struct caps *caps);

/* Is it worth a line? That a device does not run programs by itself is told
 * among the tiers, and so it is with nearly all of them. */
static inline bool caps_words_has_line(const struct caps_blocker *blocker)
{
	return blocker->reason != REASON_NO_OFFLOAD;
}

/* "native; after a fix hw", "none: ..." */
void caps_words_add_advice(struct buf *buf, const struct caps *caps);

/* The tiers of a blocker: "native", "every tier". */
void caps_words_add_tiers(struct buf *buf, const struct caps_blocker *blocker);

/* How a verdict is known: "xdp-features have BASIC (kernel, certain)". */
void caps_words_add_origin(struct buf *buf, const struct caps *caps,
			   enum tier tier);

/* "drops, 1024 rules, 3 used, switched off". */
void caps_words_add_filter(struct buf *buf, const struct caps_filter *filter);
