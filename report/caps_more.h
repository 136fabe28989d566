/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Capabilities in forms that no other report has. */
#include "report/report.h"

/* A table and a list, as Markdown, for tickets and wikis. */
void caps_markdown(struct buf *buf, const struct report_caps *caps);

/*
 * A shell script of all fixes of the devices themselves, and with the argument
 * "undo" of what takes them back in reverse order. What is to be completed or
 * done elsewhere is a comment.
 */
void caps_script(struct buf *buf, const struct report_caps *caps);
