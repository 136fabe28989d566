/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* One packet that was dropped early, with what decided. */
#include "report/report.h"

/* A line, or a JSON document (docs/json.md). */
void sample_add_text(struct buf *buf, const struct report_style *style,
		     const struct report_sample *sample);
void sample_add_json(struct buf *buf, const struct report_style *style,
		     const struct report_sample *sample);
