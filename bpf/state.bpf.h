/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Which connection states netfilter may give a packet, as far as a program can
 * know: the table S of soundness.md 2.1. What connection tracking has is asked
 * with bpf_xdp_ct_lookup() (5.18); what it would make of the packet was read
 * where bpf/proto.bpf.h says.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/proto.bpf.h"
#include "bpf/unchanged.bpf.h"
#include "bpf/wire.h"

#define NOT_FOUND (-2) /* -ENOENT */

/* enum ip_conntrack_status */
#define IPS_EXPECTED   (1 << 0)
#define IPS_SEEN_REPLY (1 << 1)
#define IPS_NAT_MASK   (1 << 4 | 1 << 5) /* IPS_SRC_NAT, IPS_DST_NAT */

#pragma clang attribute push(__attribute__((preserve_access_index)),           \
			     apply_to = record)

union nf_inet_addr {
	__be32 all[4];
};

union nf_conntrack_man_proto {
	__be16 all;
};

struct nf_conntrack_man {
	union nf_inet_addr u3;
	union nf_conntrack_man_proto u;
};

struct nf_conntrack_tuple {
	struct nf_conntrack_man src;
};

struct nf_conntrack_tuple_hash {
	struct nf_conntrack_tuple tuple;
};

struct nf_conn {
	struct nf_conntrack_tuple_hash tuplehash[2]; /* [0]: original */
	unsigned long status;
};

#pragma clang attribute pop

/* struct bpf_ct_opts: every kernel takes its first 12 bytes, since 6.10 there
 * are the others, too. */
struct ct_options {
	__s32 netns_id;
	__s32 error;
	__u8 l4proto;
	__u8 dir;
	__u16 zone;
	__u8 zone_dir;
	__u8 reserved[3];
};
#define CT_OPTIONS_OLD 12

extern struct nf_conn *
bpf_xdp_ct_lookup(struct xdp_md *ctx, struct bpf_sock_tuple *tuple,
		  __u32 tuple_size, struct ct_options *options,
		  __u32 options_size) __ksym __attribute__((weak));
extern void bpf_ct_release(struct nf_conn *ct) __ksym __attribute__((weak));

/* Did the sender of this packet open the connection? */
static __always_inline bool is_original(const struct wire_header *header,
					const struct bpf_sock_tuple *tuple,
					struct nf_conn *ct)
{
	struct nf_conntrack_man *opener = &ct->tuplehash[0].tuple.src;

	if (header->class == WIRE_IPV4)
		return opener->u3.all[0] == tuple->ipv4.saddr &&
		       opener->u.all == tuple->ipv4.sport;
	return opener->u3.all[0] == tuple->ipv6.saddr[0] &&
	       opener->u3.all[1] == tuple->ipv6.saddr[1] &&
	       opener->u3.all[2] == tuple->ipv6.saddr[2] &&
	       opener->u3.all[3] == tuple->ipv6.saddr[3] &&
	       opener->u.all == tuple->ipv6.sport;
}

/* Between two ports of one address both directions look alike. */
static __always_inline bool is_to_itself(const struct wire_header *header)
{
	return header->saddr_lo == header->daddr_lo &&
	       header->saddr_hi == header->daddr_hi &&
	       header->sport == header->dport;
}

/* nf_conntrack_in(), resolve_normal_ct(): what a known connection says. */
static __always_inline __u32 states_in_connection(
	const struct wire_header *header, const struct bpf_sock_tuple *tuple,
	struct nf_conn *ct, bool may_expect)
{
	unsigned long status = ct->status;
	__u32 states = WIRE_ALWAYS;

	/* What it says is about other addresses. */
	if (status & IPS_NAT_MASK || is_to_itself(header))
		return WIRE_STATES_ALL;
	if (status & IPS_SEEN_REPLY || !is_original(header, tuple, ct))
		states |= WIRE_ESTABLISHED;
	else if (status & IPS_EXPECTED)
		states |= WIRE_RELATED;
	else
		states |= WIRE_NEW;
	/* NF_REPEAT: a SYN may end an old connection and open a new one. */
	if (header->proto == IPPROTO_TCP && is_syn(header))
		states |= opening_states(may_expect);
	return states;
}

