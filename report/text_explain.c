// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "report/escape.h"
#include "report/grid.h"
#include "report/rule_name.h"
#include "report/text.h"

static const char *outcome_text(unsigned int outcomes)
{
	static const char *const names[] = {
		[0] = "nothing",
		[OUTCOME_ACCEPT] = "accept",
		[OUTCOME_DROP] = "drop",
		[OUTCOME_ACCEPT | OUTCOME_DROP] = "accept or drop",
		[OUTCOME_EFFECT] = "effect",
		[OUTCOME_EFFECT | OUTCOME_ACCEPT] = "accept, with an effect",
		[OUTCOME_EFFECT | OUTCOME_DROP] = "drop, with an effect",
		[OUTCOME_ANY] = "accept or drop, with an effect",
	};

	return names[outcomes & OUTCOME_ANY];
}

static enum text_colour outcome_colour(bool is_drop)
{
	return is_drop ? TEXT_RED : TEXT_GREEN;
}

static void print_place(struct buf *buf, const char *title,
			const struct place *place, unsigned int width)
{
	OWN_BUF struct buf name = BUF_INIT;
	OWN_BUF struct buf line = BUF_INIT;

	if (!place->chain)
		return;
	rule_name_add_all(&name, place->table, place->chain, place->rule);
	escape_add(&line, buf_text(&name));
	buf_addf(buf, "      %s", title);
	grid_wrap(buf, buf_text(&line), 8, width);
	buf_add(buf, "\n");
	buf->has_failed |= name.has_failed | line.has_failed;
}

/* The states from @first on that share its verdict; they leave *@left. */
static void print_group(struct buf *buf, const struct report_style *style,
			const struct verdict *verdicts, unsigned int first,
			unsigned int *left)
{
	const struct verdict *verdict = &verdicts[first];
	const char *separator = "    ";

	for (unsigned int i = first; i < CT_STATE_COUNT; i++) {
		if (!(*left & 1u << i) ||
		    !explain_is_same(verdict, &verdicts[i]))
			continue;
		buf_addf(buf, "%s%s", separator, explain_state_name(i));
		separator = ", ";
		*left &= ~(1u << i);
	}
	buf_add(buf, ": ");
	text_paint(buf, style, outcome_colour(verdict->outcomes & OUTCOME_DROP),
		   outcome_text(verdict->outcomes));
	buf_add(buf, "\n");
	print_place(buf, "", &verdict->by, style->width);
	if (memcmp(&verdict->by, &verdict->effect, sizeof(verdict->by)))
		print_place(buf, "effect: ", &verdict->effect, style->width);
}

static void print_host(struct buf *buf, const struct report_style *style,
		       const struct explanation *explained,
		       enum explain_path path)
{
	unsigned int left = explained->states;

	for (unsigned int i = 0; i < CT_STATE_COUNT; i++)
		if (left & 1u << i)
			print_group(buf, style, explained->host[path], i,
				    &left);
}

static void print_judgement(struct buf *buf, const struct report_style *style,
			    const char *title,
			    const struct judgement *judgement)
{
	const struct flat_rule *rule = judgement->rule;
	OWN_BUF struct buf line = BUF_INIT;
	OWN_BUF struct buf name = BUF_INIT;

	buf_addf(buf, "    %s: ", title);
	text_paint(buf, style, outcome_colour(judgement->is_drop),
		   judgement->is_drop ? "drop" : "pass");
	buf_add(buf, "\n      ");
	buf_add(&line, judge_sentence(judgement));
	if (rule) {
		rule_name_add_all(&name, rule->table, rule->chain, rule->rule);
		buf_add(&line, ": ");
		escape_add(&line, buf_text(&name));
	}
	grid_wrap(buf, buf_text(&line), 8, style->width);
	buf_add(buf, "\n");
	buf->has_failed |= line.has_failed | name.has_failed;
}

/* One path, or both when they agree; the states apart where they differ. */
static void print_path(struct buf *buf, const struct report_style *style,
		       const struct explanation *explained, enum tier tier,
		       enum explain_path path, const char *title)
{
	const struct judgement *judged = explained->tiers[tier].judged[path];
	unsigned int left = explained->states;

	if (!explain_states_differ(explained, tier, path)) {
		print_judgement(buf, style, title,
				explain_path_judgement(explained, tier, path));
		return;
	}
	for (unsigned int first = 0; first < CT_STATE_COUNT; first++) {
		OWN_BUF struct buf states = BUF_INIT;

		if (!(left & 1u << first))
			continue;
		buf_add(&states, title);
		for (unsigned int i = first; i < CT_STATE_COUNT; i++) {
			if (!(left & 1u << i) ||
			    !explain_is_same_judgement(&judged[first],
						       &judged[i]))
				continue;
			buf_addf(&states, ", %s", explain_state_name(i));
			left &= ~(1u << i);
		}
		print_judgement(buf, style, buf_text(&states), &judged[first]);
		buf->has_failed |= states.has_failed;
	}
}

static void print_tier(struct buf *buf, const struct report_style *style,
		       const struct explanation *explained, enum tier tier)
{
	const struct explain_tier *told = &explained->tiers[tier];
	char title[32];

	if (!told->is_candidate) {
		buf_addf(buf, "    %s: pass\n      %s\n", tier_name(tier),
			 reason_sentence(told->reason));
		return;
	}
	if (!explain_tier_differs(explained, tier)) {
		print_path(buf, style, explained, tier,
			   explained->paths[EXPLAIN_INPUT] ? EXPLAIN_INPUT
							   : EXPLAIN_FORWARD,
			   tier_name(tier));
		return;
	}
	for (enum explain_path i = 0; i < EXPLAIN_PATH_COUNT; i++) {
		snprintf(title, sizeof(title), "%s, %s", tier_name(tier),
			 explain_path_name(i));
		print_path(buf, style, explained, tier, i, title);
	}
}

static void print_one(struct buf *buf, const struct report_style *style,
		      const struct explanation *explained)
{
	text_paint(buf, style, TEXT_BOLD, explained->text);
	buf_add(buf, "\n");
	if (!explained->is_ip) {
		buf_add(buf, "  not an IP packet that netfilter would see: "
			     "every tier passes it\n");
		return;
	}
	if (!explained->has_rules) {
		buf_add(buf, "  no rules of its family were given: "
			     "every tier passes it\n");
		return;
	}
	bool differ = explain_host_differs(explained);
	for (enum explain_path path = 0; path < EXPLAIN_PATH_COUNT; path++) {
		if (!explained->paths[path])
			continue;
		if (differ || !explained->paths[EXPLAIN_INPUT] ||
		    !explained->paths[EXPLAIN_FORWARD])
			buf_addf(buf, "  host, %s\n",
				 path == EXPLAIN_INPUT ? "for itself (INPUT)"
						       : "routed (FORWARD)");
		else
			buf_add(buf, "  host\n");
		print_host(buf, style, explained, path);
		if (!differ)
			break;
	}
	buf_add(buf, "  tiers\n");
	for (int tier = TIER_HW; tier > TIER_NONE; tier--)
		print_tier(buf, style, explained, tier);
}

void text_explained(struct buf *buf, const struct report_style *style,
		    const struct explanation *explained, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add(buf, "\n");
		print_one(buf, style, &explained[i]);
	}
}
