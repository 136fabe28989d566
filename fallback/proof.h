/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Does a program that a driver took also run? Some drivers say yes and filter
 * nothing (xennet_xdp_set() in drivers/net/xen-netfront.c returns 0 when its
 * backend gives no headroom, 6.1 and 6.12). Packets that come in anyway are
 * watched for a moment: none is made and none is touched.
 */
#include <stdint.h>

#include "net/link.h"

enum proof {
	PROOF_NONE, /* no packet came in, or nobody counts: nothing is known */
	PROOF_RUNS, /* it ran */
	PROOF_SILENT, /* packets came in, again and again, and it did not run */
};

/* Where counters come from; .pause lets a little time pass. */
struct proof_source {
	/* 0 and *@out, or -errno. */
	int (*received)(void *context, uint64_t *out);
	int (*runs)(void *context, uint64_t *out);
	void (*pause)(void *context);
	void *context;
};

/* What the counters tell; it takes a few pauses, or some dozens in doubt. */
enum proof proof_judge(const struct proof_source *source);

/*
 * Watch the program @prog_fd on @link: some 40 ms on a quiet link, less when
 * packets come in, up to a second when they do and it does not run. The kernel
 * counts runs while it is asked to (BPF_ENABLE_STATS, Linux 5.8).
 */
enum proof proof_watch(const struct link *link, int prog_fd);
