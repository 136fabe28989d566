// SPDX-License-Identifier: GPL-2.0-only
#include "report/escape.h"
#include "report/text.h"
#include "report/sample.h"
#include "rules/print.h"

void text_paint(struct buf *buf, const struct report_style *style,
		enum text_colour colour, const char *text)
{
	if (style->is_coloured)
		buf_addf(buf, "\033[%dm", colour);
	escape_add(buf, text);
	if (style->is_coloured)
		buf_add(buf, "\033[0m");
}

/* As iptables-restore takes it; only a terminal gets it escaped. */
static void print_rules(struct buf *buf, const struct report_style *style,
			const struct report_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		OWN_BUF struct buf text = BUF_INIT;

		print_ruleset(&text, rules->rulesets[i]);
		buf->has_failed |= text.has_failed;
		if (style->width)
			escape_add_lines(buf, buf_text(&text));
		else
			buf_add(buf, buf_text(&text));
	}
}

static void print_confirmed(struct buf *buf, const struct report_style *style,
			    const struct report_confirmed *confirmed)
{
	(void)style;
	buf_addf(buf,
		 "confirmed, %u seconds before the former state would "
		 "have come back\n",
		 confirmed->seconds_left);
}

static void print_removed(struct buf *buf, const struct report_style *style,
			  const struct report_removed *removed)
{
	(void)style;
	if (!removed->ifaces) {
		buf_addf(buf, "taken off %zu interface%s\n", removed->count,
			 removed->count == 1 ? "" : "s");
		return;
	}
	for (size_t i = 0; i < removed->count; i++) {
		escape_add(buf, removed->ifaces[i]);
		buf_add(buf, ": the program was taken off\n");
	}
}

const struct report_format text_format = {
	.rules = print_rules,
	.plans = text_plans,
	.applied = text_applied,
	.status = text_status,
	.stats = text_stats,
	.explained = text_explained,
	.caps = text_caps,
	.check = text_check,
	.diffs = text_diffs,
	.config = text_config,
	.confirmed = print_confirmed,
	.sets = text_sets,
	.sample = sample_add_text,
	.removed = print_removed,
};
