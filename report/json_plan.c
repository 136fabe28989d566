// SPDX-License-Identifier: GPL-2.0-only
#include "report/class_name.h"
#include "report/json.h"
#include "report/remedy.h"

static json_t *tier_make(struct jsonio *io, const struct plan *plan,
			 enum tier tier)
{
	const struct plan_tier *planned = &plan->tiers[tier];
	OWN_BUF struct buf remedy = BUF_INIT;
	json_t *object = jsonio_object(io);

	jsonio_put_bool(io, object, "candidate", planned->is_candidate);
	if (planned->is_candidate)
		return object;
	remedy_add(&remedy, planned, plan->iface);
	io->has_failed |= remedy.has_failed;
	jsonio_put_text(io, object, "reason", reason_name(planned->reason));
	jsonio_put_text(io, object, "sentence",
			reason_sentence(planned->reason));
	jsonio_put_text(io, object, "remedy",
			remedy.length ? buf_text(&remedy) : NULL);
	jsonio_put_text(io, object, "text", planned->text);
	return object;
}

static json_t *tiers_make(struct jsonio *io, const struct plan *plan)
{
	json_t *object = jsonio_object(io);

	for (int tier = TIER_HW; tier > TIER_NONE; tier--)
		jsonio_put(io, object, tier_name(tier),
			   tier_make(io, plan, tier));
	return object;
}

static const char *source_name(enum fact_source source)
{
	switch (source) {
	case FACT_PER_PACKET:
		return "per-packet";
	case FACT_WATCHED:
		return "watched";
	case FACT_PINNED:
		return "pinned";
	case FACT_SHOWN:
		return "shown";
	}
	return NULL;
}

static json_t *facts_make(struct jsonio *io, const struct plan *plan)
{
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < plan->fact_count; i++) {
		const struct plan_fact *fact = &plan->facts[i];
		json_t *object = jsonio_object(io);

		jsonio_put_text(io, object, "name", fact->name);
		jsonio_put_text(io, object, "source",
				source_name(fact->source));
		jsonio_put_text(io, object, "value", fact->text);
		jsonio_append(io, array, object);
	}
	return array;
}

static const char *coverage_name(enum coverage coverage)
{
	switch (coverage) {
	case COVERAGE_NOT_A_DROP:
		return "not-a-drop";
	case COVERAGE_EARLY:
		return "early";
	case COVERAGE_HOST:
		return "host";
	}
	return NULL;
}

static json_t *rule_make(struct jsonio *io, const struct plan_rule *rule)
{
	const struct flat_rule *flat = rule->flat;
	const struct flat_rule *blocker = rule->blocker;
	json_t *object = json_rule(io, rule->family, flat->table, flat->chain,
				   flat->rule);

	jsonio_put_text(io, object, "dropped", coverage_name(rule->coverage));
	if (rule->coverage == COVERAGE_EARLY) {
		jsonio_put_bool(io, object, "fragments", rule->has_fragments);
		jsonio_put_bool(io, object, "card", rule->is_on_card);
		if (rule->counter != NO_RULE)
			jsonio_put_number(io, object, "counter", rule->counter);
	}
	if (rule->coverage == COVERAGE_HOST) {
		jsonio_put_text(io, object, "reason", why_name(rule->why));
		jsonio_put_text(io, object, "sentence",
				why_sentence(rule->why));
	}
	if (rule->coverage == COVERAGE_HOST && blocker)
		jsonio_put(io, object, "blocker",
			   json_rule(io, rule->family, blocker->table,
				     blocker->chain, blocker->rule));
	return object;
}

static json_t *share_make(struct jsonio *io, const struct measure_share *share)
{
	json_t *object = jsonio_object(io);

	jsonio_put_number(io, object, "dropped", share->dropped);
	jsonio_put_number(io, object, "early", share->early);
	return object;
}

static json_t *loss_make(struct jsonio *io, enum family family,
			 const struct measure_loss *loss)
{
	json_t *object = jsonio_object(io);
	const struct flat_rule *rule = loss->rule;

	jsonio_put_number(io, object, "packets", loss->count);
	jsonio_put_text(io, object, "reason", loss->name);
	jsonio_put_text(io, object, "sentence", loss->sentence);
	if (rule)
		jsonio_put(io, object, "rule",
			   json_rule(io, family, rule->table, rule->chain,
				     rule->rule));
	return object;
}

static json_t *way_make(struct jsonio *io, enum family family,
			const struct measure_path *path)
{
	json_t *object = share_make(io, &path->all);
	json_t *losses = jsonio_array(io);

	for (int p = 0; p < MEASURE_PROTO_COUNT; p++)
		jsonio_put(io, object, measure_proto_name(p),
			   share_make(io, &path->protos[p]));
	for (size_t i = 0; i < path->loss_count; i++)
		jsonio_append(io, losses,
			      loss_make(io, family, &path->losses[i]));
	jsonio_put(io, object, "left", losses);
	jsonio_put_number(io, object, "left_otherwise", path->others);
	return object;
}

