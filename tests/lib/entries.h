/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The connections that the present namespace tracks, read by ctnetlink.
 */
#include "base/err.h"
#include "rules/ruleset.h"

/* enum tcp_conntrack, in the words of the kernel's own comments. */
enum tcp_state {
	TCP_STATE_NONE,
	TCP_STATE_SYN_SENT,
	TCP_STATE_SYN_RECV,
	TCP_STATE_ESTABLISHED,
	TCP_STATE_FIN_WAIT,
	TCP_STATE_CLOSE_WAIT,
	TCP_STATE_LAST_ACK,
	TCP_STATE_TIME_WAIT,
	TCP_STATE_CLOSE,
	TCP_STATE_SYN_SENT2,
	TCP_STATE_COUNT,
};
const char *entries_state_name(unsigned int tcp_state);

struct entry {
	u128 saddr, daddr; /* of the packet that opened it */
	uint16_t sport, dport;
	uint8_t proto;
	uint8_t tcp_state; /* enum tcp_state */
	uint32_t status;   /* IPS_* */
	uint32_t mark;
};

typedef void entries_fn(void *context, const struct entry *entry);

/* Call @fn for each connection of @family. Returns 0 or -errno. */
int entries_read(enum family family, entries_fn *fn, void *context,
		 struct err *err);
