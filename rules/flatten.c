// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/flatten.h"
#include "rules/line.h"

/*
 * From the line of steps to first-match regions. All packets start at the
 * first step as one region. A step that concerns only a part of the region
 * splits that part off: it is followed to its end first (its regions come
 * first in the list), then the rest goes on, and first match keeps the two
 * apart.
 */

/* Places to go on at, beside the current one; more is given up. */
#define PLACES_MAX 16
/* Parts split off parts; each level is one C stack frame of `follow`. */
#define DEPTH_MAX 200

/* Worlds that wait at a later step. */
struct place_of_worlds {
	uint32_t at;
	worlds_t worlds;
};

/*
 * Where the packets of one region are on the line.
 *
 * Invariants
 *  1. A world is *open* while it is in .here or at a place, *passed* once any
 *     of its ways passed, and dropped when neither: then all its ways ended in
 *     drops.
 *  2. Passed worlds are at no place any more: their fate is settled.
 */
struct fate {
	worlds_t here;
	struct place_of_worlds places[PLACES_MAX]; /* ascending .at */
	unsigned int place_count;
	worlds_t passed;
	uint32_t rules[STAGE_COUNT]; /* who dropped state NEW, else any */
	enum why why[STAGE_COUNT];   /* what made a stage useless first */
	uint32_t blockers[STAGE_COUNT];
};

struct flattener {
	const struct flatten_options *options;
	const struct line *line;
	struct flat *flat;
	size_t region_room, max_regions;
	size_t steps_left;
	unsigned int depth;
};

static const char *const why_names[] = {
#define WHY(id, name, sentence) [WHY_##id] = name,
#include "rules/why.def"
#undef WHY
};

static const char *const why_sentences[] = {
#define WHY(id, name, sentence) [WHY_##id] = sentence,
#include "rules/why.def"
#undef WHY
};

const char *why_name(enum why why)
{
	return why_names[why];
}

const char *why_sentence(enum why why)
{
	return why_sentences[why];
}

static worlds_t open_worlds(const struct fate *fate)
{
	worlds_t worlds = fate->here;

	for (unsigned int i = 0; i < fate->place_count; i++)
		worlds |= fate->places[i].worlds;
	return worlds;
}

static void settle(struct fate *fate, worlds_t worlds)
{
	fate->passed |= worlds;
	fate->here &= ~worlds;
	for (unsigned int i = 0; i < fate->place_count; i++)
		fate->places[i].worlds &= ~worlds;
}

/* May some set of states still be dropped whole in this stage? */
static bool is_useful(const struct flattener *f, worlds_t not_passed,
		      enum stage stage)
{
	unsigned int states = worlds_states(not_passed, stage);

	for (size_t i = 0; i < f->options->state_set_count; i++) {
		if (!(f->options->state_sets[i] & ~states))
			return true;
	}
	return false;
}

/* @worlds pass. A stage that can drop nothing any more is given up whole. */
static void pass(const struct flattener *f, struct fate *fate, worlds_t worlds,
		 enum why why, uint32_t rule)
{
	settle(fate, worlds);
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		unsigned int states = worlds_states(worlds, stage);

		if (!states || is_useful(f, ~fate->passed, stage))
			continue;
		if (fate->why[stage] == WHY_NONE) {
			fate->why[stage] =
				why == WHY_ACCEPTED && states != CT_ALL
					? WHY_NEEDS_STATE
					: why;
			fate->blockers[stage] = rule;
		}
		settle(fate, WORLDS(stage, CT_ALL));
	}
}

/* @worlds also go on at step @at. */
static void wait_at(const struct flattener *f, struct fate *fate, uint32_t at,
		    worlds_t worlds, uint32_t rule)
{
	unsigned int i = 0;

	while (i < fate->place_count && fate->places[i].at < at)
		i++;
	if (i < fate->place_count && fate->places[i].at == at) {
		fate->places[i].worlds |= worlds;
		return;
	}
	if (fate->place_count == PLACES_MAX) {
		pass(f, fate, worlds, WHY_BOUND, rule);
		return;
	}
	memmove(&fate->places[i + 1], &fate->places[i],
		(fate->place_count - i) * sizeof(fate->places[0]));
	fate->places[i] = (struct place_of_worlds){ at, worlds };
	fate->place_count++;
}

