/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One line per event, for people on standard error or, where that is the
 * journal, with fields for machines (docs/events.md).
 */
#include <stdint.h>

enum event_id {
#define EVENT(id, priority, name, meaning) EVENT_##id,
#include "cli/event.def"
#undef EVENT
	EVENT_COUNT,
};

struct event {
	enum event_id id;
	const char *name;   /* instead of the id's own; NULL: that */
	const char *iface;  /* NULL: all of them */
	const char *tier;   /* NULL: none is meant */
	uint32_t prog_id;   /* 0: none is meant */
	const char *reason; /* a row of offload/reasons.def, or NULL */
};

void event_say(const struct event *event, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
