/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A program on eth0 of the present namespace, put there by wirewall itself as an
 * operator would, and what it says of each packet.
 */
#include <time.h>

#include "bpf/tap.h"

struct attached {
	uint32_t prog_id; /* 0: there is none */
	int prog_fd;
	int stats_fd; /* while it is open the kernel counts runs */
	uint32_t rule_count;
	uint64_t runs; /* packets that it has seen */
	uint64_t
		*drops; /* by rule: which it dropped, or in shadow would have */
	struct tap *tap;
	time_t looked; /* when it was asked last */
};

#define ATTACHED_INIT ((struct attached){ .prog_fd = -1, .stats_fd = -1 })

/*
 * `wirewall apply OPTIONS --rules RULES eth0`; $WIREWALL is the program
 * (build/wirewall). That it attaches nothing because nothing would be dropped is
 * no failure: prog_id is 0 then. 0 or -errno.
 */
int attached_apply(const char *options, const char *rules, struct attached *out,
		   struct err *err);

/*
 * Wait until the program has seen @count more packets, at least: generic XDP
 * also sees what the host itself sends to groups. -ETIMEDOUT.
 */
int attached_wait(struct attached *attached, unsigned int count,
		  struct err *err);

/*
 * Did the program drop the packet, which came since it was asked last? 0, 1 or
 * -errno. -EBADMSG: its counters say something else than its samples.
 */
int attached_has_dropped(struct attached *attached, const uint8_t *frame,
			 size_t length, struct err *err);

/* `wirewall remove eth0`, unless there is none. */
int attached_remove(struct attached *attached, struct err *err);
