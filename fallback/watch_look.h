/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The world as the watcher compares it (fallback/watch.h): read, not judged. */
#include "fallback/holder.h"
#include "fallback/watch.h"
#include "net/link.h"

/* Everything that is read once for all interfaces. */
struct watch_world {
	struct link *links;
	size_t count;
	uint64_t rules;	 /* a mark of all rules of the host, never 0 */
	uint64_t locals; /* a mark of the host's own addresses */
	uint64_t device; /* notices about devices so far */
	bool is_taken;	 /* somebody waits for a confirmation */
	struct facts_memory *memory; /* the watcher's own */
};

/* Fill .links and .locals; whoever calls frees them. */
int watch_look(struct watch_world *out, struct err *err);

/* The mark of all rules of the host now, never 0. */
uint64_t watch_look_rules(void);

/* What the program was planned for, by a watcher before this one: .planned. */
void watch_recall(struct watch_view *view);

/* NULL: there is none of that name. */
const struct link *watch_find(const struct watch_world *world,
			      const char *name);

/*
 * One interface of @world. @has_watched_rules: its rules are the host's own.
 * Returns 0 or -errno; an interface that vanishes meanwhile is not there.
 */
int watch_view_make(const struct watch_world *world, const char *name,
		    bool has_watched_rules, struct watch_view *out,
		    struct err *err);
