/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The ways in which a program runs: one row each. A further backend is a
 * further row.
 */
#include "net/xdp.h"
#include "offload/plan.h"

/*
 * Where programs of an interface stand beside each other. Of one place the
 * kernel never has two at once (dev_xdp_attach() in net/core/dev.c: "Native and
 * generic XDP can't be active at the same time"); a card's is apart from that.
 */
enum slot {
	SLOT_HOST,
	SLOT_CARD,
	SLOT_COUNT,
};

struct xdp_backend {
	enum tier tier;
	enum slot slot;
	enum xdp_mode mode;
	/* Whose program is attached this way; 0: nobody's. */
	uint32_t (*prog_id)(const struct link *link);
};

/* The backend of @tier; NULL: there is none (TIER_NONE). */
const struct xdp_backend *backend_find(enum tier tier);

/* The backend by which a program is at @slot of @link now; NULL: none is. */
const struct xdp_backend *backend_attached(const struct link *link,
					   enum slot slot);
