// SPDX-License-Identifier: GPL-2.0-only
#include "report/escape.h"
#include "report/grid.h"
#include "report/remedy.h"
#include "report/rule_name.h"
#include "report/text.h"

static enum tier best_tier(const struct plan *plan)
{
	for (int tier = TIER_HW; tier > TIER_NONE; tier--)
		if (plan->tiers[tier].is_candidate)
			return tier;
	return TIER_NONE;
}

/* What the host would run, behind the card or alone. */
static enum tier host_tier(const struct plan *plan)
{
	enum tier tier = best_tier(plan);

	return tier == TIER_HW ? TIER_NATIVE : tier;
}

static void print_summary(struct buf *buf, const struct report_style *style,
			  const struct report_plan *report)
{
	const struct plan *plan = report->plan;
	enum tier tier = best_tier(plan);
	OWN_BUF struct buf line = BUF_INIT;

	buf_addf(&line, "%zu of %zu drop rules die early on %s (",
		 tier == TIER_NONE ? 0 : plan->early_rule_count,
		 plan->drop_rule_count, plan->iface);
	if (tier == TIER_HW)
		buf_addf(&line, "%zu of them hw, the rest ",
			 plan->card_rule_count);
	buf_addf(&line, "%s)", tier_name(host_tier(plan)));
	buf->has_failed |= line.has_failed;
	text_paint(buf, style, TEXT_BOLD, buf_text(&line));
	buf_add(buf, "\n");
	if (report->is_absent) {
		escape_add(buf, plan->iface);
		buf_add(buf,
			report->has_caps
				? " is on another machine: planned by what it "
				  "told, for a host without other tables\n"
				: " is not on this machine: planned for one "
				  "that takes XDP, on a host without other "
				  "tables\n");
	}
	text_measure_summary(buf, report);
}

/* Why not, this machine's words, and what to do; once for equal neighbours. */
static void add_tier(struct buf *buf, struct grid *grid,
		     const struct plan *plan, enum tier index)
{
	const struct plan_tier *tier = &plan->tiers[index];
	OWN_BUF struct buf remedy = BUF_INIT;
	bool is_same = index < TIER_HW && !tier[1].is_candidate &&
		       tier[1].reason == tier->reason;

	if (tier->is_candidate || is_same) {
		grid_add(grid, (const char *[]){
				       tier_name(index),
				       tier->is_candidate ? "yes" : "no",
				       tier->is_candidate ? "" : "the same" });
		return;
	}
	grid_add(grid, (const char *[]){ tier_name(index), "no",
					 reason_sentence(tier->reason) });
	if (*tier->text)
		grid_note(grid, tier->text);
	remedy_add(&remedy, tier, plan->iface);
	buf->has_failed |= remedy.has_failed;
	if (remedy.length)
		grid_note(grid, buf_text(&remedy));
}

static void print_tiers(struct buf *buf, const struct report_style *style,
			const struct plan *plan)
{
	static const struct grid_column columns[] = {
		{ "TIER", false },
		{ "TRY", false },
		{ "WHY NOT", false },
	};
	OWN(grid) struct grid *grid = grid_make(columns, ARRAY_SIZE(columns));

	for (int tier = TIER_HW; tier > TIER_NONE; tier--)
		add_tier(buf, grid, plan, tier);
	buf_add(buf, "\n");
	grid_print(buf, grid, style->width);
	if (*plan->attach_costs) {
		buf_add(buf, "attaching natively: ");
		grid_wrap(buf, plan->attach_costs, 20, style->width);
		buf_add(buf, "\n");
	}
}

static const char *source_name(enum fact_source source)
{
	switch (source) {
	case FACT_PER_PACKET:
		return "asked per packet";
	case FACT_WATCHED:
		return "watched";
	case FACT_PINNED:
		return "pinned";
	case FACT_SHOWN:
		return "to know";
	}
	return "";
}

