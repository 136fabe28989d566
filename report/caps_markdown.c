// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "report/caps_more.h"
#include "report/caps_words.h"
#include "report/escape.h"

/* In a table or a line: nothing of it is markup. */
static void add_safe(struct buf *buf, const char *text)
{
	OWN_BUF struct buf safe = BUF_INIT;

	escape_add(&safe, text);
	for (const char *c = buf_text(&safe); *c; c++)
		buf_addf(buf, strchr("|*_<>[]`\\", *c) ? "\\%c" : "%c", *c);
	buf->has_failed |= safe.has_failed;
}

/* A command, as it is. */
static void add_code(struct buf *buf, const char *text)
{
	buf_add(buf, "``");
	escape_add(buf, text);
	buf_add(buf, "``");
}

static void add_row(struct buf *buf, const struct caps *caps)
{
	OWN_BUF struct buf device = BUF_INIT;
	OWN_BUF struct buf advice = BUF_INIT;

	caps_words_add_device(&device, caps);
	caps_words_add_advice(&advice, caps);
	buf_add(buf, "| ");
	add_safe(buf, caps->nic.link.name);
	buf_add(buf, " | ");
	add_safe(buf, buf_text(&device));
	for (int tier = TIER_HW; tier > TIER_NONE; tier--)
		buf_addf(buf, " | %s",
			 caps_words_verdict(caps->tiers[tier].verdict));
	buf_add(buf, " | ");
	add_safe(buf, buf_text(&advice));
	buf_add(buf, " |\n");
	buf->has_failed |= device.has_failed | advice.has_failed;
}

static void add_blocker(struct buf *buf, const struct caps_blocker *blocker)
{
	buf_add(buf, "- ");
	caps_words_add_tiers(buf, blocker);
	buf_addf(buf, ": %s", reason_sentence(blocker->reason));
	if (*blocker->text) {
		buf_add(buf, " (");
		add_safe(buf, blocker->text);
		buf_add(buf, ")");
	}
	buf_add(buf, "\n");
	if (*blocker->fix) {
		buf_add(buf, "  - fix: ");
		add_code(buf, blocker->fix);
		buf_add(buf, "\n");
	}
	if (*blocker->remedy) {
		buf_add(buf, "  - remedy: ");
		add_safe(buf, blocker->remedy);
		buf_add(buf, "\n");
	}
	if (blocker->costs)
		buf_addf(buf, "  - costs: %s\n", blocker->costs);
}

void caps_markdown(struct buf *buf, const struct report_caps *caps)
{
	buf_add(buf, "| interface | device | hw | native | generic | best |\n"
		     "|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < caps->count; i++)
		add_row(buf, caps->items[i]);
	for (size_t i = 0; i < caps->count; i++) {
		const struct caps *of = caps->items[i];

		if (!of->blocker_count && !of->warning_count)
			continue;
		buf_add(buf, "\n## ");
		add_safe(buf, of->nic.link.name);
		buf_add(buf, "\n\n");
		for (size_t j = 0; j < of->blocker_count; j++) {
			if (caps_words_has_line(&of->blockers[j]))
				add_blocker(buf, &of->blockers[j]);
		}
		for (size_t j = 0; j < of->warning_count; j++) {
			buf_add(buf, "- note: ");
			add_safe(buf, of->warnings[j]);
			buf_add(buf, "\n");
		}
	}
}
