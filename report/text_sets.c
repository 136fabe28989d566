// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>

#include "base/num.h"
#include "report/escape.h"
#include "report/grid.h"
#include "report/text.h"

void text_sets(struct buf *buf, const struct report_style *style,
	       const char *iface, const struct report_set *sets, size_t count)
{
	static const struct grid_column columns[] = {
		{ "RANGES", true }, { "BYTES", true }, { "FAMILY", false },
		{ "TYPE", false },  { "SET", false },
	};
	OWN(grid) struct grid *grid = NULL;

	if (!count) {
		escape_add(buf, iface);
		buf_add(buf, ": its rules ask no sets\n");
		return;
	}
	grid = grid_make(columns, ARRAY_SIZE(columns));
	for (size_t i = 0; grid && i < count; i++) {
		char ranges[24], bytes[24];
		const char *const cells[] = {
			ranges,
			bytes,
			sets[i].family == FAMILY_IPV6 ? "IPv6" : "IPv4",
			sets[i].type,
			sets[i].name,
		};

		snprintf(ranges, sizeof(ranges), "%" PRIu64, sets[i].ranges);
		snprintf(bytes, sizeof(bytes), "%" PRIu64, sets[i].bytes);
		grid_add(grid, cells);
	}
	grid_print(buf, grid, style->width);
}
