/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * `apply --confirm`: a process of its own, away from the terminal, attaches,
 * and keeps the former programs until somebody confirms the new ones; when
 * nobody does in time, or it is asked to end, it puts the former ones back.
 *
 * It is there before anything changes, so that no death of the command that
 * started it, and of its terminal, leaves what nobody has confirmed. When it is
 * killed itself, the programs pass everything soon after the time that was
 * given (bpf/expiry.h), but for a card's, which goes on. It holds
 * the name CLAIM_CONFIRM (fallback/claim.h), by which it is reached.
 */
#include <sys/types.h>

#include "base/buf.h"
#include "fallback/apply.h"

/*
 * apply_plans() with a keeper that waits for @seconds. Returns what that
 * does; -EADDRINUSE with a sentence when another one waits already.
 */
int keeper_apply(const struct apply_request *requests, size_t count,
		 struct apply_result *results, unsigned int seconds,
		 struct err *err);

/* -EBUSY with a sentence when a keeper waits, else 0. */
int keeper_check_none(struct err *err);

enum keeper_word {
	KEEPER_CONFIRM = 'c', /* the new programs stay */
	KEEPER_FORGET = 'f',  /* they are gone; nothing is to be put back */
	KEEPER_ASK = '?',     /* how long still? */
};

struct keeper_answer {
	bool has_obeyed;
	char why_not[512];
	unsigned int seconds;  /* left */
	uint32_t prog_ids[32]; /* 0: no more (that anybody could be told of) */
};

/*
 * Returns 0 and *@out (NULL: no answer is waited for); -ENOENT when none waits;
 * -ENOMSG when the word was said and no answer came, so that nobody knows;
 * -errno when it was not said, or did nothing.
 */
int keeper_tell(enum keeper_word word, struct keeper_answer *out,
		struct err *err);
