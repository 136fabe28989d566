// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/fate.h"
#include "rules/flatten.h"

/*
 * From the line of steps to first-match regions. All packets start at the
 * first step as one region. A step that concerns only a part of the region
 * splits that part off: it is followed to its end first (its regions come
 * first in the list), then the rest goes on, and first match keeps the two
 * apart.
 */

/* Parts split off parts; each level is one C stack frame of `follow`. */
#define DEPTH_MAX 200

/*
 * Regions with so few conditions that they may hide many later ones are
 * remembered: what lies within one of them is never reached.
 */
#define WIDE_FIELDS_MAX 2
#define WIDE_MAX	256

/*
 * So many parts that turn out to lie within a wide region are followed to
 * their end, for the reasons of the rules on their way; with more of them the
 * ruleset is one of chains in chains in chains, and time matters more.
 */
#define SHADOWS_FOLLOWED 1000

struct flattener {
	const struct flatten_options *options;
	const struct line *line;
	struct flat *flat;
	size_t region_room, max_regions;
	size_t steps_left;
	unsigned int depth;
	size_t wide[WIDE_MAX]; /* indices of regions */
	size_t wide_count;
	size_t shadow_count; /* parts within one of them so far */
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

/* A drop of worlds that were given up before it, and nobody said why yet. */
static bool is_lost_drop(const struct flattener *f, const struct fate *fate,
			 const struct step *step)
{
	return step->action == ACTION_DROP && step->worlds & fate->passed &&
	       f->flat->rules[step->rule].why == WHY_NONE;
}

static void note_lost_step(struct flattener *f, const struct fate *fate,
			   const struct step *step)
{
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		if (worlds_states(step->worlds & fate->passed, stage))
			note_loss(f, fate, step->rule, stage);
	}
}

/*
 * What NAT may have rewritten is the host's behind PREROUTING, also where both
 * INPUT and FORWARD drop it: on the way there the host may answer it, because
 * its TTL runs out, there is no route to where it goes now, the link is too
 * narrow, or a redirect is due.
 */
static worlds_t without_translated(worlds_t drop, const struct fate *fate)
{
	unsigned int states = worlds_states(fate_translated(fate), STAGE_INPUT);

	return drop &
	       ~(WORLDS(STAGE_INPUT, states) | WORLDS(STAGE_FORWARD, states));
}

static bool is_wide(const struct cond *cond)
{
	unsigned int fields = 0;

	for (int f = 0; f < FIELD_COUNT; f++)
		fields += cond->fields[f] != NULL;
	return fields <= WIDE_FIELDS_MAX;
}

/* The earlier region that has every packet of @cond, as far as we look. */
static const struct region *find_shadow(const struct flattener *f,
					const struct cond *cond)
{
	for (size_t i = 0; i < f->wide_count; i++) {
		const struct region *wide = &f->flat->regions[f->wide[i]];

		if (cond_relate(cond, &wide->cond) == COND_COVERED)
			return wide;
	}
	return NULL;
}

/* The rules that would have decided a region which nothing reaches. */
static void note_shadow(struct flattener *f, const struct fate *fate,
			const struct region *shadow)
{
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		struct flat_rule *rule;

		if (fate->rules[stage] == NO_RULE)
			continue;
		rule = &f->flat->rules[fate->rules[stage]];
		if (rule->why != WHY_NONE || !rule->is_drop ||
		    shadow->why[stage] == WHY_NONE)
			continue;
		rule->why = shadow->why[stage];
		rule->blocker = shadow->blockers[stage];
	}
}

static struct region *new_region(struct flattener *f)
{
	struct flat *flat = f->flat;

	if (flat->region_count == f->region_room) {
		size_t room = f->region_room ? f->region_room * 2 : 64;
		struct region *regions =
			realloc(flat->regions, room * sizeof(*regions));

		if (!regions)
			return NULL;
		flat->regions = regions;
		f->region_room = room;
	}
	return &flat->regions[flat->region_count++];
}

