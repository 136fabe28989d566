/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Traffic that matters to a ruleset, in the network of topology.h:
 * conversations that peers or the host itself opened, and packets that belong
 * to them, are about them, or to none.
 */
#include "base/err.h"
#include "tests/lib/gen_packets.h"

#define TRAFFIC_TALKS 24

struct traffic {
	const struct gen_packets *gen;
	/* A packet of each conversation as it comes in by eth0, to be sent
	 * again at any time. */
	struct frame_spec talks[TRAFFIC_TALKS];
	/* Sends to eth0, or from the host itself, which a kernel_diff and its
	 * like do in their own ways. */
	int (*send)(void *context, const struct frame_spec *spec, bool by_host,
		    struct err *err);
	void *context;
};

/* Begin the conversations: both sides speak. The host opens some of them. */
int traffic_begin(struct traffic *traffic, struct random *rnd, struct err *err);

/* Of a conversation, in either direction; an ICMP error about one; or another
 * packet of the generator. */
void traffic_next(const struct traffic *traffic, struct random *rnd,
		  struct frame_spec *spec);

/* A raw socket from which the present namespace's own packets go out. */
int traffic_host_socket(enum family family, struct err *err);

/* Send the packet as the host's own; what routing refuses is no failure. */
int traffic_send_by_host(int fd, const struct frame_spec *spec,
			 struct err *err);
