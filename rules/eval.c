// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "rules/ask.h"
#include "rules/eval.h"

/* Deeper nesting is a loop: the kernel refuses such rulesets. */
#define DEPTH_MAX 64

/* Chains entered for one packet: with matches that are unknown, both ways are
 * gone, and ways double where chains call chains twice. */
#define CALLS_MAX 4096

/* A packet on its way through the tables. */
struct walk {
	struct question question;
	const struct situation *situation;
	const struct table *table;
	unsigned int depth, calls;
	bool is_in_log;	     /* in a chain that a log rule jumped to */
	struct place accept; /* who accepted in this table, first */
	struct verdict *verdict;
};

/*
 * What a stretch of rules may do. Terminal outcomes go into the walk; what
 * remains is whether the packet may leave the stretch at its end.
 */
struct ending {
	unsigned int outcomes; /* ACCEPT: of this table; DROP; EFFECT */
	bool can_fall_off;
};

static struct place place_of(const struct walk *walk, const struct chain *chain,
			     const struct rule *rule)
{
	return (struct place){ walk->table, chain, rule };
}

static void note_effect(struct walk *walk, struct ending *ending,
			struct place place)
{
	ending->outcomes |= OUTCOME_EFFECT;
	if (!walk->verdict->effect.chain)
		walk->verdict->effect = place;
}

/* The packet's way ends here, at least possibly. */
static void note_end(struct walk *walk, unsigned int outcome,
		     struct place place)
{
	struct verdict *verdict = walk->verdict;
	bool only_dropped = !(verdict->outcomes & OUTCOME_ACCEPT);

	if (!verdict->by.chain || (only_dropped && outcome != OUTCOME_DROP &&
				   verdict->outcomes & OUTCOME_DROP))
		verdict->by = place;
}

static void end_packet(struct walk *walk, struct ending *ending,
		       unsigned int outcome, struct place place)
{
	if (outcome == OUTCOME_ACCEPT) {
		if (!walk->accept.chain)
			walk->accept = place;
	} else {
		note_end(walk, outcome, place);
	}
	ending->outcomes |= outcome;
	walk->verdict->outcomes |= outcome & OUTCOME_DROP;
}

/* A log line that nobody misses, and what meters how many there are. */
static bool is_ignored_log(const struct walk *walk, const struct rule *rule)
{
	return walk->is_in_log ||
	       (walk->situation->ignore_logs && rule_is_log(walk->table, rule));
}

static bool leaves_trace(const struct match *match)
{
	enum module_class class;

	if (match->kind == MATCH_SET)
		return match->set.is_tracing;
	if (match->kind != MATCH_MODULE)
		return false;
	class = module_info(match->module)->class;
	return class == MODULE_CLASS_STATEFUL || class == MODULE_CLASS_METER;
}

/*
 * All matches of a rule: NO, YES, UNKNOWN, or HOTDROP, with *@is_sure whether
 * the match that drops is certainly asked.
 */
static enum answer ask_rule(struct walk *walk, struct ending *ending,
			    const struct chain *chain, const struct rule *rule,
			    bool *is_sure)
{
	enum answer result = ANSWER_YES;

	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];
		enum answer answer = ask_match(&walk->question, rule, i);

		if (leaves_trace(match) && !is_ignored_log(walk, rule))
			note_effect(walk, ending, place_of(walk, chain, rule));
		if (answer == ANSWER_HOTDROP)
			*is_sure = result == ANSWER_YES;
		if (answer == ANSWER_HOTDROP || answer == ANSWER_NO)
			return answer;
		if (answer == ANSWER_UNKNOWN)
			result = ANSWER_UNKNOWN;
	}
	return result;
}

/*
 * NOTRACK and CT: what the connection state is from here on. The first of them
 * counts (xt_ct_target() and notrack_tg() leave alone what has a state).
 */
static void change_tracking(struct walk *walk, const struct rule_target *target,
			    bool is_sure)
{
	unsigned int *states = &walk->question.states;
	bool has_template = *states & ~(CT_INVALID | CT_UNTRACKED);

	if (!target_is_notrack(target))
		*states |= CT_ALL;
	else if (is_sure && !has_template)
		*states = CT_UNTRACKED;
	else
		*states |= CT_UNTRACKED;
}

