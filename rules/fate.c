// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "rules/fate.h"

void fate_begin(struct fate *fate, const struct flatten_options *options,
		worlds_t translated)
{
	*fate = (struct fate){ .options = options,
			       .is_narrow = !options->is_fragment,
			       .here = WORLDS_ALL,
			       .translated = translated };
	for (int stage = 0; stage < STAGE_COUNT; stage++)
		fate->rules[stage] = fate->blockers[stage] = NO_RULE;
}

void fate_narrow(struct fate *fate, const struct cond *cond)
{
	const struct set *protos = cond->fields[FIELD_PROTO];
	const struct flatten_options *options = fate->options;

	if (!protos || !options->state_proto_count || !fate->is_narrow)
		return;
	fate->is_narrow = false;
	for (size_t i = 0; i < options->state_proto_count; i++)
		fate->is_narrow |= set_has(protos, options->state_protos[i]);
}

worlds_t fate_open(const struct fate *fate)
{
	worlds_t worlds = fate->here;

	for (unsigned int i = 0; i < fate->place_count; i++)
		worlds |= fate->places[i].worlds;
	return worlds;
}

/* The stages in which UNTRACKED is one of @worlds. */
static worlds_t stages_of_untracked(worlds_t worlds)
{
	worlds_t stages = 0;

	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		if (worlds & WORLDS(stage, CT_UNTRACKED))
			stages |= WORLDS(stage, CT_ALL);
	}
	return stages;
}

worlds_t fate_dropped(const struct fate *fate)
{
	worlds_t dropped = WORLDS_ALL & ~(fate->passed | fate_open(fate));

	return dropped & (~fate->untracked | stages_of_untracked(dropped));
}

worlds_t fate_logged(const struct fate *fate)
{
	return fate->logged |
	       (fate->untracked & stages_of_untracked(fate->logged));
}

worlds_t fate_translated(const struct fate *fate)
{
	return fate->translated & ~fate->untracked;
}

worlds_t fate_concerned(const struct fate *fate, const struct step *step)
{
	worlds_t worlds = step->worlds & fate->here;

	if (step->translation == TRANSLATION_NONE)
		worlds &= ~fate->translated;
	if (step->translation == TRANSLATION_MAYBE)
		worlds &= fate->translated;
	/* Once is enough. */
	if (step->action == ACTION_LOG)
		worlds &= ~fate->logged;
	if (step->action == ACTION_TRANSLATE)
		worlds &= ~fate->translated;
	return worlds;
}

static void settle(struct fate *fate, worlds_t worlds)
{
	fate->passed |= worlds;
	fate->here &= ~worlds;
	for (unsigned int i = 0; i < fate->place_count; i++)
		fate->places[i].worlds &= ~worlds;
}

bool fate_is_useful(const struct fate *fate, worlds_t dropped, enum stage stage)
{
	unsigned int states = worlds_states(dropped, stage);

	if (!fate->is_narrow)
		return states == CT_ALL;
	for (size_t i = 0; i < fate->options->state_set_count; i++) {
		if (!(fate->options->state_sets[i] & ~states))
			return true;
	}
	return false;
}

/* @worlds pass. A stage that can drop nothing any more is given up whole. */
static void pass(struct fate *fate, worlds_t worlds, enum why why,
		 uint32_t rule)
{
	settle(fate, worlds);
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		unsigned int states = worlds_states(worlds, stage);

		if (!states || fate_is_useful(fate, ~fate->passed, stage))
			continue;
		if (fate->why[stage] == WHY_NONE) {
			/* New connections would be dropped, if one could tell
			 * which packets open one. */
			bool can_new_drop =
				worlds_states(~fate->passed, stage) & CT_NEW;

			fate->why[stage] = why == WHY_ACCEPTED && can_new_drop
						   ? WHY_NEEDS_STATE
						   : why;
			fate->blockers[stage] = rule;
		}
		settle(fate, WORLDS(stage, CT_ALL));
	}
}

/* @worlds also go on at step @at. */
static void wait_at(struct fate *fate, uint32_t at, worlds_t worlds,
		    uint32_t rule)
{
	unsigned int i = 0;

	while (i < fate->place_count && fate->places[i].at < at)
		i++;
	if (i < fate->place_count && fate->places[i].at == at) {
		fate->places[i].worlds |= worlds;
		return;
	}
	if (fate->place_count == FATE_PLACES_MAX) {
		pass(fate, worlds, WHY_BOUND, rule);
		return;
	}
	memmove(&fate->places[i + 1], &fate->places[i],
		(fate->place_count - i) * sizeof(fate->places[0]));
	fate->places[i] = (struct fate_place){ at, worlds };
	fate->place_count++;
}

void fate_arrive(struct fate *fate, uint32_t at)
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

void fate_act(struct fate *fate, const struct step *step, worlds_t worlds)
{
	switch (step->action) {
	case ACTION_DROP:
		fate->here &= ~worlds;
		note_dropper(fate, worlds, step->rule);
		break;
	case ACTION_PASS:
		pass(fate, worlds, step->why, step->rule);
		break;
	case ACTION_SKIP:
		fate->here &= ~worlds;
		wait_at(fate, step->to, worlds, step->rule);
		break;
	case ACTION_LOG:
		fate->logged |= worlds;
		break;
	case ACTION_TRANSLATE:
		fate->translated |= worlds;
		break;
	case ACTION_UNTRACK:
		fate->untracked |= worlds;
		fate->here &= ~worlds;
		break;
	case ACTION_FORK:
		wait_at(fate, step->to, worlds, step->rule);
		break;
	}
}

void fate_give_up(struct fate *fate)
{
	pass(fate, fate_open(fate), WHY_BOUND, NO_RULE);
}
