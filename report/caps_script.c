// SPDX-License-Identifier: GPL-2.0-only
#include "report/caps_more.h"
#include "report/escape.h"

/* A comment ends with its line: nothing in it can begin another one. */
static void add_comment(struct buf *buf, const char *heading, const char *text)
{
	if (!text || !*text)
		return;
	buf_addf(buf, "\t# %s", heading);
	escape_add(buf, text);
	buf_add(buf, "\n");
}

/* Only what the device itself is in need of: whether a port leaves its bridge
 * or somebody else's program goes is no matter of a script. */
static bool is_for_script(const struct caps_blocker *blocker)
{
	return blocker->part == CAPS_OF_DEVICE &&
	       (blocker->fix[0] || blocker->remedy[0]);
}

static void add_fix(struct buf *buf, const char *iface,
		    const struct caps_blocker *blocker)
{
	OWN_BUF struct buf heading = BUF_INIT;

	buf_addf(&heading, "%s: %s: ", iface, reason_sentence(blocker->reason));
	buf->has_failed |= heading.has_failed;
	buf_add(buf, "\t# ");
	escape_add(buf, buf_text(&heading));
	escape_add(buf, blocker->text);
	buf_add(buf, "\n");
	add_comment(buf, "costs: ", blocker->costs);
	if (!blocker->fix[0]) {
		add_comment(buf, "to be done elsewhere: ", blocker->remedy);
	} else if (!blocker->is_complete) {
		add_comment(buf, "to be completed: ", blocker->fix);
	} else {
		buf_addf(buf, "\t%s\n", blocker->fix);
		add_comment(buf, "or: ", blocker->remedy);
	}
}

static void add_undo(struct buf *buf, const struct caps_blocker *blocker)
{
	if (is_for_script(blocker) && blocker->is_complete && blocker->undo[0])
		buf_addf(buf, "\t%s\n", blocker->undo);
}

void caps_script(struct buf *buf, const struct report_caps *caps)
{
	buf_add(buf,
		"#!/bin/sh\n"
		"# What is in the way of XDP, as wirewall caps --fix found "
		"it. Read it first; \"undo\"\n# as its argument takes it "
		"back.\nset -e\ncase ${1:-do} in\ndo)\n\t:\n");
	for (size_t i = 0; i < caps->count; i++) {
		const struct caps *of = caps->items[i];

		for (size_t j = 0; j < of->blocker_count; j++) {
			if (is_for_script(&of->blockers[j]))
				add_fix(buf, of->nic.link.name,
					&of->blockers[j]);
		}
	}
	buf_add(buf, "\t;;\nundo)\n\t:\n");
	for (size_t i = caps->count; i-- > 0;) {
		const struct caps *of = caps->items[i];

		for (size_t j = of->blocker_count; j-- > 0;)
			add_undo(buf, &of->blockers[j]);
	}
	buf_add(buf, "\t;;\n*)\n\techo \"usage: $0 [do|undo]\" >&2\n\texit 1\n"
		     "\t;;\nesac\n");
}
