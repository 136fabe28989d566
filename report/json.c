// SPDX-License-Identifier: GPL-2.0-only
#include "report/assumed.h"
#include "report/json.h"
#include "report/rule_name.h"
#include "report/sample.h"

json_t *json_rule(struct jsonio *io, enum family family,
		  const struct table *table, const struct chain *chain,
		  const struct rule *rule)
{
	json_t *object = jsonio_object(io);
	OWN_BUF struct buf text = BUF_INIT;

	rule_name_add_text(&text, table, chain, rule);
	io->has_failed |= text.has_failed;
	jsonio_put_number(io, object, "family", family);
	jsonio_put_text(io, object, "table", table->name);
	jsonio_put_text(io, object, "chain", chain->name);
	jsonio_put_number(io, object, "number", rule ? rule->number : 0);
	jsonio_put_number(io, object, "line", rule ? rule->line : chain->line);
	jsonio_put_text(io, object, "text", buf_text(&text));
	return object;
}

json_t *json_steps(struct jsonio *io, const struct record_step *steps,
		   size_t count)
{
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < count; i++) {
		json_t *object = jsonio_object(io);

		jsonio_put_text(io, object, "tier", steps[i].tier);
		jsonio_put_text(io, object, "reason", steps[i].reason);
		jsonio_put_text(io, object, "sentence", steps[i].sentence);
		jsonio_put_text(io, object, "text", steps[i].text);
		jsonio_append(io, array, object);
	}
	return array;
}

static void print_rules(struct buf *buf, const struct report_style *style,
			const struct report_rules *rules)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "rules");

	(void)style;
	jsonio_put(&io, root, "rulesets", json_rulesets(&io, rules));
	jsonio_print(&io, root, buf);
}

static void print_plans(struct buf *buf, const struct report_style *style,
			const struct report_plan *plans, size_t count)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "plan");
	json_t *array = jsonio_array(&io);

	(void)style;
	for (size_t i = 0; i < count; i++)
		jsonio_append(&io, array, json_plan(&io, &plans[i]));
	jsonio_put(&io, root, "interfaces", array);
	jsonio_print(&io, root, buf);
}

/* Nothing rests on a program that is not there. */
static void put_assumed(struct jsonio *io, json_t *object,
			const struct report_applied *applied)
{
	const struct plan *plan = applied->plan;
	bool is_attached = applied->tier != TIER_NONE;
	OWN_BUF struct buf warning = BUF_INIT;
	json_t *array = jsonio_array(io);

	for (size_t i = 0; is_attached && i < plan->fact_count; i++)
		if (assumed_is(&plan->facts[i]))
			jsonio_append_text(io, array, plan->facts[i].name);
	if (is_attached)
		assumed_add(&warning, plan);
	io->has_failed |= warning.has_failed;
	jsonio_put(io, object, "assumed", array);
	jsonio_put_text(io, object, "warning",
			warning.length ? buf_text(&warning) : NULL);
}

static json_t *card_make(struct jsonio *io,
			 const struct report_applied *applied)
{
	json_t *object = jsonio_object(io);

	jsonio_put_number(io, object, "program", applied->card_id);
	jsonio_put_number(io, object, "planned_rules",
			  applied->plan->card_rule_count);
	jsonio_put_number(io, object, "rules", applied->card_rules);
	jsonio_put_text(io, object, "limit",
			*applied->card_limit ? applied->card_limit : NULL);
	return object;
}

static json_t *applied_make(struct jsonio *io,
			    const struct report_applied *applied)
{
	const struct plan *plan = applied->plan;
	json_t *object = jsonio_object(io);

	jsonio_put_text(io, object, "interface", plan->iface);
	jsonio_put_text(io, object, "tier", tier_name(applied->tier));
	jsonio_put_text(io, object, "host_tier", tier_name(applied->host_tier));
	jsonio_put_number(io, object, "program", applied->prog_id);
	if (applied->card_id)
		jsonio_put(io, object, "card", card_make(io, applied));
	jsonio_put_bool(io, object, "unchanged", applied->is_unchanged);
	jsonio_put_bool(io, object, "frags", applied->has_frags);
	jsonio_put_bool(io, object, "proved", applied->is_proved);
	jsonio_put_number(io, object, "drop_rules", plan->drop_rule_count);
	jsonio_put_number(io, object, "early_rules",
			  applied->prog_id ? plan->early_rule_count
					   : applied->card_rules);
	jsonio_put(io, object, "steps",
		   json_steps(io, applied->steps, applied->step_count));
	put_assumed(io, object, applied);
	return object;
}

