// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <string.h>

#include "report/explain.h"

static const struct ruleset *rules_of(const struct plan *plan,
				      enum family family)
{
	return family == FAMILY_IPV4 ? plan->policy.ipv4 : plan->policy.ipv6;
}

/*
 * Which backend the host uses cannot be read off the rules: what either of
 * them may do counts.
 */
static void ask_host(const struct explain_question *question,
		     const struct ruleset *rules, enum explain_path path,
		     enum ct_state state, struct verdict *out)
{
	struct situation situation = {
		.backend = BACKEND_NFT,
		.state = state,
		.path = path == EXPLAIN_INPUT ? HOOK_INPUT : HOOK_FORWARD,
		.in = question->plan->iface,
		.ignore_counters = question->plan->wishes.ignore_counters,
	};
	struct verdict legacy;

	eval_packet(rules, question->packet, &situation, out);
	situation.backend = BACKEND_LEGACY;
	eval_packet(rules, question->packet, &situation, &legacy);
	if (legacy.outcomes & ~OUTCOME_DROP && out->outcomes == OUTCOME_DROP)
		out->by = legacy.by;
	if (!out->effect.chain)
		out->effect = legacy.effect;
	out->outcomes |= legacy.outcomes;
}

static void judge_tier(const struct explain_question *question, enum tier tier,
		       enum explain_path path,
		       struct judgement judged[CT_STATE_COUNT])
{
	bool is_on_card = tier == TIER_HW && question->plan->card;
	enum hook hook = path == EXPLAIN_INPUT ? HOOK_INPUT : HOOK_FORWARD;

	for (unsigned int i = 0; is_on_card && i < CT_STATE_COUNT; i++)
		judge_on_card(question->plan, question->packet, hook,
			      &judged[i]);
	for (unsigned int i = 0; !is_on_card && i < CT_STATE_COUNT; i++)
		judge_packet(question->plan, question->packet, hook, 1u << i,
			     &judged[i]);
}

void explain_packet(const struct explain_question *question,
		    struct explanation *out)
{
	const struct packet *packet = question->packet;
	const struct ruleset *rules =
		packet ? rules_of(question->plan, packet->family) : NULL;

	*out = (struct explanation){
		.text = question->text,
		.is_ip = packet,
		.has_rules = rules,
		.family = packet ? packet->family : FAMILY_IPV4,
		.states = question->states,
	};
	memcpy(out->paths, question->paths, sizeof(out->paths));

	for (enum explain_path path = 0; path < EXPLAIN_PATH_COUNT; path++) {
		for (unsigned int i = 0; rules && i < CT_STATE_COUNT; i++)
			ask_host(question, rules, path, 1u << i,
				 &out->host[path][i]);
		for (enum tier tier = TIER_GENERIC; tier < TIER_COUNT; tier++)
			judge_tier(question, tier, path,
				   out->tiers[tier].judged[path]);
	}
	for (enum tier tier = 0; tier < TIER_COUNT; tier++) {
		const struct plan_tier *planned = &question->plan->tiers[tier];

		out->tiers[tier].is_candidate = planned->is_candidate;
		out->tiers[tier].reason = planned->reason;
	}
}

const char *explain_path_name(enum explain_path path)
{
	return path == EXPLAIN_INPUT ? "input" : "forward";
}

const char *explain_state_name(unsigned int number)
{
	static const char *const names[] = {
		"NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED",
	};
	static_assert(ARRAY_SIZE(names) == CT_STATE_COUNT, "a name for each");

	assert(number < CT_STATE_COUNT);
	return names[number];
}

static bool is_same_place(const struct place *a, const struct place *b)
{
	return a->table == b->table && a->chain == b->chain &&
	       a->rule == b->rule;
}

bool explain_is_same(const struct verdict *a, const struct verdict *b)
{
	return a->outcomes == b->outcomes && is_same_place(&a->by, &b->by) &&
	       is_same_place(&a->effect, &b->effect);
}

bool explain_is_same_judgement(const struct judgement *a,
			       const struct judgement *b)
{
	return a->is_drop == b->is_drop && a->rule == b->rule &&
	       !strcmp(judge_name(a), judge_name(b));
}

static bool has_both_paths(const struct explanation *explained)
{
	return explained->paths[EXPLAIN_INPUT] &&
	       explained->paths[EXPLAIN_FORWARD];
}

bool explain_host_differs(const struct explanation *explained)
{
	if (!has_both_paths(explained))
		return false;
	for (unsigned int i = 0; i < CT_STATE_COUNT; i++)
		if (explained->states & 1u << i &&
		    !explain_is_same(&explained->host[EXPLAIN_INPUT][i],
				     &explained->host[EXPLAIN_FORWARD][i]))
			return true;
	return false;
}

bool explain_tier_differs(const struct explanation *explained, enum tier tier)
{
	const struct explain_tier *told = &explained->tiers[tier];

	if (!has_both_paths(explained))
		return false;
	for (unsigned int i = 0; i < CT_STATE_COUNT; i++)
		if (explained->states & 1u << i &&
		    !explain_is_same_judgement(
			    &told->judged[EXPLAIN_INPUT][i],
			    &told->judged[EXPLAIN_FORWARD][i]))
			return true;
	return false;
}

bool explain_states_differ(const struct explanation *explained, enum tier tier,
			   enum explain_path path)
{
	const struct judgement *judged = explained->tiers[tier].judged[path];
	const struct judgement *first = NULL;

	for (unsigned int i = 0; i < CT_STATE_COUNT; i++) {
		if (!(explained->states & 1u << i))
			continue;
		if (first && !explain_is_same_judgement(first, &judged[i]))
			return true;
		first = &judged[i];
	}
	return false;
}

const struct judgement *
explain_path_judgement(const struct explanation *explained, enum tier tier,
		       enum explain_path path)
{
	const struct judgement *judged = explained->tiers[tier].judged[path];
	const struct judgement *found = NULL;

	for (unsigned int i = 0; i < CT_STATE_COUNT; i++) {
		if (explained->states & 1u << i &&
		    (!found || (found->is_drop && !judged[i].is_drop)))
			found = &judged[i];
	}
	return found ? found : &judged[0];
}

const struct judgement *explain_judgement(const struct explanation *explained,
					  enum tier tier)
{
	const struct judgement *input =
		explain_path_judgement(explained, tier, EXPLAIN_INPUT);
	const struct judgement *forward =
		explain_path_judgement(explained, tier, EXPLAIN_FORWARD);

	if (!explained->paths[EXPLAIN_INPUT])
		return forward;
	if (explained->paths[EXPLAIN_FORWARD] && input->is_drop &&
	    !forward->is_drop)
		return forward;
	return input;
}
