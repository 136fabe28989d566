// SPDX-License-Identifier: GPL-2.0-only
#include "rules/line_chain.h"
#include "rules/line_rules.h"
#include "rules/line_way.h"

#define DEPTH_MAX 64

/* Rules deeper than we follow. */
static void note_depth(struct writer *w, const struct chain *chain)
{
	for (size_t i = 0; i < chain->rule_count; i++) {
		const struct rule *rule = &chain->rules[i];
		struct flat_rule *flat =
			&w->line->rules[line_rules_index(w, chain, rule)];
		const struct rule_target *target = &rule->target;
		bool is_new = flat->why == WHY_NOT_INGRESS;

		flat->why = is_new ? WHY_LOOP : flat->why;
		if (is_new && (target->kind == TARGET_JUMP ||
			       target->kind == TARGET_GOTO))
			note_depth(w, &w->table->chains[target->chain]);
	}
}

/* The chain as called for one box. Falling off it is falling out here. */
static int write_call(struct writer *w, const struct frame *frame,
		      const struct chain *chain, const struct box *box,
		      uint32_t *ends, uint32_t rule)
{
	struct frame inner = {
		.box = *box,
		.worlds = writer_worlds(w, frame, box->states),
		.ends = ends,
		.depth = frame->depth + 1,
		.translation = frame->translation,
	};

	if (box->is_empty || !inner.worlds)
		return 0;
	if (inner.depth > DEPTH_MAX) {
		note_depth(w, chain);
		return writer_add(w, frame, box, ACTION_PASS, WHY_LOOP, rule);
	}
	return line_chain_write(w, chain, &inner);
}

static int write_jump(struct writer *w, const struct frame *frame,
		      const struct chain *callee, const struct sight *sight,
		      bool is_exact, uint32_t rule)
{
	uint32_t ends = NO_STEP, forks = NO_STEP;
	int error = write_call(w, frame, callee, &sight->must, &ends, rule);

	writer_land(w, ends);
	if (error || is_exact)
		return error;
	/* In the chain or past it. */
	ends = NO_STEP;
	error = writer_add_jump(w, frame, &sight->may, ACTION_FORK, &forks,
				rule);
	if (!error)
		error = write_call(w, frame, callee, &sight->may, &ends, rule);
	writer_land(w, ends);
	writer_land(w, forks);
	return error;
}

/* `-g`: as a jump, but falling off goes to this chain's end. */
static int write_goto(struct writer *w, const struct frame *frame,
		      const struct chain *callee, const struct sight *sight,
		      bool is_exact, uint32_t rule)
{
	uint32_t forks = NO_STEP;
	int error =
		write_call(w, frame, callee, &sight->must, frame->ends, rule);

	if (!error)
		error = writer_add_jump(w, frame, &sight->must, ACTION_SKIP,
					frame->ends, rule);
	if (error || is_exact)
		return error;
	error = writer_add_jump(w, frame, &sight->may, ACTION_FORK, &forks,
				rule);
	if (!error)
		error = write_call(w, frame, callee, &sight->may, frame->ends,
				   rule);
	if (!error)
		error = writer_add_jump(w, frame, &sight->may, ACTION_SKIP,
					frame->ends, rule);
	writer_land(w, forks);
	return error;
}

static int write_target(struct writer *w, const struct frame *frame,
			const struct sight *sight, bool is_exact,
			const struct rule *of, uint32_t rule)
{
	const struct chain *chains = w->table->chains;
	const struct rule_target *target = &of->target;

	if (w->options->sample_logs && rule_is_log(w->table, of))
		return writer_add(w, frame, &sight->may, ACTION_LOG, WHY_NONE,
				  rule);
	if (sight->has_stateful)
		return writer_add(w, frame, &sight->may, ACTION_PASS,
				  WHY_STATEFUL_MATCH, rule);
	if (!w->options->ignore_counters && rule_is_counter(w->table, of))
		return writer_add(w, frame, &sight->may, ACTION_PASS,
				  WHY_EFFECT, rule);
	switch (target->kind) {
	case TARGET_NONE:
		return 0;
	case TARGET_ACCEPT:
		return line_way_accept(w, frame, sight, is_exact, rule);
	case TARGET_DROP:
		/* nat does not drop: iptables refuses such rules. */
		if (w->table->id == TABLE_NAT)
			return 0;
		/* Where it only may match, the next rule decides. */
		return writer_add(w, frame, &sight->must, ACTION_DROP, WHY_NONE,
				  rule);
	case TARGET_RETURN:
		return line_way_leave(w, frame, sight, is_exact, frame->ends,
				      rule);
	case TARGET_JUMP:
		return write_jump(w, frame, &chains[target->chain], sight,
				  is_exact, rule);
	case TARGET_GOTO:
		return write_goto(w, frame, &chains[target->chain], sight,
				  is_exact, rule);
	case TARGET_EXTENSION:
		return line_way_extension(w, frame, sight, is_exact, target,
					  rule);
	}
	return 0;
}

