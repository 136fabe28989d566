// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "report/escape.h"
#include "report/text.h"
#include "report/wishes.h"

static void print_source(struct buf *buf, const char *name, const char *value)
{
	if (!value)
		return;
	buf_addf(buf, "  %-7s ", name);
	escape_add(buf, value);
	buf_add(buf, "\n");
}

void text_config(struct buf *buf, const struct report_style *style,
		 const struct report_config *config)
{
	for (size_t i = 0; i < config->count; i++) {
		const struct report_section *section = &config->sections[i];
		const struct wish_words words = wishes_words(section->wishes);

		text_paint(buf, style, TEXT_BOLD, section->pattern);
		buf_add(buf, ": ");
		escape_add(buf, section->source);
		buf_addf(buf, ", line %u\n", section->line);
		print_source(buf, "rules",
			     section->is_from_kernel ? "the host's own"
						     : section->rules);
		print_source(buf, "rules6", section->rules6);
		for (size_t j = 0; j < words.count; j++)
			print_source(buf, "asked", words.texts[j]);
	}
	buf_addf(buf, "%zu section%s: nothing is wrong with %s\n",
		 config->count, config->count == 1 ? "" : "s",
		 config->count == 1 ? "it" : "them");
}

static void print_diff(struct buf *buf, const struct report_style *style,
		       const struct diff *change)
{
	const struct plan *plan = change->plan;

	text_paint(buf, style, TEXT_BOLD, plan->iface);
	switch (change->kind) {
	case DIFF_NOTHING:
		buf_add(buf, ": nothing is attached, nothing would be\n");
		return;
	case DIFF_NONE:
		buf_addf(buf, ": unchanged (%s, program %" PRIu32 ")\n",
			 tier_name(change->tier), change->prog_id);
		return;
	case DIFF_ATTACH:
		buf_addf(buf,
			 ": a program would be attached, %zu of %zu drop "
			 "rules would %sdie early\n",
			 plan->early_rule_count, plan->drop_rule_count,
			 plan->wishes.is_shadow ? "be counted as if they "
						: "");
		return;
	case DIFF_DETACH:
		buf_addf(buf, ": program %" PRIu32 " would be taken off\n",
			 change->prog_id);
		return;
	case DIFF_REPLACE:
		break;
	}
	buf_addf(buf, ": program %" PRIu32 " (%s) would be replaced\n",
		 change->prog_id, tier_name(change->tier));
	if (!change->is_recorded)
		buf_add(buf, "  what was applied is not recorded\n");
	for (size_t i = 0; i < change->count; i++) {
		bool is_added = change->lines[i].is_added;

		buf_add(buf, "  ");
		text_paint(buf, style, is_added ? TEXT_GREEN : TEXT_RED,
			   is_added ? "+ " : "- ");
		escape_add(buf, change->lines[i].text);
		buf_add(buf, "\n");
	}
}

void text_diffs(struct buf *buf, const struct report_style *style,
		const struct diff *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		print_diff(buf, style, &changes[i]);
}
