/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Somebody who looks while the watcher plans: a plan of many rules, or of a
 * host that is busy, takes seconds, and what other interfaces drop can become
 * wrong meanwhile. It is a process of its own, that stops what must stop, and
 * whose knowledge is the watcher's when it ends. It ends with the watcher.
 */
#include "cli/watched.h"

struct lookout {
	pid_t pid; /* 0: there is none */
	int fd;	   /* closed: it ends */
	struct watched *items;
	size_t count;
};

/*
 * Look with @look(@context), which changes @items, until the end. Where there
 * can be no other process nobody looks: then no rules can be read, too, and no
 * plan takes long.
 */
void lookout_begin(struct lookout *lookout, struct watched *items, size_t count,
		   void (*look)(void *context), void *context);

/* What it has come to know is in @items, but for @planned, which is as it is. */
void lookout_end(struct lookout *lookout, struct watched *items,
		 const struct watched *planned);
