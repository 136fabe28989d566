// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/line.h"
#include "rules/see.h"

/* Bounds: what lies beyond passes, with a reason (WHY_BOUND). */
#define STEPS_MAX  ((size_t)1 << 19)
#define VISITS_MAX ((size_t)4 * 1000 * 1000)
#define DEPTH_MAX  64

#define NO_STEP UINT32_MAX

/* One call of a chain, or a table at a hook. */
struct frame {
	struct box box;
	worlds_t worlds;
	/* Steps that go to the frame's end, linked through their .to. */
	uint32_t *ends;
	unsigned int depth;
	enum translation translation;
};

struct writer {
	struct arena *arena;
	const struct ruleset *ruleset;
	const struct flatten_options *options;
	struct line *line;
	size_t step_room, visits;
	const struct table *table;
	enum stage stage;
	bool is_last_table;  /* of its stage: ACCEPT there is final */
	uint32_t table_ends; /* steps that go to the end of the table */
	struct viewpoint view;
	bool has_templates;   /* raw gives connections more than NOTRACK does */
	size_t **first_rules; /* [table][chain] -> index of its first rule */
};

static uint32_t rule_index(const struct writer *w, const struct chain *chain,
			   const struct rule *rule)
{
	size_t t = w->table - w->ruleset->tables;
	size_t c = chain - w->table->chains;
	size_t r = rule ? (size_t)(rule - chain->rules) : chain->rule_count;

	return w->first_rules[t][c] + r;
}

/* The worlds of this frame in which the connection is in one of @states. */
static worlds_t worlds_of(const struct writer *w, const struct frame *frame,
			  unsigned int states)
{
	worlds_t worlds = WORLDS(w->stage, states);

	/* What PREROUTING does is done wherever the packet goes then. */
	if (w->stage == STAGE_PREROUTING)
		worlds |= WORLDS(STAGE_INPUT, states) |
			  WORLDS(STAGE_FORWARD, states);
	return worlds & frame->worlds;
}

static int add_step(struct writer *w, const struct step *step)
{
	struct line *line = w->line;

	if (line->is_cut)
		return 0;
	if (line->step_count + 1 >= w->step_room) {
		size_t room = w->step_room ? w->step_room * 2 : 1024;
		struct step *steps =
			realloc(line->steps, room * sizeof(*steps));

		if (!steps)
			return -ENOMEM;
		line->steps = steps;
		w->step_room = room;
	}
	line->steps[line->step_count] = *step;
	if (line->step_count >= STEPS_MAX || w->visits > VISITS_MAX) {
		/* The rest of the line is unknown: leave it to the host. */
		line->steps[line->step_count] =
			(struct step){ .worlds = WORLDS_ALL,
				       .action = ACTION_PASS,
				       .why = WHY_BOUND,
				       .rule = step->rule };
		line->is_cut = true;
	}
	line->step_count++;
	return 0;
}

/* A step for one box of a frame; boxes without packets need none. */
static int add(struct writer *w, const struct frame *frame,
	       const struct box *box, enum action action, enum why why,
	       uint32_t rule)
{
	worlds_t worlds = worlds_of(w, frame, box->states);

	if (box->is_empty || !worlds)
		return 0;
	return add_step(w, &(struct step){ .cond = box->cond,
					   .worlds = worlds,
					   .translation = frame->translation,
					   .action = action,
					   .why = why,
					   .to = NO_STEP,
					   .rule = rule });
}

/* A step that goes to an end which is not written yet. */
static int add_jump(struct writer *w, const struct frame *frame,
		    const struct box *box, enum action action, uint32_t *ends,
		    uint32_t rule)
{
	size_t before = w->line->step_count;
	int error = add(w, frame, box, action, WHY_NONE, rule);

	if (!error && w->line->step_count > before && !w->line->is_cut) {
		w->line->steps[before].to = *ends;
		*ends = before;
	}
	return error;
}

/* Let the steps linked from @ends go to where the next step will be. */
static void land(struct writer *w, uint32_t ends)
{
	while (ends != NO_STEP) {
		struct step *step = &w->line->steps[ends];

		ends = step->to;
		step->to = w->line->step_count;
	}
}

static int write_chain(struct writer *w, const struct chain *chain,
		       struct frame *frame);

