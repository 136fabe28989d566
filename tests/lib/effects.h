/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * All that a packet does to the host of topology.h, as text: one line for each
 * effect, in order. A packet without a line might as well not have come.
 *
 *	accepted INPUT			by the last hook there
 *	accepted FORWARD eth1
 *	sent eth0 IP-BYTES		an answer, or the packet itself
 *	log GROUP PREFIX IP-BYTES	LOG and the kernel's own lines: group 0
 *
 * What the kernel draws at random (identifications, initial sequence numbers)
 * is not in the bytes. One processor handles packets in order, so what happens
 * between two arrivals is the first one's doing.
 */
#include "base/buf.h"
#include "base/err.h"
#include "tests/lib/netns.h"

#include "rules/ruleset.h"

struct effects {
	int send_fd, log_fd;
	enum family family;
	struct buf *stories; /* one for each packet, of its number - 1 */
	size_t count;
	size_t current; /* the packet that came last; 0: none */
	/* Without what the kernel sends only so often to the same neighbour,
	 * and therefore not again when the same packets come again: redirects,
	 * "no route". */
	bool without_limited;
	/* Nothing behind the network header: ports are drawn at random. */
	bool is_brief;
	bool is_done;
};

/* Hook into the present namespace, which is that of the host. */
int effects_make(const struct netns *netns, enum family family,
		 struct effects *out, struct err *err);

/* Send a frame to eth0. Packets are 1..count by their identification. */
int effects_send(const struct effects *effects, const uint8_t *frame,
		 size_t length, struct err *err);

/*
 * Wait until all that was sent went through, and append what it did to
 * @stories.
 */
int effects_collect(struct effects *effects, struct buf *stories, size_t count,
		    struct err *err);

/*
 * The connections that are tracked, a line each, sorted; without what a
 * translation may draw at random. malloc()ed, or NULL.
 */
char *effects_connections(enum family family, struct err *err);
