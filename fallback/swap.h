/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One interface on its way from the former program to the new one, in steps
 * that fallback/apply.c calls for all interfaces in turn:
 *
 *	survey -> attach (fallback/climb.h) -> detach
 *
 * or undo, when it failed for any of them.
 *
 * 1. At any moment the interface has the former program or the new one. The
 *    kernel replaces one by another atomically, but only within a mode, and
 *    refuses native beside generic: a program of ours therefore stays in its
 *    mode, and a better one is reported, not taken.
 * 2. Only a program of ours is replaced or detached, and only the very one
 *    that the survey has seen: the kernel compares (XDP_FLAGS_REPLACE).
 * 3. Until the swap is released, the former program is kept loaded by
 *    former_fd, so that it can be put back.
 */
#include <stdbool.h>

#include "fallback/apply.h"
#include "fallback/holder.h"

struct swap {
	const struct apply_request *request;
	struct apply_result *result;
	bool can_take_frags; /* of the kernel; the driver is asked */
	struct link link;    /* when surveyed */
	struct holder former;
	int former_fd;		/* -1: there was no program of ours */
	struct loaded *program; /* the new one, NULL: none */
	const struct host_backend *backend; /* where the new one is */
	/* Something to undo: the new one is, or may be, there; the former one
	 * has gone, or may have, with no new one. */
	bool is_attached, is_detached;
	enum reason refusal; /* why swap_attach() returned 1 */
};

const struct plan *swap_plan(const struct swap *swap);

/* Does the plan want any program at all? */
bool swap_has_candidate(const struct swap *swap);

/* Is there a program of ours to be replaced? */
bool swap_has_former(const struct swap *swap);

/*
 * Look at the interface; nothing is changed. -ENODEV: there is none. -EBUSY:
 * a foreign program is in the way.
 */
int swap_survey(struct swap *swap, struct err *err);

/*
 * Load the new program for @backend and attach it, with xdp.frags if the
 * driver takes that; an equal one that is there already stays. Fills the
 * result. Returns 0; 1 when the driver does not take it, or takes it and does
 * not run it: .refusal and @err tell why; or
 * -errno, which other tiers would not change. There is something to undo also
 * when it fails.
 */
int swap_attach(struct swap *swap, const struct host_backend *backend,
		struct err *err);

/* Detach the former program where the plan drops nothing (any more). */
int swap_detach(struct swap *swap, struct err *err);

/* Start the former program where it stays and somebody has stopped it. */
int swap_start(struct swap *swap, struct err *err);

/* Put the former program back. 0 also when the interface has vanished. */
int swap_undo(struct swap *swap, struct err *err);

/* Close what it holds: what is attached stays attached. */
void swap_release(struct swap *swap);
