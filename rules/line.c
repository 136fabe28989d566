// SPDX-License-Identifier: GPL-2.0-only
#include "rules/line.h"
#include "rules/line_chain.h"
#include "rules/line_rules.h"
#include "rules/line_way.h"

static int write_policy(struct writer *w, const struct frame *frame,
			const struct chain *chain)
{
	uint32_t rule = line_rules_index(w, chain, NULL);
	const struct sight sight = { .must = frame->box, .may = frame->box };

	switch (chain->policy) {
	case POLICY_DROP:
		/* nat is asked by the packet that opens a connection alone:
		 * what comes behind it, unanswered, is NEW as well. */
		if (w->table->id == TABLE_NAT)
			break;
		w->line->rules[rule].why = WHY_NONE;
		return writer_add(w, frame, &frame->box, ACTION_DROP, WHY_NONE,
				  rule);
	case POLICY_OTHER:
		return writer_add(w, frame, &frame->box, ACTION_PASS,
				  WHY_ANSWERS, rule);
	case POLICY_ACCEPT:
	case POLICY_NONE:
		break;
	}
	/* At the end of a table going on is what ACCEPT means. */
	return w->is_last_table ? line_way_accept(w, frame, &sight, true, rule)
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
	error = line_chain_write(w, chain, &frame);
	writer_land(w, ends);
	if (!error)
		error = write_policy(w, &frame, chain);
	writer_land(w, w->table_ends);
	return error;
}

/*
 * The host logs these worlds here by itself: whatever drops them later, they
 * must get this far.
 */
static int write_log(struct writer *w, worlds_t worlds)
{
	return writer_add_step(w,
			       &(struct step){ .worlds = worlds,
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
	int error =
		writer_add_step(w,
				&(struct step){ .worlds = WORLDS(stage, CT_ALL),
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
 * soundness.md 2.2.1: with any nat hook the destination of ESTABLISHED and
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
			  .only_headers = options->only_headers },
	};
	int error;

	*out = (struct line){
		.translated = routed(translated),
		.translatable =
			routed(translated | (has_rules(nat) ? CT_NEW : 0)),
	};
	error = line_rules_make(&w);
	if (!error)
		error = write_prerouting(&w);
	if (!error)
		error = write_stage(&w, STAGE_INPUT, HOOK_INPUT, "INPUT");
	if (!error)
		error = write_stage(&w, STAGE_FORWARD, HOOK_FORWARD, "FORWARD");
	return error;
}
