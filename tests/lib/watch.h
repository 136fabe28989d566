/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the host's netfilter did with each packet, whatever sockets say: an
 * nftables table of our own stands before, between and behind the tables of
 * iptables and logs what comes by. Packets are told apart by their IPv4
 * identification or IPv6 flow label.
 */
#include "rules/eval.h"
#include "tests/lib/frame.h"
#include "tests/lib/netns.h"

/* The fate of one packet. */
struct fate {
	/* As netfilter met it before raw, fragments put together; length 0:
	 * the stack discarded it before. */
	uint8_t bytes[FRAME_MAX];
	size_t length;
	unsigned int state; /* CT_* behind connection tracking; 0: not seen */
	bool is_routed;	    /* it left PREROUTING */
	bool has_path;	    /* it came to INPUT or FORWARD: .path */
	enum hook path;
	uint32_t out;	  /* ifindex, for FORWARD */
	bool is_accepted; /* it left INPUT or FORWARD */
};

struct watch {
	int send_fd, log_fd;
	enum family family;
	struct fate *fates;
	size_t fate_count;
	bool is_done;
};

/*
 * Put the table into the host's namespace, which is the present one.
 * @has_tracking: also connection tracking, with its defragmentation.
 */
int watch_make(const struct netns *netns, enum family family, bool has_tracking,
	       struct watch *out, struct err *err);

/* Send a frame to eth0. Packets are 1..count by their identification. */
int watch_send(struct watch *watch, const uint8_t *frame, size_t length,
	       struct err *err);

/*
 * Wait until all that was sent went through. @fates[i] is that of packet i + 1.
 */
int watch_collect(struct watch *watch, struct fate *fates, size_t count,
		  struct err *err);

/* Forget all connections. */
int watch_forget(struct err *err);