static void print_facts(struct buf *buf, const struct report_style *style,
			const struct plan *plan)
{
	static const struct grid_column columns[] = {
		{ "FACT", false },
		{ "HOW", false },
		{ "VALUE", false },
	};
	OWN(grid) struct grid *grid = grid_make(columns, ARRAY_SIZE(columns));

	if (!plan->fact_count)
		return;
	for (size_t i = 0; i < plan->fact_count; i++)
		grid_add(grid, (const char *[]){
				       plan->facts[i].name,
				       source_name(plan->facts[i].source),
				       plan->facts[i].text,
			       });
	buf_add(buf, "\n");
	grid_print(buf, grid, style->width);
}

static const char *where(const struct plan_rule *rule)
{
	if (rule->coverage == COVERAGE_HOST)
		return "host";
	if (rule->is_on_card)
		return rule->has_fragments ? "card+frags" : "card";
	return rule->has_fragments ? "early+frags" : "early";
}

/* Why only the host enforces it, and the rule behind that. */
static void note_why(struct buf *buf, struct grid *grid,
		     const struct plan_rule *rule)
{
	const struct flat_rule *blocker = rule->blocker;
	OWN_BUF struct buf note = BUF_INIT;

	buf_add(&note, why_sentence(rule->why));
	if (blocker && blocker != rule->flat) {
		buf_add(&note, ": ");
		rule_name_add_all(&note, blocker->table, blocker->chain,
				  blocker->rule);
	}
	buf->has_failed |= note.has_failed;
	grid_note(grid, buf_text(&note));
}

static void add_rule(struct buf *buf, struct grid *grid,
		     const struct plan_rule *rule)
{
	const struct flat_rule *flat = rule->flat;
	unsigned int line = flat->rule ? flat->rule->line : flat->chain->line;
	OWN_BUF struct buf name = BUF_INIT;
	OWN_BUF struct buf text = BUF_INIT;
	char number[16];

	rule_name_add(&name, flat->table->name, flat->chain->name,
		      flat->rule ? flat->rule->number : 0);
	rule_name_add_text(&text, flat->table, flat->chain, flat->rule);
	buf->has_failed |= name.has_failed | text.has_failed;
	snprintf(number, sizeof(number), "%u", line);
	grid_add(grid, (const char *[]){ where(rule), buf_text(&name), number,
					 buf_text(&text) });
	if (rule->coverage == COVERAGE_HOST)
		note_why(buf, grid, rule);
}

static void print_rules(struct buf *buf, const struct report_style *style,
			const struct plan *plan, enum family family)
{
	static const struct grid_column columns[] = {
		{ "DROPPED", false },
		{ "RULE", false },
		{ "LINE", true },
		{ "TEXT", false },
	};
	OWN(grid) struct grid *grid = grid_make(columns, ARRAY_SIZE(columns));
	bool has_rows = false;

	for (size_t i = 0; i < plan->rule_count; i++) {
		const struct plan_rule *rule = &plan->rules[i];

		if (rule->family != family ||
		    rule->coverage == COVERAGE_NOT_A_DROP)
			continue;
		add_rule(buf, grid, rule);
		has_rows = true;
	}
	if (!has_rows)
		return;
	buf_addf(buf, "\nIPv%d rules that drop\n", family);
	grid_print(buf, grid, style->width);
}

void text_plans(struct buf *buf, const struct report_style *style,
		const struct report_plan *plans, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add(buf, "\n");
		print_summary(buf, style, &plans[i]);
		print_tiers(buf, style, plans[i].plan);
		text_measures(buf, style, &plans[i]);
		text_advice(buf, style, plans[i].advice);
		text_classifiers(buf, style, &plans[i]);
		if (!plans[i].is_absent)
			print_facts(buf, style, plans[i].plan);
		print_rules(buf, style, plans[i].plan, FAMILY_IPV4);
		print_rules(buf, style, plans[i].plan, FAMILY_IPV6);
	}
}
