/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One interface that the watcher keeps: what fallback/watch.h decides, done
 * and told.
 */
#include "cli/config.h"
#include "cli/unstopped.h"
#include "fallback/watch_look.h"

struct watched {
	char name[IFNAMSIZ];
	struct watch_state state;
	bool needs_lease; /* its program drops only while it is watched */
	struct unstopped unstopped;
	char *said; /* how the last plan went: told once */
};

/*
 * Look at the interface, stop what must not drop any more, tell what happened.
 * @section: what the configuration wants; NULL: nothing. Returns true when it
 * is time for watched_plan() with @view.
 */
bool watched_guard(struct watched *watched,
		   const struct config_section *section,
		   const struct watch_world *world, long time,
		   struct watch_view *view);

/*
 * Plan and attach, or (@section NULL) take off what is ours. Returns true when
 * it was tried, so that the world is another one; false when it has changed
 * since @view.
 */
bool watched_plan(struct watched *watched, const struct config_section *section,
		  const struct watch_view *view);

void watched_clear(struct watched *watched);