static __always_inline void make_tuple(struct bpf_sock_tuple *tuple,
				       const struct wire_header *header)
{
	if (header->class == WIRE_IPV4) {
		tuple->ipv4.saddr = bpf_htonl(header->saddr_lo);
		tuple->ipv4.daddr = bpf_htonl(header->daddr_lo);
		tuple->ipv4.sport = bpf_htons(header->sport);
		tuple->ipv4.dport = bpf_htons(header->dport);
		return;
	}
	tuple->ipv6.saddr[0] = bpf_htonl(header->saddr_hi >> 32);
	tuple->ipv6.saddr[1] = bpf_htonl(header->saddr_hi);
	tuple->ipv6.saddr[2] = bpf_htonl(header->saddr_lo >> 32);
	tuple->ipv6.saddr[3] = bpf_htonl(header->saddr_lo);
	tuple->ipv6.daddr[0] = bpf_htonl(header->daddr_hi >> 32);
	tuple->ipv6.daddr[1] = bpf_htonl(header->daddr_hi);
	tuple->ipv6.daddr[2] = bpf_htonl(header->daddr_lo >> 32);
	tuple->ipv6.daddr[3] = bpf_htonl(header->daddr_lo);
	tuple->ipv6.sport = bpf_htons(header->sport);
	tuple->ipv6.dport = bpf_htons(header->dport);
}

/* The usual one is then named, too. */
static __always_inline bool
has_zones(const volatile struct wire_settings *settings)
{
	return settings->zone_count[0] || settings->zone_count[1];
}

/*
 * TCP and UDP: what connection tracking has now, to be released; NULL and
 * *@error otherwise. @zone NULL: in the usual one. Only for kernels that have
 * the lookup (settings.has_lookup): elsewhere the verifier sees that the calls
 * are never made. Their addresses cannot be asked for instead: libbpf 1.1
 * gives the wrong one for functions of modules.
 */
static __always_inline struct nf_conn *
look_up(struct xdp_md *ctx, const struct wire_header *header,
	const volatile struct wire_zone *zone, struct bpf_sock_tuple *tuple,
	__s32 *error)
{
	struct ct_options options = { .netns_id = -1, /* the device's own */
				      .l4proto = header->proto };
	__u32 size = header->class == WIRE_IPV4 ? sizeof(tuple->ipv4)
						: sizeof(tuple->ipv6);
	struct nf_conn *ct;

	make_tuple(tuple, header);
	if (zone) {
		options.zone = zone->id;
		options.zone_dir = zone->dir;
		ct = bpf_xdp_ct_lookup(ctx, tuple, size, &options,
				       sizeof(options));
	} else {
		ct = bpf_xdp_ct_lookup(ctx, tuple, size, &options,
				       CT_OPTIONS_OLD);
	}
	*error = options.error;
	return ct;
}

static __always_inline __u32
states_in_zone(struct xdp_md *ctx, const struct wire_header *header,
	       const volatile struct wire_zone *zone, bool may_expect)
{
	struct bpf_sock_tuple tuple = {};
	__s32 error;
	struct nf_conn *ct = look_up(ctx, header, zone, &tuple, &error);

	if (ct) {
		__u32 states =
			states_in_connection(header, &tuple, ct, may_expect);

		bpf_ct_release(ct);
		return states;
	}
	if (error != NOT_FOUND)
		return WIRE_STATES_ALL;
	return WIRE_ALWAYS | opening_states(may_expect);
}

/*
 * Which of the zones it will be, rules decide later. No loop is left of this:
 * Linux 6.1 takes only jumps for edges that lead back (verifier.c, visit_insn()).
 */
