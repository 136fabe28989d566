// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <string.h>

#include "report/escape.h"

static bool is_printable(unsigned char c)
{
	return c >= ' ' && c <= '~';
}

static void add(struct buf *buf, const char *text, const char *allowed)
{
	for (const char *p = text; *p; p++) {
		if (is_printable(*p) || strchr(allowed, *p))
			buf_addn(buf, p, 1);
		else
			buf_addf(buf, "\\x%02x", (unsigned char)*p);
	}
}

void escape_add(struct buf *buf, const char *text)
{
	add(buf, text, "");
}

void escape_add_lines(struct buf *buf, const char *text)
{
	add(buf, text, "\n\t");
}