/* Rules deeper than we follow. */
static void note_depth(struct writer *w, const struct chain *chain)
{
	for (size_t i = 0; i < chain->rule_count; i++) {
		const struct rule *rule = &chain->rules[i];
		struct flat_rule *flat =
			&w->line->rules[rule_index(w, chain, rule)];
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
		.worlds = worlds_of(w, frame, box->states),
		.ends = ends,
		.depth = frame->depth + 1,
		.translation = frame->translation,
	};

	if (box->is_empty || !inner.worlds)
		return 0;
	if (inner.depth > DEPTH_MAX) {
		note_depth(w, chain);
		return add(w, frame, box, ACTION_PASS, WHY_LOOP, rule);
	}
	return write_chain(w, chain, &inner);
}

static int write_jump(struct writer *w, const struct frame *frame,
		      const struct chain *callee, const struct sight *sight,
		      bool is_exact, uint32_t rule)
{
	uint32_t ends = NO_STEP, forks = NO_STEP;
	int error = write_call(w, frame, callee, &sight->must, &ends, rule);

	land(w, ends);
	if (error || is_exact)
		return error;
	/* In the chain or past it. */
	ends = NO_STEP;
	error = add_jump(w, frame, &sight->may, ACTION_FORK, &forks, rule);
	if (!error)
		error = write_call(w, frame, callee, &sight->may, &ends, rule);
	land(w, ends);
	land(w, forks);
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
		error = add_jump(w, frame, &sight->must, ACTION_SKIP,
				 frame->ends, rule);
	if (error || is_exact)
		return error;
	error = add_jump(w, frame, &sight->may, ACTION_FORK, &forks, rule);
	if (!error)
		error = write_call(w, frame, callee, &sight->may, frame->ends,
				   rule);
	if (!error)
		error = add_jump(w, frame, &sight->may, ACTION_SKIP,
				 frame->ends, rule);
	land(w, forks);
	return error;
}

/* Leave for @ends: surely with `must`, possibly with `may`. */
static int write_leave(struct writer *w, const struct frame *frame,
		       const struct sight *sight, bool is_exact, uint32_t *ends,
		       uint32_t rule)
{
	int error = add_jump(w, frame, &sight->must, ACTION_SKIP, ends, rule);

	if (error || is_exact)
		return error;
	return add_jump(w, frame, &sight->may, ACTION_FORK, ends, rule);
}

static int write_accept(struct writer *w, const struct frame *frame,
			const struct sight *sight, bool is_exact, uint32_t rule)
{
	int error;

	if (!w->is_last_table)
		return write_leave(w, frame, sight, is_exact, &w->table_ends,
				   rule);
	error = add(w, frame, &sight->must, ACTION_PASS, WHY_ACCEPTED, rule);
	if (error || is_exact)
		return error;
	return add(w, frame, &sight->may, ACTION_PASS, WHY_MAYBE_ACCEPTED,
		   rule);
}

/*
 * NOTRACK, where nothing may have stood before it in the packet's way. What it
 * only may match is covered: every packet may be untracked.
 */
static int write_notrack(struct writer *w, const struct frame *frame,
			 const struct sight *sight, uint32_t rule)
{
	struct box must = sight->must;

	if (!w->view.is_raw || w->has_templates)
		return 0;
	must.states &= ~CT_UNTRACKED;
	return add(w, frame, &must, ACTION_UNTRACK, WHY_NONE, rule);
}

/* What a target rewrites: from here on for all, in nat for its packets. */
static int write_changes(struct writer *w, const struct frame *frame,
			 const struct sight *sight,
			 const struct rule_target *target, uint32_t rule)
{
	unsigned int changes = extension_info(target->extension)->changes;

	if (w->table->id != TABLE_NAT)
		w->view.changes |= changes;
	else if (changes & CHANGE_ADDRESS)
		return add(w, frame, &sight->may, ACTION_TRANSLATE, WHY_NONE,
			   rule);
	return target_is_notrack(target) ? write_notrack(w, frame, sight, rule)
					 : 0;
}

