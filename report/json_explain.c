// SPDX-License-Identifier: GPL-2.0-only
#include "report/json.h"

static json_t *outcomes_make(struct jsonio *io, unsigned int outcomes)
{
	json_t *array = jsonio_array(io);

	if (outcomes & OUTCOME_ACCEPT)
		jsonio_append_text(io, array, "accept");
	if (outcomes & OUTCOME_DROP)
		jsonio_append_text(io, array, "drop");
	if (outcomes & OUTCOME_EFFECT)
		jsonio_append_text(io, array, "effect");
	return array;
}

static void put_place(struct jsonio *io, json_t *object, const char *key,
		      enum family family, const struct place *place)
{
	if (place->chain)
		jsonio_put(io, object, key,
			   json_rule(io, family, place->table, place->chain,
				     place->rule));
}

static json_t *host_make(struct jsonio *io, const struct explanation *explained,
			 enum explain_path path)
{
	json_t *object = jsonio_object(io);

	for (unsigned int i = 0; i < CT_STATE_COUNT; i++) {
		const struct verdict *verdict = &explained->host[path][i];
		json_t *state = jsonio_object(io);

		jsonio_put(io, state, "outcomes",
			   outcomes_make(io, verdict->outcomes));
		put_place(io, state, "rule", explained->family, &verdict->by);
		put_place(io, state, "effect", explained->family,
			  &verdict->effect);
		if (explained->states & 1u << i)
			jsonio_put(io, object, explain_state_name(i), state);
		else
			json_decref(state);
	}
	return object;
}

static void put_judgement(struct jsonio *io, json_t *object, enum family family,
			  const struct judgement *judgement)
{
	const struct flat_rule *rule = judgement->rule;

	jsonio_put_text(io, object, "verdict",
			judgement->is_drop ? "drop" : "pass");
	jsonio_put_text(io, object, "reason", judge_name(judgement));
	jsonio_put_text(io, object, "sentence", judge_sentence(judgement));
	if (rule)
		jsonio_put(io, object, "rule",
			   json_rule(io, family, rule->table, rule->chain,
				     rule->rule));
}

/* Only where the states that were asked for make a difference. */
static void put_states(struct jsonio *io, json_t *object,
		       const struct explanation *explained, enum tier tier,
		       enum explain_path path)
{
	if (!explain_states_differ(explained, tier, path))
		return;

	json_t *states = jsonio_object(io);
	for (unsigned int i = 0; i < CT_STATE_COUNT; i++) {
		if (!(explained->states & 1u << i))
			continue;

		json_t *state = jsonio_object(io);
		put_judgement(io, state, explained->family,
			      &explained->tiers[tier].judged[path][i]);
		jsonio_put(io, states, explain_state_name(i), state);
	}
	jsonio_put(io, object, "states", states);
}

static json_t *tier_make(struct jsonio *io, const struct explanation *explained,
			 enum tier tier)
{
	const struct explain_tier *told = &explained->tiers[tier];
	json_t *object = jsonio_object(io);

	if (!told->is_candidate) {
		jsonio_put_text(io, object, "verdict", "pass");
		jsonio_put_text(io, object, "reason",
				reason_name(told->reason));
		jsonio_put_text(io, object, "sentence",
				reason_sentence(told->reason));
		return object;
	}
	put_judgement(io, object, explained->family,
		      explain_judgement(explained, tier));
	if (!explain_tier_differs(explained, tier)) {
		put_states(io, object, explained, tier,
			   explained->paths[EXPLAIN_INPUT] ? EXPLAIN_INPUT
							   : EXPLAIN_FORWARD);
		return object;
	}

	json_t *paths = jsonio_object(io);
	for (enum explain_path path = 0; path < EXPLAIN_PATH_COUNT; path++) {
		json_t *judged = jsonio_object(io);

		put_judgement(io, judged, explained->family,
			      explain_path_judgement(explained, tier, path));
		put_states(io, judged, explained, tier, path);
		jsonio_put(io, paths, explain_path_name(path), judged);
	}
	jsonio_put(io, object, "paths", paths);
	return object;
}

json_t *json_explanation(struct jsonio *io, const struct explanation *explained)
{
	json_t *object = jsonio_object(io);
	json_t *host = jsonio_object(io);
	json_t *tiers = jsonio_object(io);

	jsonio_put_text(io, object, "packet", explained->text);
	for (enum explain_path path = 0; path < EXPLAIN_PATH_COUNT; path++)
		if (explained->has_rules && explained->paths[path])
			jsonio_put(io, host, explain_path_name(path),
				   host_make(io, explained, path));
	for (int tier = TIER_HW; tier > TIER_NONE; tier--)
		jsonio_put(io, tiers, tier_name(tier),
			   tier_make(io, explained, tier));
	jsonio_put(io, object, "host", host);
	jsonio_put(io, object, "tiers", tiers);
	return object;
}