static json_t *advice_make(struct jsonio *io, const struct report_plan *report)
{
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < report->advice->count; i++) {
		const struct advice *advice = &report->advice->items[i];
		const struct place *place = &advice->place;
		json_t *object = jsonio_object(io);

		jsonio_put_number(io, object, "family", advice->family);
		jsonio_put_text(io, object, "advice",
				advice_name(advice->kind));
		jsonio_put_text(io, object, "sentence",
				advice_sentence(advice->kind));
		jsonio_put_text(io, object, "but", advice_but(advice->kind));
		if (place->table)
			jsonio_put(io, object, "rule",
				   json_rule(io, advice->family, place->table,
					     place->chain, place->rule));
		jsonio_put(io, object, "before",
			   share_make(io, &advice->before));
		jsonio_put(io, object, "after", share_make(io, &advice->after));
		jsonio_append(io, array, object);
	}
	return array;
}

static void put_ways(struct jsonio *io, json_t *object, enum family family,
		     const struct measure *measure)
{
	for (int way = 0; way < MEASURE_WAY_COUNT; way++)
		jsonio_put(io, object, measure_way_name(way),
			   way_make(io, family, &measure->ways[way]));
}

static json_t *cards_make(struct jsonio *io, const struct measure_cards *cards,
			  enum family family)
{
	json_t *array = jsonio_array(io);

	for (int syn = 0; syn < 2; syn++) {
		json_t *object = jsonio_object(io);

		jsonio_put_bool(io, object, "syn_is_new", syn);
		put_ways(io, object, family,
			 &cards->by_syn[syn].families[family == FAMILY_IPV6]);
		jsonio_append(io, array, object);
	}
	return array;
}

/* Per family what drawn packets showed. */
static json_t *measures_make(struct jsonio *io,
			     const struct report_plan *report)
{
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < ARRAY_SIZE(report->measures); i++) {
		const struct measure *measure = report->measures[i];
		enum family family = i ? FAMILY_IPV6 : FAMILY_IPV4;

		if (!measure)
			continue;
		json_t *object = jsonio_object(io);
		jsonio_put_number(io, object, "family", family);
		jsonio_put_number(io, object, "seed", measure->seed);
		jsonio_put_number(io, object, "drawn", measure->drawn);
		put_ways(io, object, family, measure);
		if (report->cards)
			jsonio_put(io, object, "card",
				   cards_make(io, report->cards, family));
		jsonio_append(io, array, object);
	}
	return array;
}

/* @ns in nanoseconds, rounded. */
static void put_ns(struct jsonio *io, json_t *object, const char *key,
		   double ns)
{
	jsonio_put_number(io, object, key, ns + 0.5);
}

static json_t *classifiers_make(struct jsonio *io,
				const struct report_plan *report)
{
	json_t *array = jsonio_array(io);

	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		const struct classified *list =
			&report->plan->program->lists[class];
		json_t *object;

		if (!list->by)
			continue;
		object = jsonio_object(io);
		jsonio_put_text(io, object, "packets", class_name(class));
		jsonio_put_text(io, object, "classifier", list->by->name);
		jsonio_put_number(io, object, "regions", list->box_count);
		jsonio_put_number(io, object, "instructions", list->insn_count);
		jsonio_put_number(io, object, "table_bytes", list->table_bytes);
		put_ns(io, object, "predicted_again_ns", list->cost.hot);
		put_ns(io, object, "predicted_random_ns", list->cost.random);
		if (report->timings && report->timings[class].is_known) {
			put_ns(io, object, "measured_ns",
			       report->timings[class].whole);
			put_ns(io, object, "measured_parsing_ns",
			       report->timings[class].parse);
		}
		jsonio_append(io, array, object);
	}
	return array;
}

json_t *json_plan(struct jsonio *io, const struct report_plan *report)
{
	const struct plan *plan = report->plan;
	json_t *object = jsonio_object(io);
	json_t *rules = jsonio_array(io);

	jsonio_put_text(io, object, "interface", plan->iface);
	jsonio_put_bool(io, object, "absent", report->is_absent);
	jsonio_put_number(io, object, "drop_rules", plan->drop_rule_count);
	jsonio_put_number(io, object, "early_rules", plan->early_rule_count);
	jsonio_put_number(io, object, "card_rules", plan->card_rule_count);
	jsonio_put(io, object, "tiers", tiers_make(io, plan));
	jsonio_put_text(io, object, "attach_costs",
			*plan->attach_costs ? plan->attach_costs : NULL);
	jsonio_put(io, object, "measured", measures_make(io, report));
	if (report->advice)
		jsonio_put(io, object, "advice", advice_make(io, report));
	if (report->shows_classifiers)
		jsonio_put(io, object, "classifiers",
			   classifiers_make(io, report));
	if (!report->is_absent)
		jsonio_put(io, object, "facts", facts_make(io, plan));
	for (size_t i = 0; i < plan->rule_count; i++)
		jsonio_append(io, rules, rule_make(io, &plan->rules[i]));
	jsonio_put(io, object, "rules", rules);
	return object;
}
