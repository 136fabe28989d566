/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* May a program stand on an interface as it is used now? */
#include "offload/plan.h"

/* What rules out every tier, or REASON_NONE. */
struct objection {
	enum reason reason;
	char text[256];
	char fix[512]; /* as in struct plan_tier */
};

struct objection object(enum reason reason, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* @upper: takes packets off it, or NULL. */
struct objection link_fit(const struct link *link, const struct link *upper,
			  bool accept_bypass);