static int write_extension(struct writer *w, const struct frame *frame,
			   const struct sight *sight, bool is_exact,
			   const struct rule_target *target, uint32_t rule)
{
	const struct extension_info *info = extension_info(target->extension);
	int error = write_changes(w, frame, sight, target, rule);

	if (error)
		return error;
	switch (info->class) {
	case EXTENSION_CLASS_CONTINUES:
		return 0;
	case EXTENSION_CLASS_LOGS:
	case EXTENSION_CLASS_TRACES:
		return add(w, frame, &sight->may, ACTION_PASS, WHY_EFFECT,
			   rule);
	case EXTENSION_CLASS_ACCEPTS:
		return write_accept(w, frame, sight, is_exact, rule);
	case EXTENSION_CLASS_ANSWERS:
		return add(w, frame, &sight->may, ACTION_PASS, WHY_ANSWERS,
			   rule);
	}
	return 0;
}

static int write_target(struct writer *w, const struct frame *frame,
			const struct sight *sight, bool is_exact,
			const struct rule *of, uint32_t rule)
{
	const struct chain *chains = w->table->chains;
	const struct rule_target *target = &of->target;

	if (w->options->sample_logs && rule_is_log(of))
		return add(w, frame, &sight->may, ACTION_LOG, WHY_NONE, rule);
	if (sight->has_stateful)
		return add(w, frame, &sight->may, ACTION_PASS,
			   WHY_STATEFUL_MATCH, rule);
	if (!w->options->ignore_counters && rule_is_counter(w->table, of))
		return add(w, frame, &sight->may, ACTION_PASS, WHY_EFFECT,
			   rule);
	switch (target->kind) {
	case TARGET_NONE:
		return 0;
	case TARGET_ACCEPT:
		return write_accept(w, frame, sight, is_exact, rule);
	case TARGET_DROP:
		/* nat does not drop: iptables refuses such rules. */
		if (w->table->id == TABLE_NAT)
			return 0;
		/* Where it only may match, the next rule decides. */
		return add(w, frame, &sight->must, ACTION_DROP, WHY_NONE, rule);
	case TARGET_RETURN:
		return write_leave(w, frame, sight, is_exact, frame->ends,
				   rule);
	case TARGET_JUMP:
		return write_jump(w, frame, &chains[target->chain], sight,
				  is_exact, rule);
	case TARGET_GOTO:
		return write_goto(w, frame, &chains[target->chain], sight,
				  is_exact, rule);
	case TARGET_EXTENSION:
		return write_extension(w, frame, sight, is_exact, target, rule);
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
	uint32_t index = rule_index(w, chain, rule);
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

static int write_chain(struct writer *w, const struct chain *chain,
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

static int write_policy(struct writer *w, const struct frame *frame,
			const struct chain *chain)
{
	uint32_t rule = rule_index(w, chain, NULL);
	const struct sight sight = { .must = frame->box, .may = frame->box };

	switch (chain->policy) {
	case POLICY_DROP:
		w->line->rules[rule].why = WHY_NONE;
		return add(w, frame, &frame->box, ACTION_DROP, WHY_NONE, rule);
	case POLICY_OTHER:
		return add(w, frame, &frame->box, ACTION_PASS, WHY_ANSWERS,
			   rule);
	case POLICY_ACCEPT:
	case POLICY_NONE:
		break;
	}
	/* At the end of a table going on is what ACCEPT means. */
	return w->is_last_table ? write_accept(w, frame, &sight, true, rule)
				: 0;
}

/* nat is asked once, about the packet that opens a connection. */
static worlds_t table_worlds(const struct table *table)
{
	const unsigned int states =
		table->id == TABLE_NAT ? CT_NEW | CT_RELATED : CT_ALL;

	return WORLDS(STAGE_PREROUTING, states) | WORLDS(STAGE_INPUT, states) |
	       WORLDS(STAGE_FORWARD, states);
}

static int write_table(struct writer *w, const struct chain *chain)
{
	uint32_t ends = NO_STEP;
	struct frame frame = { .box.states = CT_ALL,
			       .worlds = table_worlds(w->table),
			       .ends = &ends };
	int error;

	w->table_ends = NO_STEP;
	error = write_chain(w, chain, &frame);
	land(w, ends);
	if (!error)
		error = write_policy(w, &frame, chain);
	land(w, w->table_ends);
	return error;
}

/*
 * The host logs these worlds here by itself: whatever drops them later, they
 * must get this far.
 */
static int write_log(struct writer *w, worlds_t worlds)
{
	return add_step(w, &(struct step){ .worlds = worlds,
					   .action = w->options->sample_logs
							     ? ACTION_LOG
							     : ACTION_PASS,
					   .why = WHY_LOG_SYSCTL,
					   .to = NO_STEP,
					   .rule = NO_RULE });
}

/*
 * Connection tracking, between raw (-300) and mangle (-150). With
 * nf_conntrack_log_invalid it logs what it calls INVALID, but also TCP packets
 * that it only ignores, which keep their state (nf_conntrack_tcp_packet(),
 * Linux 5.10 to 6.18).
 */
static int write_tracking(struct writer *w)
{
	unsigned int tracked = CT_ALL & ~CT_UNTRACKED;

	if (!w->options->logs_invalid)
		return 0;
	return write_log(w, WORLDS(STAGE_PREROUTING, tracked) |
				    WORLDS(STAGE_INPUT, tracked) |
				    WORLDS(STAGE_FORWARD, tracked));
}

/* Routing, which logs addresses that cannot be (log_martians; IPv4 only). */
static int write_routing(struct writer *w)
{
	if (!w->options->logs_martians || w->ruleset->family != FAMILY_IPV4)
		return 0;
	return write_log(w, WORLDS(STAGE_INPUT, CT_ALL) |
				    WORLDS(STAGE_FORWARD, CT_ALL));
}

/* Do rules of raw touch the tracking before a rule there can ask for it? */
static bool changes_tracking(const struct rule_target *target)
{
	return target_changes(target, CHANGE_TRACKING);
}

/* The chain @name of those tables that have it, in this order. */
static int write_tables(struct writer *w, const char *name,
			const enum table_id *ids, size_t id_count)
{
	const struct table *tables[TABLE_OTHER];
	const struct chain *chains[TABLE_OTHER];
	size_t count = 0;

	for (size_t i = 0; i < id_count; i++) {
		const struct table *table = ruleset_table(w->ruleset, ids[i]);

		if (table && table_chain(table, name)) {
			chains[count] = table_chain(table, name);
			tables[count++] = table;
		}
	}
	for (size_t i = 0; i < count; i++) {
		w->table = tables[i];
		w->is_last_table =
			w->stage != STAGE_PREROUTING && i + 1 == count;
		w->view.is_raw = tables[i]->id == TABLE_RAW;
		w->view.is_raw_tracked =
			w->view.is_raw &&
			table_has_target(tables[i], changes_tracking);
		int error = write_table(w, chains[i]);
		if (error)
			return error;
	}
	return 0;
}

/* Whatever came this far the stage lets through. */
static int end_stage(struct writer *w)
{
	enum stage stage = w->stage;
	int error = add_step(w, &(struct step){ .worlds = WORLDS(stage, CT_ALL),
						.action = ACTION_PASS,
						.why = WHY_ACCEPTED,
						.rule = NO_RULE });

	w->line->stage_ends[stage] = w->line->step_count;
	w->line->stage_worlds[stage] =
		stage == STAGE_PREROUTING ? WORLDS_ALL : WORLDS(stage, CT_ALL);
	return error;
}

static int write_prerouting(struct writer *w)
{
	static const enum table_id raw = TABLE_RAW;
	static const enum table_id behind_tracking[] = { TABLE_MANGLE,
							 TABLE_NAT };
	int error;

	w->stage = STAGE_PREROUTING;
	w->view.hook = HOOK_PREROUTING;
	error = write_tables(w, "PREROUTING", &raw, 1);
	if (!error)
		error = write_tracking(w);
	if (!error)
		error = write_tables(w, "PREROUTING", behind_tracking,
				     ARRAY_SIZE(behind_tracking));
	if (!error)
		error = write_routing(w);
	return error ? error : end_stage(w);
}

static int write_stage(struct writer *w, enum stage stage, enum hook hook,
		       const char *name)
{
	static const enum table_id order[] = { TABLE_MANGLE, TABLE_FILTER,
					       TABLE_SECURITY };
	int error;

	w->stage = stage;
	w->view.hook = hook;
	error = write_tables(w, name, order, ARRAY_SIZE(order));
	return error ? error : end_stage(w);
}

static bool has_rules(const struct table *table)
{
	for (size_t c = 0; table && c < table->chain_count; c++) {
		if (table->chains[c].rule_count)
			return true;
	}
	return false;
}

/*
 * DESIGN.md 2.2, 1: with any nat hook the destination of ESTABLISHED and
 * RELATED packets is unknown behind PREROUTING; where the host's nat rules are
 * not known to us, that of NEW ones too. (Rules of nat that we know translate
 * the NEW ones that they match.) INVALID and UNTRACKED packets are never
 * translated.
 */
static unsigned int translated_states(const struct ruleset *ruleset,
				      const struct flatten_options *options)
{
	const struct table *nat = ruleset_table(ruleset, TABLE_NAT);
	unsigned int states = 0;

	if (options->has_host_nat || has_rules(nat))
		states |= CT_ESTABLISHED | CT_RELATED;
	if (options->has_host_nat && !nat)
		states |= CT_NEW;
	return states;
}

static bool makes_template(const struct rule_target *target)
{
	return target_changes(target, CHANGE_TRACKING) &&
	       !target_is_notrack(target);
}

/* The @states of connections behind routing. */
static worlds_t routed(unsigned int states)
{
	return WORLDS(STAGE_INPUT, states) | WORLDS(STAGE_FORWARD, states);
}

static int list_rules(struct writer *w)
{
	const struct ruleset *ruleset = w->ruleset;
	struct line *line = w->line;
	size_t count = 0;

	w->first_rules = arena_alloc(w->arena, (ruleset->table_count + 1) *
						       sizeof(size_t *));
	if (!w->first_rules)
		return -ENOMEM;
	for (size_t t = 0; t < ruleset->table_count; t++) {
		const struct table *table = &ruleset->tables[t];
		size_t *firsts = arena_alloc(w->arena, (table->chain_count +
							1) * sizeof(size_t));

		if (!firsts)
			return -ENOMEM;
		w->first_rules[t] = firsts;
		for (size_t c = 0; c < table->chain_count; c++) {
			firsts[c] = count;
			count += table->chains[c].rule_count + 1;
		}
	}
	line->rules = arena_alloc(w->arena, (count + 1) * sizeof(*line->rules));
	if (!line->rules)
		return -ENOMEM;
	for (size_t t = 0; t < ruleset->table_count; t++) {
		const struct table *table = &ruleset->tables[t];

		for (size_t c = 0; c < table->chain_count; c++) {
			const struct chain *chain = &table->chains[c];

			for (size_t r = 0; r <= chain->rule_count; r++) {
				const struct rule *rule =
					r < chain->rule_count ? &chain->rules[r]
							      : NULL;
				line->rules[line->rule_count++] = (struct
								   flat_rule){
					.table = table,
					.chain = chain,
					.rule = rule,
					.is_drop = rule ? rule->target.kind ==
								   TARGET_DROP
							: chain->policy ==
								   POLICY_DROP,
					.why = WHY_NOT_INGRESS,
					.blocker = NO_RULE,
				};
			}
		}
	}
	return 0;
}

int line_make(struct arena *arena, const struct ruleset *ruleset,
	      const struct flatten_options *options, struct line *out)
{
	const struct table *nat = ruleset_table(ruleset, TABLE_NAT);
	const struct table *raw = ruleset_table(ruleset, TABLE_RAW);
	unsigned int translated = translated_states(ruleset, options);
	struct writer w = {
		.arena = arena,
		.ruleset = ruleset,
		.options = options,
		.line = out,
		.has_templates = raw && table_has_target(raw, makes_template),
		.view = { .arena = arena,
			  .family = ruleset->family,
			  .iface = options->iface,
			  .is_fragment = options->is_fragment,
			  .asks_no_sets = options->asks_no_sets },
	};
	int error;

	*out = (struct line){
		.translated = routed(translated),
		.translatable =
			routed(translated | (has_rules(nat) ? CT_NEW : 0)),
	};
	error = list_rules(&w);
	if (!error)
		error = write_prerouting(&w);
	if (!error)
		error = write_stage(&w, STAGE_INPUT, HOOK_INPUT, "INPUT");
	if (!error)
		error = write_stage(&w, STAGE_FORWARD, HOOK_FORWARD, "FORWARD");
	return error;
}
