/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What is attached as metrics, in Prometheus' text format 0.0.4. Names of
 * metrics and labels are stable.
 */
#include "report/report.h"

void prometheus_add(struct buf *buf, const struct report_attached *attached,
		    size_t count);