/* Returns true when the packet ends in this extension. */
static bool enter_extension(struct walk *walk, struct ending *ending,
			    struct place place, bool is_sure)
{
	const struct rule_target *target = &place.rule->target;
	const struct extension_info *info = extension_info(target->extension);

	if (info->changes & CHANGE_TRACKING)
		change_tracking(walk, target, is_sure);
	walk->question.changes |= info->changes;
	switch (info->class) {
	case EXTENSION_CLASS_CONTINUES:
		return false;
	case EXTENSION_CLASS_LOGS:
		if (!is_ignored_log(walk, place.rule))
			note_effect(walk, ending, place);
		return false;
	case EXTENSION_CLASS_TRACES:
		note_effect(walk, ending, place);
		return false;
	case EXTENSION_CLASS_ACCEPTS:
		end_packet(walk, ending, OUTCOME_ACCEPT, place);
		return true;
	case EXTENSION_CLASS_ANSWERS:
		note_effect(walk, ending, place);
		/* An extension that we do not know may also just go on. */
		if (target->extension == EXTENSION_UNKNOWN) {
			ending->outcomes |= OUTCOME_ANY;
			walk->verdict->outcomes |= OUTCOME_ANY;
			return false;
		}
		end_packet(walk, ending, OUTCOME_EFFECT, place);
		return true;
	}
	return false;
}

static struct ending walk_chain(struct walk *walk, const struct chain *chain);

static struct ending enter_chain(struct walk *walk, const struct rule *rule)
{
	bool was_in_log = walk->is_in_log;

	if (walk->depth >= DEPTH_MAX || walk->calls++ >= CALLS_MAX) {
		walk->verdict->outcomes |= OUTCOME_ANY;
		return (struct ending){ OUTCOME_ANY, true };
	}
	walk->depth++;
	walk->is_in_log = is_ignored_log(walk, rule);
	struct ending ending =
		walk_chain(walk, &walk->table->chains[rule->target.chain]);
	walk->is_in_log = was_in_log;
	walk->depth--;
	return ending;
}

/*
 * What the target of a rule that may match does. Returns true when a packet
 * that matches never goes on with the next rule of this chain.
 */
static bool enter_target(struct walk *walk, struct ending *ending,
			 const struct chain *chain, const struct rule *rule,
			 bool is_sure)
{
	struct place place = place_of(walk, chain, rule);
	struct ending inner;

	if (!walk->situation->ignore_counters &&
	    rule_is_counter(walk->table, rule))
		note_effect(walk, ending, place);
	switch (rule->target.kind) {
	case TARGET_NONE:
		return false;
	case TARGET_ACCEPT:
		end_packet(walk, ending, OUTCOME_ACCEPT, place);
		return true;
	case TARGET_DROP:
		end_packet(walk, ending, OUTCOME_DROP, place);
		return true;
	case TARGET_RETURN:
		ending->can_fall_off = true;
		return true;
	case TARGET_JUMP:
		inner = enter_chain(walk, rule);
		ending->outcomes |= inner.outcomes;
		return !inner.can_fall_off;
	case TARGET_GOTO:
		/* Falling off there is falling off here (soundness.md 2.1). */
		inner = enter_chain(walk, rule);
		ending->outcomes |= inner.outcomes;
		ending->can_fall_off |= inner.can_fall_off;
		return true;
	case TARGET_EXTENSION:
		return enter_extension(walk, ending, place, is_sure);
	}
	return false;
}

static struct ending walk_chain(struct walk *walk, const struct chain *chain)
{
	struct ending ending = { 0 };

	for (size_t i = 0; i < chain->rule_count; i++) {
		const struct rule *rule = &chain->rules[i];
		bool is_sure = true;
		enum answer answer =
			ask_rule(walk, &ending, chain, rule, &is_sure);

		if (answer == ANSWER_NO)
			continue;
		if (answer == ANSWER_HOTDROP) {
			end_packet(walk, &ending, OUTCOME_DROP,
				   place_of(walk, chain, rule));
			if (is_sure)
				return ending;
			continue;
		}
		bool is_end = enter_target(walk, &ending, chain, rule,
					   answer == ANSWER_YES);
		if (is_end && answer == ANSWER_YES)
			return ending;
	}
	ending.can_fall_off = true;
	return ending;
}

/*
 * One table at one hook. Returns false when the packet cannot get past it.
 */
