/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What a packet's protocol alone says about its connection state: the rows of
 * the table S of soundness.md 2.1 that need no lookup. Read in
 * net/netfilter/nf_conntrack_core.c and nf_conntrack_proto_*.c of 6.1 and 6.12.
 */
#include <stdbool.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#include "bpf/wire.h"

#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* A packet that asks to open a TCP connection. */
static __always_inline bool is_syn(const struct wire_header *header)
{
	return (header->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

/* init_conntrack(): what opens a connection is new, or what another expects. */
static __always_inline __u32 opening_states(bool may_expect)
{
	return WIRE_NEW | (may_expect ? WIRE_RELATED : 0);
}

/*
 * icmp_error_message(), nf_conntrack_icmp_pkt_to_tuple(), icmp_new(): errors
 * belong to the connection that they quote, requests open one, replies need
 * one, and what has no reply is no connection.
 */
static __always_inline __u32 icmp_states(__u8 type, bool may_expect)
{
	switch (type) {
	case 3:	 /* destination unreachable */
	case 4:	 /* source quench */
	case 5:	 /* redirect */
	case 11: /* time exceeded */
	case 12: /* parameter problem */
		return WIRE_ALWAYS | WIRE_RELATED;
	case 8:	 /* echo */
	case 13: /* timestamp */
	case 15: /* information */
	case 17: /* address mask */
		return WIRE_ALWAYS | WIRE_ESTABLISHED |
		       opening_states(may_expect);
	case 0:
	case 14:
	case 16:
	case 18:
		return WIRE_ALWAYS | WIRE_ESTABLISHED;
	default:
		return WIRE_ALWAYS;
	}
}

/* nf_conntrack_icmpv6_error(), icmpv6_new(), likewise. */
static __always_inline __u32 icmpv6_states(__u8 type, bool may_expect)
{
	switch (type) {
	case 128: /* echo request */
	case 139: /* node information query */
		return WIRE_ALWAYS | WIRE_ESTABLISHED |
		       opening_states(may_expect);
	case 129:
	case 140:
		return WIRE_ALWAYS | WIRE_ESTABLISHED;
	default:
		/* Errors, redirects; discovery is not tracked. */
		return type < 128 || type == 137 ? WIRE_ALWAYS | WIRE_RELATED
						 : WIRE_ALWAYS;
	}
}
