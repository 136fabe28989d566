/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Reports for people. Everything that comes from outside is escaped. Each part
 * is in text_PART.c.
 */
#include "report/report.h"

extern const struct report_format text_format;

enum text_colour {
	TEXT_BOLD = 1,
	TEXT_RED = 31,
	TEXT_GREEN = 32,
	TEXT_YELLOW = 33,
};

/* @text, coloured where the style has colours, and escaped. */
void text_paint(struct buf *buf, const struct report_style *style,
		enum text_colour colour, const char *text);

void text_plans(struct buf *buf, const struct report_style *style,
		const struct report_plan *plans, size_t count);
/* What drawn packets showed: a line, and tables. */
void text_measure_summary(struct buf *buf, const struct report_plan *report);
void text_advice(struct buf *buf, const struct report_style *style,
		 const struct advice_list *list);
void text_measures(struct buf *buf, const struct report_style *style,
		   const struct report_plan *report);
/* How each list of regions is searched, and what that costs. */
void text_classifiers(struct buf *buf, const struct report_style *style,
		      const struct report_plan *report);
void text_applied(struct buf *buf, const struct report_style *style,
		  const struct report_applied *applied, size_t count);
void text_status(struct buf *buf, const struct report_style *style,
		 const struct report_attached *attached, size_t count);
void text_stats(struct buf *buf, const struct report_style *style,
		const struct report_attached *attached, size_t count);
void text_config(struct buf *buf, const struct report_style *style,
		 const struct report_config *config);
void text_diffs(struct buf *buf, const struct report_style *style,
		const struct diff *changes, size_t count);
void text_caps(struct buf *buf, const struct report_style *style,
	       const struct report_caps *caps);
void text_sets(struct buf *buf, const struct report_style *style,
	       const char *iface, const struct report_set *sets, size_t count);
void text_check(struct buf *buf, const struct report_style *style,
		const struct report_check *check);
void text_explained(struct buf *buf, const struct report_style *style,
		    const struct explanation *explained, size_t count);
