// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "report/class_name.h"
#include "report/grid.h"
#include "report/text.h"

#define CELL 32

static const char *bytes_text(size_t bytes, char text[CELL])
{
	if (bytes < 10 * 1024)
		snprintf(text, CELL, "%zu B", bytes);
	else if (bytes < 10 * 1024 * 1024)
		snprintf(text, CELL, "%zu KB", bytes / 1024);
	else
		snprintf(text, CELL, "%zu MB", bytes / 1024 / 1024);
	return text;
}

static const char *ns_text(double ns, char text[CELL])
{
	snprintf(text, CELL, "%.0f ns", ns);
	return text;
}

static const char *number_text(size_t number, char text[CELL])
{
	snprintf(text, CELL, "%zu", number);
	return text;
}

static void add_list(struct grid *grid, const struct report_plan *report,
		     enum wire_class class)
{
	const struct classified *list = &report->plan->program->lists[class];
	const struct timing *timing =
		report->timings ? &report->timings[class] : NULL;
	char boxes[CELL], insns[CELL], bytes[CELL], hot[CELL], random[CELL],
		measured[CELL] = "";

	if (!list->by)
		return;
	if (timing && timing->is_known)
		snprintf(measured, CELL, "%.0f ns, parsing %.0f", timing->whole,
			 timing->parse);
	grid_add(grid, (const char *[]){ class_name(class), list->by->name,
					 number_text(list->box_count, boxes),
					 number_text(list->insn_count, insns),
					 bytes_text(list->table_bytes, bytes),
					 ns_text(list->cost.hot, hot),
					 ns_text(list->cost.random, random),
					 measured });
}

void text_classifiers(struct buf *buf, const struct report_style *style,
		      const struct report_plan *report)
{
	static const struct grid_column columns[] = {
		{ "PACKETS", false }, { "CLASSIFIER", false },
		{ "REGIONS", true },  { "INSNS", true },
		{ "TABLES", true },   { "AGAIN", true },
		{ "RANDOM", true },   { "MEASURED", false },
	};
	OWN(grid) struct grid *grid = grid_make(columns, ARRAY_SIZE(columns));

	if (!report->shows_classifiers)
		return;
	for (int class = 0; grid && class < WIRE_CLASS_COUNT; class ++)
		add_list(grid, report, class);
	buf_add(buf, "\nClassifiers, with what is predicted for the same "
		     "packet again and for random ones\n");
	grid_print(buf, grid, style->width);
}
