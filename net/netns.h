/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Other network namespaces: found by the number of their inode, as the kernel
 * and lsns(8) name them, and entered for one errand.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* The inode number of the one that this thread is in; 0: cannot be read. */
uint64_t netns_own(void);

/*
 * An fd of the namespace with this inode number, if it has a name that ip-netns(8) or
 * docker gave it, or a process that may be looked at is in it. -ENOENT: neither.
 */
int netns_open(uint64_t inode);

/*
 * Run @errand in that namespace, in a thread of its own: whatever becomes of
 * it, who calls stays where it is. Returns what the errand did, or -errno with
 * a sentence. Sockets made in it are of that namespace.
 */
int netns_run_in(int fd, int (*errand)(void *context, struct err *err),
		 void *context, struct err *err);