static void print_applied(struct buf *buf, const struct report_style *style,
			  const struct report_applied *applied, size_t count)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "apply");
	json_t *array = jsonio_array(&io);

	(void)style;
	for (size_t i = 0; i < count; i++)
		jsonio_append(&io, array, applied_make(&io, &applied[i]));
	jsonio_put(&io, root, "interfaces", array);
	jsonio_print(&io, root, buf);
}

static void print_attached(struct buf *buf, const char *kind,
			   const struct report_attached *attached, size_t count,
			   bool has_counters)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, kind);
	json_t *array = jsonio_array(&io);

	for (size_t i = 0; i < count; i++)
		jsonio_append(&io, array,
			      json_attached(&io, &attached[i], has_counters));
	jsonio_put(&io, root, "interfaces", array);
	jsonio_print(&io, root, buf);
}

static void print_status(struct buf *buf, const struct report_style *style,
			 const struct report_attached *attached, size_t count)
{
	(void)style;
	print_attached(buf, "status", attached, count, false);
}

static void print_stats(struct buf *buf, const struct report_style *style,
			const struct report_attached *attached, size_t count)
{
	(void)style;
	print_attached(buf, "stats", attached, count, true);
}

static void print_explained(struct buf *buf, const struct report_style *style,
			    const struct explanation *explained, size_t count)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "explain");
	json_t *array = jsonio_array(&io);

	(void)style;
	for (size_t i = 0; i < count; i++)
		jsonio_append(&io, array, json_explanation(&io, &explained[i]));
	jsonio_put(&io, root, "packets", array);
	jsonio_print(&io, root, buf);
}

static void print_caps(struct buf *buf, const struct report_style *style,
		       const struct report_caps *caps)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "caps");

	(void)style;
	json_put_caps(&io, root, caps);
	jsonio_print(&io, root, buf);
}

static void print_check(struct buf *buf, const struct report_style *style,
			const struct report_check *check)
{
	struct jsonio io = { 0 };

	(void)style;
	jsonio_print(&io, json_check(&io, check), buf);
}

static void print_diffs(struct buf *buf, const struct report_style *style,
			const struct diff *changes, size_t count)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "diff");
	json_t *array = jsonio_array(&io);

	(void)style;
	for (size_t i = 0; i < count; i++)
		jsonio_append(&io, array, json_diff(&io, &changes[i]));
	jsonio_put(&io, root, "interfaces", array);
	jsonio_print(&io, root, buf);
}

static void print_config(struct buf *buf, const struct report_style *style,
			 const struct report_config *config)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "config");

	(void)style;
	jsonio_put(&io, root, "sections", json_sections(&io, config));
	jsonio_print(&io, root, buf);
}

static void print_confirmed(struct buf *buf, const struct report_style *style,
			    const struct report_confirmed *confirmed)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "confirmed");

	(void)style;
	jsonio_put_number(&io, root, "seconds_left", confirmed->seconds_left);
	jsonio_print(&io, root, buf);
}

static void print_sets(struct buf *buf, const struct report_style *style,
		       const char *iface, const struct report_set *sets,
		       size_t count)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "sets");
	json_t *array = jsonio_array(&io);

	(void)style;
	for (size_t i = 0; i < count; i++) {
		json_t *object = jsonio_object(&io);

		jsonio_put_text(&io, object, "name", sets[i].name);
		jsonio_put_text(&io, object, "type", sets[i].type);
		jsonio_put_number(&io, object, "family", sets[i].family);
		jsonio_put_number(&io, object, "ranges", sets[i].ranges);
		jsonio_put_number(&io, object, "bytes", sets[i].bytes);
		jsonio_append(&io, array, object);
	}
	jsonio_put_text(&io, root, "interface", iface);
	jsonio_put(&io, root, "sets", array);
	jsonio_print(&io, root, buf);
}

static void print_removed(struct buf *buf, const struct report_style *style,
			  const struct report_removed *removed)
{
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "removed");
	json_t *array = jsonio_array(&io);

	(void)style;
	for (size_t i = 0; removed->ifaces && i < removed->count; i++)
		jsonio_append_text(&io, array, removed->ifaces[i]);
	jsonio_put_number(&io, root, "count", removed->count);
	jsonio_put(&io, root, "interfaces", array);
	jsonio_print(&io, root, buf);
}

const struct report_format json_format = {
	.rules = print_rules,
	.plans = print_plans,
	.applied = print_applied,
	.status = print_status,
	.stats = print_stats,
	.explained = print_explained,
	.caps = print_caps,
	.check = print_check,
	.diffs = print_diffs,
	.config = print_config,
	.confirmed = print_confirmed,
	.sets = print_sets,
	.sample = sample_add_json,
	.removed = print_removed,
};