static bool walk_table(struct walk *walk, const struct ruleset *ruleset,
		       enum table_id id, const char *hook)
{
	walk->table = ruleset_table(ruleset, id);
	const struct chain *chain =
		walk->table ? table_chain(walk->table, hook) : NULL;
	if (!chain)
		return true;

	walk->accept = (struct place){ 0 };
	struct ending ending = walk_chain(walk, chain);
	if (ending.can_fall_off) {
		struct place policy = place_of(walk, chain, NULL);

		switch (chain->policy) {
		case POLICY_DROP:
			end_packet(walk, &ending, OUTCOME_DROP, policy);
			break;
		case POLICY_OTHER:
			note_effect(walk, &ending, policy);
			end_packet(walk, &ending, OUTCOME_EFFECT, policy);
			break;
		case POLICY_ACCEPT:
		case POLICY_NONE:
			end_packet(walk, &ending, OUTCOME_ACCEPT, policy);
			break;
		}
	}
	walk->verdict->outcomes |= ending.outcomes & OUTCOME_EFFECT;
	return ending.outcomes & OUTCOME_ACCEPT;
}

/*
 * nat PREROUTING is asked once for a connection, by the packet that opens it
 * (NEW, or RELATED where it was expected); what it found
 * then holds for every packet of the connection. It cannot drop. What asks it
 * still has the destination that it came with: an expected connection whose
 * helper translates it is not asked about.
 */
static void walk_nat(struct walk *walk, const struct ruleset *ruleset)
{
	struct question *q = &walk->question;
	struct verdict *verdict = walk->verdict;
	struct verdict saved = *verdict;

	if (q->states & (CT_NEW | CT_RELATED))
		walk_table(walk, ruleset, TABLE_NAT, "PREROUTING");
	if (walk->situation->is_nat_state &&
	    q->states & (CT_ESTABLISHED | CT_RELATED))
		q->changes |= CHANGE_DESTINATION;
	saved.outcomes |= verdict->outcomes & OUTCOME_EFFECT;
	saved.effect = verdict->effect;
	*verdict = saved;
}

/* raw, before connection tracking: a packet belongs to no connection there. */
static bool walk_raw(struct walk *walk, const struct ruleset *ruleset)
{
	struct question *q = &walk->question;

	q->hook = HOOK_PREROUTING;
	q->states = CT_INVALID;
	if (!walk_table(walk, ruleset, TABLE_RAW, "PREROUTING"))
		return false;
	if (q->states == CT_INVALID)
		q->states = walk->situation->state;
	else if (q->states != CT_UNTRACKED)
		q->states = walk->situation->state | CT_UNTRACKED;
	return true;
}

/* The rest of the way, in one state. */
static void walk_tracked(struct walk *walk, const struct ruleset *ruleset)
{
	static const enum table_id tables[] = { TABLE_MANGLE, TABLE_FILTER,
						TABLE_SECURITY };
	enum hook path = walk->situation->path;
	struct verdict *out = walk->verdict;

	if (!walk_table(walk, ruleset, TABLE_MANGLE, "PREROUTING"))
		return;
	walk_nat(walk, ruleset);
	/* With another TTL the host may answer instead of forwarding. */
	if (path == HOOK_FORWARD && walk->question.changes & CHANGE_TTL)
		out->outcomes |= OUTCOME_EFFECT;
	walk->question.hook = path;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		if (!walk_table(walk, ruleset, tables[i],
				path == HOOK_FORWARD ? "FORWARD" : "INPUT"))
			return;
	}
	note_end(walk, OUTCOME_ACCEPT, walk->accept);
	out->outcomes |= OUTCOME_ACCEPT;
}

void eval_packet(const struct ruleset *ruleset, const struct packet *packet,
		 const struct situation *situation, struct verdict *out)
{
	struct walk walk = {
		.question = { .ruleset = ruleset,
			      .packet = packet,
			      .situation = situation },
		.situation = situation,
		.verdict = out,
	};

	*out = (struct verdict){ 0 };
	packet_transport(packet, situation->backend == BACKEND_NFT,
			 &walk.question.transport);
	if (!walk_raw(&walk, ruleset))
		return;
	/* Perhaps raw took it out of tracking, perhaps not: one of them. */
	for (unsigned int i = 0; i < CT_STATE_COUNT; i++) {
		struct walk tracked = walk;

		if (!(walk.question.states & 1u << i))
			continue;
		tracked.question.states = 1u << i;
		walk_tracked(&tracked, ruleset);
	}
}
