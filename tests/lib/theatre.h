/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Where scenes are played: the host of tests/lib/topology.h forwards between
 * clients behind eth0 and one server behind eth1, tracks connections, and logs
 * the state of every packet that has an identification (IPv4) or a flow label
 * (IPv6). Frames go out behind either interface.
 */
#include "tests/lib/netns.h"
#include "tests/lib/talk.h"

struct theatre {
	enum family family;
	struct netns netns;
	int wires[2];	     /* by TALK_* */
	uint32_t ifindex[2]; /* where such a frame comes in */
	int log_fd;
	bool is_settled;
};

/*
 * Make the host, then run the shell commands @setup there, unless NULL: $T is
 * iptables-legacy or its twin, $PUBLIC and $SERVER are addresses. The present
 * thread stays on its processor: one takes packets in order. 0 or -errno.
 */
int theatre_make(enum family family, const char *setup, struct theatre *out,
		 struct err *err);

/* Client @index (from 0; up to 2^22), the server. */
u128 theatre_client(enum family family, size_t index);
u128 theatre_server(enum family family);
u128 theatre_addr(const char *text);

/* A frame as end @from would send it; returns its length. */
size_t theatre_write(unsigned int from, const struct frame_spec *spec,
		     uint8_t frame[FRAME_MAX]);
int theatre_send(const struct theatre *theatre, unsigned int from,
		 const uint8_t *frame, size_t length, struct err *err);
talk_send_fn theatre_send_spec; /* its context is the struct theatre */

/* @state: CT_*, one bit. */
typedef void theatre_fn(void *context, uint32_t id, unsigned int state);

/* Wait until all that was sent went through, telling @fn what was logged. */
int theatre_settle(struct theatre *theatre, theatre_fn *fn, void *context,
		   struct err *err);