/* Those who waited for step @at join in. */
static void arrive(struct fate *fate, uint32_t at)
{
	unsigned int count = 0;

	while (count < fate->place_count && fate->places[count].at <= at)
		fate->here |= fate->places[count++].worlds;
	if (!count)
		return;
	fate->place_count -= count;
	memmove(&fate->places[0], &fate->places[count],
		fate->place_count * sizeof(fate->places[0]));
}

static void note_dropper(struct fate *fate, worlds_t worlds, uint32_t rule)
{
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		unsigned int states = worlds_states(worlds, stage);

		if (states & CT_NEW ||
		    (states && fate->rules[stage] == NO_RULE))
			fate->rules[stage] = rule;
	}
}

static void act(const struct flattener *f, struct fate *fate,
		const struct step *step, worlds_t worlds)
{
	switch (step->action) {
	case ACTION_DROP:
		fate->here &= ~worlds;
		note_dropper(fate, worlds, step->rule);
		break;
	case ACTION_PASS:
		pass(f, fate, worlds, step->why, step->rule);
		break;
	case ACTION_SKIP:
		fate->here &= ~worlds;
		wait_at(f, fate, step->to, worlds, step->rule);
		break;
	case ACTION_FORK:
		wait_at(f, fate, step->to, worlds, step->rule);
		break;
	}
}

/* A drop that this region cannot use: remember the first reason. */
static void note_loss(struct flattener *f, const struct fate *fate,
		      uint32_t rule, enum stage stage)
{
	struct flat_rule *flat;

	if (rule == NO_RULE || fate->why[stage] == WHY_NONE)
		return;
	flat = &f->flat->rules[rule];
	if (flat->why != WHY_NONE || !flat->is_drop)
		return;
	flat->why = fate->why[stage];
	flat->blocker = fate->blockers[stage];
}

/* A DROP step whose worlds were all given up before it. */
static void note_lost_step(struct flattener *f, const struct fate *fate,
			   const struct step *step)
{
	if (step->action != ACTION_DROP)
		return;
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		if (worlds_states(step->worlds & fate->passed, stage))
			note_loss(f, fate, step->rule, stage);
	}
}

/*
 * Where NAT leaves it open which way a packet of some state goes, INPUT and
 * FORWARD must both drop it.
 */
static worlds_t with_unknown_routing(worlds_t drop, worlds_t poisoned)
{
	unsigned int states = worlds_states(poisoned, STAGE_INPUT);
	unsigned int both = worlds_states(drop, STAGE_INPUT) &
			    worlds_states(drop, STAGE_FORWARD);
	worlds_t keep = WORLDS_ALL & ~(WORLDS(STAGE_INPUT, states & ~both) |
				       WORLDS(STAGE_FORWARD, states & ~both));

	return drop & keep;
}

static int add_region(struct flattener *f, const struct cond *cond,
		      const struct fate *fate)
{
	struct flat *flat = f->flat;
	worlds_t sure = WORLDS_ALL & ~(fate->passed | open_worlds(fate));
	worlds_t drop = with_unknown_routing(sure, f->line->poisoned);
	struct region region = { .cond = *cond, .drop = drop };

	if (flat->region_count == f->region_room) {
		size_t room = f->region_room ? f->region_room * 2 : 64;
		struct region *regions =
			realloc(flat->regions, room * sizeof(*regions));

		if (!regions)
			return -ENOMEM;
		flat->regions = regions;
		f->region_room = room;
	}
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		uint32_t rule = fate->rules[stage];

		region.rules[stage] = NO_RULE;
		region.why[stage] = fate->why[stage];
		region.blockers[stage] = fate->blockers[stage];
		if (region.why[stage] == WHY_NONE &&
		    worlds_states(sure & ~drop, stage))
			region.why[stage] = WHY_NAT;
		if (rule != NO_RULE && is_useful(f, drop, stage)) {
			region.rules[stage] = rule;
			flat->rules[rule].drop_regions++;
			continue;
		}
		note_loss(f, fate, rule, stage);
	}
	flat->regions[flat->region_count++] = region;
	return 0;
}

