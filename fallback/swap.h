/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One place of one interface on its way from the former program to the new
 * one, in steps that fallback/apply.c calls for all interfaces in turn:
 *
 *	survey -> attach (fallback/climb.h) -> detach -> start
 *
 * or undo, when it failed for any of them.
 *
 * 1. At any moment the interface has the former policy or the new one. The
 *    kernel replaces one program by another atomically, but only within a
 *    mode, and refuses native beside generic: a program of ours therefore
 *    stays in its mode, and a better one is reported, not taken. On a card
 *    that cannot replace a running program there is a moment without one,
 *    for which the host's program must stand behind it.
 * 2. Only a program of ours is replaced or detached, and only the very one
 *    that the survey has seen: the kernel compares (XDP_FLAGS_REPLACE).
 * 3. Until the swap is released, the former program is kept loaded by
 *    former_fd, so that it can be put back.
 */
#include <stdbool.h>

#include "fallback/apply.h"
#include "fallback/holder.h"

struct swap {
	enum slot slot;
	const struct apply_request *request;
	struct apply_result *result;
	bool can_take_frags;  /* of the kernel; the driver is asked */
	unsigned int expires; /* bpf/expiry.h: in so many seconds; 0: never */
	struct link link;     /* when surveyed */
	struct holder former;
	int former_fd;		/* -1: there was no program of ours */
	struct loaded *program; /* the new one, NULL: none */
	const struct xdp_backend *backend; /* where the new one is */
	/* The former program does what the plan wants. */
	bool is_unchanged;
	bool is_expiring; /* what is there does, until it is confirmed */
	/* Something to undo: the new one is, or may be, there; the former one
	 * has gone, or may have. */
	bool is_attached, is_detached;
	/* The former one, on a card that does not let go of it, is stopped:
	 * it may stay. Has it been so before? */
	bool is_silenced, was_silent;
	enum reason refusal; /* why swap_attach() returned 1 */
};

const struct plan *swap_plan(const struct swap *swap);

/* Does the plan want any program at this place? */
bool swap_has_candidate(const struct swap *swap);

/* Is there a program of ours to be replaced? */
bool swap_has_former(const struct swap *swap);

/* Is a program that does what the plan wants there now? */
bool swap_is_filled(const struct swap *swap);

/* The program that is there then; 0: none. */
uint32_t swap_prog_id(const struct swap *swap);

/*
 * Look at the interface; nothing is changed. -ENODEV: there is none. -EBUSY:
 * a foreign program is in the way.
 */
int swap_survey(struct swap *swap, struct err *err);

/*
 * Load @program for @backend, with xdp.frags if @frags: 0 or -errno. Attach
 * what is loaded: 0; 1 when the driver does not take it, or takes it and does not
 * run it, .refusal and @err tell why and *@number is its errno; or -errno, which other tiers would not change. There
 * is something to undo also when it fails.
 */
int swap_load(struct swap *swap, const struct xdp_backend *backend,
	      const struct program *program, bool frags, struct err *err);
int swap_put(struct swap *swap, int *number, struct err *err);

/*
 * Both for the host's program of the plan, with xdp.frags if the driver takes
 * that; an equal one that is there already stays. Returns as swap_put().
 */
int swap_attach(struct swap *swap, const struct xdp_backend *backend,
		struct err *err);

/* Does what is there do what the plan wants? Then it is kept. */
bool swap_keep(struct swap *swap, const struct xdp_backend *backend);

/* Detach the former program where the new plan has none (any more). */
int swap_detach(struct swap *swap, struct err *err);

/*
 * Detach it before the new one comes: see 1. Returns 0; 1 when it stays on its
 * card, and is stopped; -errno.
 */
int swap_make_room(struct swap *swap, struct err *err);

/*
 * Start the former program where it stays and somebody has stopped it, or it
 * has expired; what expires has its whole time from now on.
 */
int swap_start(struct swap *swap, struct err *err);

/* What swap_start() found to expire does so in @seconds; 0: never. */
int swap_expire(const struct swap *swap, unsigned int seconds, struct err *err);

/* Put the former program back. 0 also when the interface has vanished. */
int swap_undo(struct swap *swap, struct err *err);

/* Close what it holds: what is attached stays attached. */
void swap_release(struct swap *swap);
