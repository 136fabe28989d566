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
 * Look at the interface and do what is to be done now. @section: what the
 * configuration wants; NULL: nothing, a program of ours is taken off. Returns
 * true when something was attached or taken off, which @world does not show.
 */
bool watched_look(struct watched *watched, const struct config_section *section,
		  const struct watch_world *world, long time);

void watched_clear(struct watched *watched);