/* Bounds reached: what is still open is left to the host. */
static void give_up(struct flattener *f, struct fate *fate)
{
	f->flat->is_cut = true;
	pass(f, fate, open_worlds(fate), WHY_BOUND, NO_RULE);
}

static bool is_exhausted(const struct flattener *f)
{
	return !f->steps_left || f->depth > DEPTH_MAX ||
	       f->flat->region_count + f->depth >= f->max_regions;
}

/* Follow the packets of @cond from step @at on; adds their regions. */
static int follow(struct flattener *f, uint32_t at, const struct cond *cond,
		  struct fate *fate)
{
	const struct line *line = f->line;

	for (; at < line->step_count && open_worlds(fate); at++) {
		const struct step *step = &line->steps[at];
		enum cond_relation relation;
		worlds_t worlds;

		if (is_exhausted(f)) {
			give_up(f, fate);
			break;
		}
		arrive(fate, at);
		f->steps_left--;
		worlds = step->worlds & fate->here;
		if (!worlds && step->action != ACTION_DROP)
			continue;
		relation = cond_relate(cond, &step->cond);
		if (relation == COND_DISJOINT)
			continue;
		if (!worlds) {
			note_lost_step(f, fate, step);
			continue;
		}
		if (relation == COND_COVERED) {
			act(f, fate, step, worlds);
			continue;
		}

		struct fate part_fate = *fate;
		struct cond part;
		int error = cond_and(f->flat->arena, cond, &step->cond, &part);
		if (error < 0)
			return error;
		act(f, &part_fate, step, worlds);
		f->depth++;
		error = follow(f, at + 1, &part, &part_fate);
		f->depth--;
		if (error)
			return error;
	}
	for (; at < line->step_count && !f->depth; at++)
		note_lost_step(f, fate, &line->steps[at]);
	return add_region(f, cond, fate);
}

/* Drops that got no region and no reason were never reached by a packet. */
static void explain_rules(struct flat *flat, worlds_t poisoned)
{
	for (size_t i = 0; i < flat->rule_count; i++) {
		struct flat_rule *rule = &flat->rules[i];

		if (!rule->is_drop || rule->drop_regions ||
		    rule->why != WHY_NONE)
			continue;
		rule->why = poisoned ? WHY_NAT : WHY_NO_PACKETS;
	}
}

static int flatten(const struct flatten_options *options,
		   const struct line *line, struct flat *flat)
{
	struct flattener f = {
		.options = options,
		.line = line,
		.flat = flat,
		.max_regions = options->max_regions ? options->max_regions
						    : FLATTEN_REGIONS_MAX,
		.steps_left = options->max_steps ? options->max_steps
						 : FLATTEN_STEPS_MAX,
	};
	struct fate fate = { .here = WORLDS_ALL };
	const struct cond everything = { 0 };
	int error;

	for (int stage = 0; stage < STAGE_COUNT; stage++)
		fate.rules[stage] = fate.blockers[stage] = NO_RULE;
	error = follow(&f, 0, &everything, &fate);
	if (!error)
		explain_rules(flat, line->poisoned);
	return error;
}

int flatten_make(const struct ruleset *ruleset,
		 const struct flatten_options *options, struct flat **out,
		 struct err *err)
{
	OWN(flat) struct flat *flat = calloc(1, sizeof(*flat));
	struct line line;

	if (!flat || !(flat->arena = arena_make()))
		return err_no_memory(err);
	flat->family = ruleset->family;

	int error = line_make(flat->arena, ruleset, options, &line);
	flat->rules = line.rules;
	flat->rule_count = line.rule_count;
	flat->is_cut = line.is_cut;
	if (!error)
		error = flatten(options, &line, flat);
	free(line.steps);
	if (error)
		return err_no_memory(err);
	*out = take(flat);
	return 0;
}

void flat_free(struct flat *flat)
{
	if (!flat)
		return;
	free(flat->regions);
	arena_free(flat->arena);
	free(flat);
}

const struct region *flat_find(const struct flat *flat,
			       const struct header *header)
{
	for (size_t i = 0; i < flat->region_count; i++) {
		if (cond_has(&flat->regions[i].cond, header))
			return &flat->regions[i];
	}
	return NULL;
}
