/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The ways in which the host itself runs a program: one row each. A further
 * backend is a further row.
 */
#include "net/xdp.h"
#include "offload/plan.h"

struct host_backend {
	enum tier tier;
	enum xdp_mode mode;
	/* Whose program is attached this way; 0: nobody's. */
	uint32_t (*prog_id)(const struct link *link);
};

/* The backend of @tier; NULL: there is none (hw, none). */
const struct host_backend *backend_find(enum tier tier);

/*
 * The backend by which a program is attached to @link now; NULL: none is. The
 * kernel never has two of them at once (dev_xdp_attach() in net/core/dev.c:
 * "Native and generic XDP can't be active at the same time").
 */
const struct host_backend *backend_attached(const struct link *link);