static bool is_same_box(const struct box *a, const struct box *b)
{
	if (a->is_empty != b->is_empty || a->states != b->states)
		return false;
	for (int f = 0; f < FIELD_COUNT; f++) {
		const struct set *x = a->cond.fields[f], *y = b->cond.fields[f];

		if (x != y && (!x || !y || !set_is_equal(x, y)))
			return false;
	}
	return true;
}

/* Why a drop did not become a region, as far as the rule itself tells. */
static void note_sight(struct flat_rule *flat, const struct sight *sight)
{
	if (sight->is_other_iface && flat->why == WHY_NOT_INGRESS)
		flat->why = WHY_OTHER_INTERFACE;
	else if (sight->is_extension)
		flat->why = WHY_EXTENSION;
	else if (sight->may.is_empty)
		flat->why = WHY_NO_PACKETS;
	else if (sight->has_stateful)
		flat->why = WHY_STATEFUL_MATCH;
	else if (sight->must.is_empty)
		flat->why = WHY_UNKNOWN_MATCH;
	else
		flat->why = WHY_NONE;
}

/* One rule, for those worlds of the frame whose destination is (un)known. */
static int write_sight(struct writer *w, struct frame *frame,
		       const struct chain *chain, const struct rule *rule)
{
	uint32_t index = line_rules_index(w, chain, rule);
	unsigned int variants = see_variants(rule);

	for (unsigned int i = 0; i < variants; i++) {
		struct sight sight = { .must = frame->box, .may = frame->box };

		w->view.port_variant = i;
		int error = see_rule(&w->view, rule, &sight);
		if (error)
			return error;
		note_sight(&w->line->rules[index], &sight);
		if (sight.may.is_empty)
			continue;
		error = write_target(w, frame, &sight,
				     is_same_box(&sight.must, &sight.may), rule,
				     index);
		if (error)
			return error;
	}
	return 0;
}

/* The rule as packets see it that were (not) translated. */
static int write_half(struct writer *w, const struct frame *frame,
		      worlds_t worlds, enum translation translation,
		      const struct chain *chain, const struct rule *rule)
{
	struct frame part = *frame;

	part.worlds = frame->worlds & worlds;
	part.translation = translation;
	w->view.is_destination_unknown = translation == TRANSLATION_MAYBE;
	return part.worlds ? write_sight(w, &part, chain, rule) : 0;
}

/*
 * Where NAT may have rewritten the destination, a rule about destinations is
 * seen differently: it is written twice, each time for those that it concerns.
 */
static int write_rule(struct writer *w, struct frame *frame,
		      const struct chain *chain, const struct rule *rule)
{
	const struct line *line = w->line;
	int error;

	if (w->stage == STAGE_PREROUTING ||
	    frame->translation != TRANSLATION_ANY || !see_has_destination(rule))
		return write_half(w, frame, WORLDS_ALL, frame->translation,
				  chain, rule);
	error = write_half(w, frame, line->translatable, TRANSLATION_MAYBE,
			   chain, rule);
	return error ? error
		     : write_half(w, frame, ~line->translated, TRANSLATION_NONE,
				  chain, rule);
}

int line_chain_write(struct writer *w, const struct chain *chain,
		     struct frame *frame)
{
	for (size_t i = 0; i < chain->rule_count && !w->line->is_cut; i++) {
		w->visits++;
		int error = write_rule(w, frame, chain, &chain->rules[i]);

		if (error)
			return error;
	}
	return 0;
}
