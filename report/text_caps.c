// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "report/caps_words.h"
#include "report/escape.h"
#include "report/grid.h"
#include "report/text.h"

#define INDENT 10 /* of what stands behind a heading */

/* A heading and a text that wraps behind it. */
static void print_line(struct buf *buf, const struct report_style *style,
		       const char *heading, const char *text)
{
	OWN_BUF struct buf safe = BUF_INIT;

	if (!*text)
		return;
	escape_add(&safe, text);
	buf_addf(buf, "  %-*s", INDENT - 2, heading);
	grid_wrap(buf, buf_text(&safe), INDENT, style->width);
	buf_add(buf, "\n");
	buf->has_failed |= safe.has_failed;
}

static void print_tiers(struct buf *buf, const struct report_style *style,
			const struct caps *caps)
{
	static const struct grid_column columns[] = {
		{ "  TIER", false },
		{ "CAN", false },
		{ "AS IS KNOWN BY", false },
	};
	OWN(grid) struct grid *grid = grid_make(columns, ARRAY_SIZE(columns));

	for (int tier = TIER_HW; tier > TIER_NONE; tier--) {
		OWN_BUF struct buf name = BUF_INIT;
		OWN_BUF struct buf origin = BUF_INIT;

		buf_addf(&name, "  %s", tier_name(tier));
		caps_words_add_origin(&origin, caps, tier);
		buf->has_failed |= name.has_failed | origin.has_failed;
		grid_add(grid,
			 (const char *[]){
				 buf_text(&name),
				 caps_words_verdict(caps->tiers[tier].verdict),
				 buf_text(&origin) });
	}
	grid_print(buf, grid, style->width);
}

static void print_refusal(struct buf *buf, const struct report_style *style,
			  const struct caps_blocker *blocker)
{
	OWN_BUF struct buf text = BUF_INIT;

	if (!blocker->errnos)
		return;
	buf_addf(&text, "%s, ", blocker->errnos);
	if (blocker->says)
		buf_addf(&text, "\"%s\" (%s)", blocker->says,
			 strcmp(blocker->channel, "both") ? blocker->channel
							  : "extack and dmesg");
	else
		buf_add(&text, "without a word");
	print_line(buf, style, "answer", buf_text(&text));
	buf->has_failed |= text.has_failed;
}

static void print_blocker(struct buf *buf, const struct report_style *style,
			  const struct caps_blocker *blocker)
{
	OWN_BUF struct buf tiers = BUF_INIT;
	OWN_BUF struct buf text = BUF_INIT;

	caps_words_add_tiers(&tiers, blocker);
	buf_addf(&text, "%s: %s [%s]", buf_text(&tiers),
		 reason_sentence(blocker->reason),
		 reason_name(blocker->reason));
	buf_add(buf, "\n");
	print_line(buf, style, "blocker", buf_text(&text));
	print_line(buf, style, "seen", blocker->text);
	print_refusal(buf, style, blocker);
	print_line(buf, style, blocker->is_complete ? "fix" : "fix like",
		   blocker->fix);
	print_line(buf, style, "undo", blocker->undo);
	print_line(buf, style, blocker->fix[0] ? "or" : "remedy",
		   blocker->remedy);
	print_line(buf, style, "costs", blocker->costs ? blocker->costs : "");
	buf->has_failed |= tiers.has_failed | text.has_failed;
}

/* What is of interest beside the tiers. */
static void print_rest(struct buf *buf, const struct report_style *style,
		       const struct caps *caps)
{
	OWN_BUF struct buf ntuple = BUF_INIT;
	OWN_BUF struct buf flower = BUF_INIT;
	char attach[192];

	caps_say_attach(caps, attach, sizeof(attach));
	caps_words_add_filter(&ntuple, &caps->ntuple);
	caps_words_add_filter(&flower, &caps->flower);
	buf_add(buf, "\n");
	if (caps->tiers[TIER_NATIVE].able != CAPS_NO)
		print_line(buf, style, "attach", attach);
	print_line(buf, style, "generic", caps->generic_costs);
	print_line(buf, style, "ntuple", buf_text(&ntuple));
	print_line(buf, style, "flower", buf_text(&flower));
	for (size_t i = 0; i < caps->warning_count; i++)
		print_line(buf, style, i ? "" : "note", caps->warnings[i]);
	buf->has_failed |= ntuple.has_failed | flower.has_failed;
}

/* An unknown driver: what was asked, and what came of it. */
static void print_tried(struct buf *buf, const struct report_style *style,
			const struct caps *caps)
{
	OWN_BUF struct buf text = BUF_INIT;

	if (caps->driver)
		return;
	for (int i = 0; i < NIC_SOURCE_COUNT; i++) {
		int told = caps->nic.tried[i];

		if (!told)
			continue;
		buf_addf(&text, "%s%s%s", text.length ? ", " : "",
			 nic_source_name(i), told > 0 ? "" : " (no answer)");
	}
	print_line(buf, style, "asked", buf_text(&text));
	buf->has_failed |= text.has_failed;
}

static void print_one(struct buf *buf, const struct report_style *style,
		      const struct caps *caps)
{
	OWN_BUF struct buf device = BUF_INIT;
	OWN_BUF struct buf advice = BUF_INIT;

	caps_words_add_device(&device, caps);
	caps_words_add_advice(&advice, caps);
	text_paint(buf, style, TEXT_BOLD, caps->nic.link.name);
	buf_add(buf, ": ");
	escape_add(buf, buf_text(&device));
	buf_add(buf, "\n");
	print_line(buf, style, "best", buf_text(&advice));
	buf_add(buf, "\n");
	print_tiers(buf, style, caps);
	for (size_t i = 0; i < caps->blocker_count; i++) {
		if (caps_words_has_line(&caps->blockers[i]))
			print_blocker(buf, style, &caps->blockers[i]);
	}
	print_rest(buf, style, caps);
	print_tried(buf, style, caps);
	buf->has_failed |= device.has_failed | advice.has_failed;
}

static void print_table(struct buf *buf, const struct report_style *style,
			const struct report_caps *caps)
{
	static const struct grid_column columns[] = {
		{ "INTERFACE", false }, { "DRIVER", false },  { "HW", false },
		{ "NATIVE", false },	{ "GENERIC", false }, { "BEST", false },
	};
	OWN(grid) struct grid *grid = grid_make(columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < caps->count; i++) {
		const struct caps *of = caps->items[i];
		const char *cells[ARRAY_SIZE(columns)] = { of->nic.link.name,
							   of->nic.driver };
		OWN_BUF struct buf advice = BUF_INIT;

		caps_words_add_advice(&advice, of);
		for (int tier = TIER_HW; tier > TIER_NONE; tier--)
			cells[2 + TIER_HW - tier] =
				caps_words_verdict(of->tiers[tier].verdict);
		cells[5] = buf_text(&advice);
		grid_add(grid, cells);
		buf->has_failed |= advice.has_failed;
	}
	grid_print(buf, grid, style->width);
}

void text_caps(struct buf *buf, const struct report_style *style,
	       const struct report_caps *caps)
{
	if (caps->count != 1)
		print_table(buf, style, caps);
	for (size_t i = 0; i < caps->count; i++) {
		if (caps->count != 1)
			buf_add(buf, "\n");
		print_one(buf, style, caps->items[i]);
	}
}
