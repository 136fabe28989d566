/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What becomes of the packets of one region on their way along the line: in
 * which world they are at which steps, and in which their fate is settled.
 *
 * Invariants
 *  1. A world is *open* while it is in .here or at a place, *passed* once any
 *     of its ways passed, and dropped when neither: then all its ways ended in
 *     drops.
 *  2. Passed worlds are at no place any more: their fate is settled.
 *  3. Untracked worlds ended where they were untracked, and share the fate of
 *     UNTRACKED in their stage. (Every set S has UNTRACKED in it.)
 *  4. Logged worlds are those of which some way is logged; that they were says
 *     nothing about their end.
 */
#include "rules/line.h"

/* Places to go on at, beside the current one; more is given up. */
#define FATE_PLACES_MAX 16

/* Worlds that wait at a later step. */
struct fate_place {
	uint32_t at;
	worlds_t worlds;
};

struct fate {
	const struct flatten_options *options;
	bool is_narrow; /* the sets of the options hold, not only CT_ALL */
	worlds_t here;
	struct fate_place places[FATE_PLACES_MAX]; /* ascending .at */
	unsigned int place_count;
	worlds_t passed, logged;
	worlds_t translated; /* NAT: their destination may have changed */
	worlds_t untracked;
	uint32_t rules[STAGE_COUNT]; /* who dropped state NEW, else any */
	enum why why[STAGE_COUNT];   /* what made a stage useless first */
	uint32_t blockers[STAGE_COUNT];
};

/* The packets of @cond only: perhaps nobody can tell their states. */
void fate_narrow(struct fate *fate, const struct cond *cond);

/* All worlds, at the first step; @translated from the start. */
void fate_begin(struct fate *fate, const struct flatten_options *options,
		worlds_t translated);

worlds_t fate_open(const struct fate *fate);
/* Dropped in the end, whether logged before or not. */
worlds_t fate_dropped(const struct fate *fate);
/* Logged on the way, whatever the end. */
worlds_t fate_logged(const struct fate *fate);
/* Where they go in the end is unknown. */
worlds_t fate_translated(const struct fate *fate);

/* The worlds that @step is about and that are here. */
worlds_t fate_concerned(const struct fate *fate, const struct step *step);

/* Is some set S that a packet may have within the states which @dropped has in
 * this stage? Only then can the stage ever drop. */
bool fate_is_useful(const struct fate *fate, worlds_t dropped,
		    enum stage stage);

/* Those who waited for step @at join in. */
void fate_arrive(struct fate *fate, uint32_t at);

/* @step happens to @worlds, which are in .here. */
void fate_act(struct fate *fate, const struct step *step, worlds_t worlds);

/* What is still open is left to the host: a bound was reached. */
void fate_give_up(struct fate *fate);