static __always_inline __u32
looked_up_states(struct xdp_md *ctx, const struct wire_header *header,
		 const volatile struct wire_settings *settings, bool may_expect)
{
	bool is_ipv6 = header->class == WIRE_IPV6;
	__u32 count = settings->zone_count[is_ipv6];
	__u32 states = count ? 0 : WIRE_STATES_ALL;

	if (!has_zones(settings))
		return states_in_zone(ctx, header, NULL, may_expect);
#pragma unroll
	for (__u32 i = 0; i < WIRE_ZONES_MAX; i++)
		if (i < count)
			states |= states_in_zone(ctx, header,
						 &settings->zones[is_ipv6][i],
						 may_expect);
	return states;
}

/*
 * Drivers run us on a whole batch of packets before the stack sees the first,
 * so what was looked up is older than the packets in front of this one. A SYN
 * among them is answered at once, and then a reset right behind it belongs to an
 * established connection. (Any other packet would acknowledge the answer, which
 * its sender cannot have seen.)
 */
static __always_inline __u32 batch_states(const struct wire_header *header)
{
	return header->proto == IPPROTO_TCP && header->tcp_flags & TCP_RST
		       ? WIRE_ESTABLISHED
		       : 0;
}

/* S: the states that the packet may be in. */
static __always_inline __u32
possible_states(struct xdp_md *ctx, const struct wire_header *header,
		const volatile struct wire_settings *settings)
{
	if (!settings->has_lookup || header->class == WIRE_FRAGMENT)
		return WIRE_STATES_ALL;

	bool may_expect = is_expecting(ctx, settings);

	switch (header->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		return looked_up_states(ctx, header, settings, may_expect) |
		       batch_states(header);
	case IPPROTO_ICMP:
		return header->class == WIRE_IPV4
			       ? icmp_states(header->icmp >> 8, may_expect)
			       : WIRE_STATES_ALL;
	case IPPROTO_ICMPV6:
		return header->class == WIRE_IPV6
			       ? icmpv6_states(header->icmp >> 8, may_expect)
			       : WIRE_STATES_ALL;
	default:
		return WIRE_STATES_ALL;
	}
}

/* Requests and replies; other ICMP leaves entries as they are. */
static __always_inline bool is_icmp_tracked(const struct wire_header *header)
{
	__u8 type = header->icmp >> 8;

	if (header->class == WIRE_IPV6)
		return type == 128 || type == 129 || type == 139 || type == 140;
	return type == 0 || type == 8 || (type >= 13 && type <= 18);
}

/* What cannot be asked about may be known, too. */
static __always_inline bool is_known_in(struct xdp_md *ctx,
					const struct wire_header *header,
					const volatile struct wire_zone *zone)
{
	struct bpf_sock_tuple tuple = {};
	__s32 error;
	struct nf_conn *ct = look_up(ctx, header, zone, &tuple, &error);

	if (ct)
		bpf_ct_release(ct);
	return ct || error != NOT_FOUND;
}

/*
 * May there be an entry that the host refreshes or closes for the packet
 * (--strict-conntrack)? Of most protocols a program cannot ask.
 */
static __always_inline bool
may_be_known(struct xdp_md *ctx, const struct wire_header *header,
	     const volatile struct wire_settings *settings)
{
	bool is_ipv6 = header->class == WIRE_IPV6;
	__u8 icmp = is_ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	__u32 count = settings->zone_count[is_ipv6];

	if (header->class == WIRE_FRAGMENT)
		return true;
	if (header->proto == icmp)
		return is_icmp_tracked(header);
	if (!settings->has_lookup ||
	    (header->proto != IPPROTO_TCP && header->proto != IPPROTO_UDP))
		return true;
	if (!has_zones(settings))
		return is_known_in(ctx, header, NULL);
#pragma unroll
	for (__u32 i = 0; i < WIRE_ZONES_MAX; i++)
		if (i < count &&
		    is_known_in(ctx, header, &settings->zones[is_ipv6][i]))
			return true;
	return !count;
}