static int add_region(struct flattener *f, const struct cond *cond,
		      const struct fate *fate)
{
	const struct region *shadow = find_shadow(f, cond);
	worlds_t sure = fate_dropped(fate), all;
	struct region *region;

	if (shadow) {
		f->shadow_count++;
		note_shadow(f, fate, shadow);
		return 0;
	}
	if (is_wide(cond) && f->wide_count < WIDE_MAX)
		f->wide[f->wide_count++] = f->flat->region_count;
	region = new_region(f);
	if (!region)
		return -ENOMEM;
	region->cond = *cond;
	region->drop = without_translated(sure & ~fate_logged(fate), fate);
	all = without_translated(sure, fate);
	region->logged = all & ~region->drop;
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		uint32_t rule = fate->rules[stage];

		region->rules[stage] = NO_RULE;
		region->why[stage] = fate->why[stage];
		region->blockers[stage] = fate->blockers[stage];
		if (region->why[stage] == WHY_NONE &&
		    worlds_states(sure & ~all, stage))
			region->why[stage] = WHY_NAT;
		if (rule != NO_RULE && fate_is_useful(fate, all, stage)) {
			region->rules[stage] = rule;
			f->flat->rules[rule].drop_regions++;
			continue;
		}
		note_loss(f, fate, rule, stage);
	}
	return 0;
}

static bool is_exhausted(const struct flattener *f)
{
	return !f->steps_left || f->depth > DEPTH_MAX ||
	       f->flat->region_count + f->depth >= f->max_regions;
}

/*
 * The next step at which anything can happen: a stage in which no world is
 * @open is left at once, and where all wait for a later step, that is the next.
 * Who only wants to know what drops were lost (@is_thorough) looks at all.
 */
static uint32_t next_step(const struct flattener *f, const struct fate *fate,
			  worlds_t open, uint32_t at, bool is_thorough)
{
	if (is_thorough)
		return at;
	if (!fate->here && fate->places[0].at > at)
		at = fate->places[0].at;
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		if (at >= f->line->stage_ends[stage])
			continue;
		if (open & f->line->stage_worlds[stage])
			return at;
		at = f->line->stage_ends[stage];
	}
	return at;
}

/* Follow the packets of @cond from step @at on; adds their regions. */
static int follow(struct flattener *f, uint32_t at, const struct cond *cond,
		  struct fate *fate)
{
	const struct line *line = f->line;
	worlds_t open = fate_open(fate);

	for (; open; at++) {
		at = next_step(f, fate, open, at, f->depth == 0);
		if (at >= line->step_count)
			break;
		if (is_exhausted(f)) {
			f->flat->is_cut = true;
			fate_give_up(fate);
			break;
		}
		fate_arrive(fate, at);
		f->steps_left--;

		const struct step *step = &line->steps[at];
		worlds_t worlds = fate_concerned(fate, step);
		if (!worlds && !is_lost_drop(f, fate, step))
			continue;
		enum cond_relation relation = cond_relate(cond, &step->cond);
		if (relation == COND_DISJOINT)
			continue;
		if (!worlds) {
			note_lost_step(f, fate, step);
			continue;
		}
		if (relation == COND_COVERED) {
			fate_act(fate, step, worlds);
			open = fate_open(fate);
			continue;
		}

		struct fate part_fate = *fate;
		struct cond part;
		int error = cond_and(f->flat->arena, cond, &step->cond, &part);
		if (error < 0)
			return error;
		if (f->shadow_count > SHADOWS_FOLLOWED && find_shadow(f, &part))
			continue;
		fate_narrow(&part_fate, &part);
		fate_act(&part_fate, step, worlds);
		f->depth++;
		error = follow(f, at + 1, &part, &part_fate);
		f->depth--;
		if (error)
			return error;
	}
	for (; at < line->step_count && !f->depth; at++) {
		if (is_lost_drop(f, fate, &line->steps[at]))
			note_lost_step(f, fate, &line->steps[at]);
	}
	return add_region(f, cond, fate);
}

/* Drops that got no region and no reason were never reached by a packet. */
static void explain_rules(struct flat *flat, worlds_t translated)
{
	for (size_t i = 0; i < flat->rule_count; i++) {
		struct flat_rule *rule = &flat->rules[i];

		if (!rule->is_drop || rule->drop_regions ||
		    rule->why != WHY_NONE)
			continue;
		rule->why = translated ? WHY_NAT : WHY_NO_PACKETS;
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
	const struct cond everything = { 0 };
	struct fate fate;
	int error;

	fate_begin(&fate, options, line->translated);
	error = follow(&f, 0, &everything, &fate);
	if (!error)
		explain_rules(flat, line->translatable);
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
