/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Where routing sends a packet: to INPUT or to FORWARD (2.2, 2). Whatever the
 * host would answer before the hook, or send to neither, passes: no route, a
 * TTL that runs out, a link that is too narrow, a redirect, groups that are
 * routed.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/device.bpf.h"
#include "bpf/wire.h"

#define FAMILY_INET    2
#define FAMILY_INET6   10
#define IPV4_BROADCAST 0xffffffff
#define IPV4_GROUPS    0xe /* 224.0.0.0/4 */
#define IPV6_GROUPS    0xff
#define IPV4_RESERVED  0xf0000001 /* 240.0.0.1: routed by default only */
#define IPV6_RESERVED  0xe0000000 /* e000::, the same */
#define IPV6_FLOW_BITS 0x0fffffff
#define ND_FIRST       133 /* router solicitation */
#define ND_LAST	       137 /* redirect */

/* What the host would do at the two stages, in every possible state. */
struct drops {
	bool input, forward;
	/* Rules change what routing reads: what it says of the packet as it
	 * came in holds only where the host forwards nothing. */
	bool only_sure;
	/* The operator vouches for routes (--static=routing): with a default
	 * route every destination has one, and whichever path is chosen, it is
	 * the one that the lookup chooses. */
	bool has_plain_routes;
};

static __always_inline enum wire_stage input_if(bool drops)
{
	return drops ? WIRE_INPUT : WIRE_STAGE_COUNT;
}

static __always_inline bool is_forward(long found)
{
	return found == BPF_FIB_LKUP_RET_SUCCESS ||
	       found == BPF_FIB_LKUP_RET_NO_NEIGH;
}

/*
 * The lookup knows the width of links, not of IPsec tunnels. Packets up to
 * this go through any: IPv6 demands it, Linux lets no path for IPv4 go below
 * 552 (min_pmtu), of which ESP in UDP takes less than 100.
 */
static __always_inline bool fits_everywhere(const struct wire_header *header)
{
	return header->length <= (header->class == WIRE_IPV6 ? 1280 : 452);
}

/* It may be an error, whose path another packet's addresses choose. */
static __always_inline bool is_icmp(const struct wire_header *header)
{
	return header->proto ==
	       (header->class == WIRE_IPV6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
}

/*
 * Forwarded over another link than it came from: over the same one the host
 * may first send a redirect. Kernels before 5.13 name the link only with
 * SUCCESS; otherwise it is still the one asked with.
 */
static __always_inline enum wire_stage
forward_if(bool is_dropped, struct xdp_md *ctx,
	   const struct wire_header *header, const struct bpf_fib_lookup *fib,
	   struct drops drops)
{
	if (!is_dropped || header->ttl <= 1 ||
	    fib->ifindex == ctx->ingress_ifindex)
		return WIRE_STAGE_COUNT;
	if (fits_everywhere(header))
		return WIRE_FORWARD;
	if (may_use_ipsec(ctx) ||
	    (!drops.has_plain_routes &&
	     (is_icmp(header) ||
	      !is_path_known(ctx, header->class == WIRE_IPV6))))
		return WIRE_STAGE_COUNT;
	return WIRE_FORWARD;
}

/*
 * To a group: that is INPUT, or nowhere, and nobody is answered. IPv6 finds it
 * in the table of routes like other destinations: where that route was taken
 * away, it is FORWARD for a frame that came to the host alone (ip6_forward(),
 * icmp6_send() of 6.18).
 */
static __always_inline enum wire_stage
group_if(struct xdp_md *ctx, const struct wire_header *header,
	 struct drops drops)
{
	bool is_ipv6 = header->class == WIRE_IPV6;

	if (is_ipv6 && header->pkt_type == PACKET_HOST &&
	    (!drops.forward || !fits_everywhere(header)))
		return WIRE_STAGE_COUNT;
	return input_if(drops.input && !may_route_groups(ctx, is_ipv6));
}

/* Ports take part in routing only where they are whole. */
static __always_inline void fib_start(struct bpf_fib_lookup *fib,
				      struct xdp_md *ctx,
				      const struct wire_header *header)
{
	fib->l4_protocol = header->proto;
	fib->sport = bpf_htons(header->sport);
	fib->dport = bpf_htons(header->dport);
	fib->tot_len = header->length;
	fib->ifindex = ctx->ingress_ifindex;
}

/*
 * Not forwarded means local, broadcast, or that there is no route, which the
 * host would answer. With a default route there is one, unless a rule or a
 * route of type throw makes an exception for the destination: that is for the
 * operator to know, while addresses of the receiving device are surely local.
 */
static __always_inline bool has_default_route(struct xdp_md *ctx,
					      struct bpf_fib_lookup *fib)
{
	fib->ifindex = ctx->ingress_ifindex;
	fib->tot_len = 0;
	return is_forward(bpf_fib_lookup(ctx, fib, sizeof(*fib), 0));
}

static __always_inline enum wire_stage
route_ipv4(struct xdp_md *ctx, const struct wire_header *header,
	   struct drops drops)
{
	struct bpf_fib_lookup fib = { .family = FAMILY_INET };
	__u32 dest = header->daddr_lo;

	if (dest == IPV4_BROADCAST)
		return input_if(drops.input);
	if (dest >> 28 == IPV4_GROUPS)
		return group_if(ctx, header, drops);
	if (dest == 0)
		return WIRE_STAGE_COUNT;
	if (is_own_ipv4(ctx, bpf_htonl(dest)))
		return input_if(drops.input);
	fib_start(&fib, ctx, header);
	fib.tos = header->tos;
	fib.ipv4_src = bpf_htonl(header->saddr_lo);
	fib.ipv4_dst = bpf_htonl(dest);

	long found = bpf_fib_lookup(ctx, &fib, sizeof(fib), 0);
	if (found == BPF_FIB_LKUP_RET_FWD_DISABLED)
		return input_if(drops.input);
	if (is_forward(found))
		return forward_if(drops.forward, ctx, header, &fib, drops);
	if (found != BPF_FIB_LKUP_RET_NOT_FWDED || !drops.input ||
	    drops.only_sure || !drops.has_plain_routes ||
	    (!drops.forward && may_forward_broadcasts(ctx)))
		return WIRE_STAGE_COUNT;

	fib.tos = header->tos; /* a lookup that failed may write here */
	fib.ipv4_dst = bpf_htonl(IPV4_RESERVED);
	return input_if(has_default_route(ctx, &fib));
}

static __always_inline bool is_link_local(__u64 high)
{
	return high >> 54 == 0xfe80 >> 6;
}

/* Traffic class and flow label; false when they are not there. */
static __always_inline bool flow_info(struct xdp_md *ctx, __be32 *out)
{
	const void *data = (void *)(long)ctx->data;
	const void *end = (void *)(long)ctx->data_end;
	const __be32 *ip = data + sizeof(struct ethhdr);

	if ((const void *)(ip + 1) > end)
		return false;
	*out = *ip & bpf_htonl(IPV6_FLOW_BITS);
	return true;
}

/* These may be answered on behalf of others (proxy_ndp): that is INPUT. */
static __always_inline bool is_discovery(const struct wire_header *header)
{
	__u8 type = header->icmp >> 8;

	return header->proto == IPPROTO_ICMPV6 && type >= ND_FIRST &&
	       type <= ND_LAST;
}

/*
 * Without a route the host answers even where it does not forward, and only
 * where it forwards the lookup tells.
 */
static __always_inline enum wire_stage
route_ipv6(struct xdp_md *ctx, const struct wire_header *header,
	   struct drops drops)
{
	struct bpf_fib_lookup fib = { .family = FAMILY_INET6 };
	__be32 flowinfo;

	if (header->daddr_hi >> 56 == IPV6_GROUPS)
		return group_if(ctx, header, drops);
	if (!flow_info(ctx, &flowinfo))
		return WIRE_STAGE_COUNT;
	fib_start(&fib, ctx, header);
	fib.flowinfo = flowinfo;
	fib.ipv6_src[0] = bpf_htonl(header->saddr_hi >> 32);
	fib.ipv6_src[1] = bpf_htonl(header->saddr_hi);
	fib.ipv6_src[2] = bpf_htonl(header->saddr_lo >> 32);
	fib.ipv6_src[3] = bpf_htonl(header->saddr_lo);
	fib.ipv6_dst[0] = bpf_htonl(header->daddr_hi >> 32);
	fib.ipv6_dst[1] = bpf_htonl(header->daddr_hi);
	fib.ipv6_dst[2] = bpf_htonl(header->daddr_lo >> 32);
	fib.ipv6_dst[3] = bpf_htonl(header->daddr_lo);
	if (is_own_ipv6(ctx, fib.ipv6_dst))
		return input_if(drops.input);
	if (is_link_local(header->saddr_hi) || is_link_local(header->daddr_hi))
		return WIRE_STAGE_COUNT;

	long found = bpf_fib_lookup(ctx, &fib, sizeof(fib), 0);
	if (is_forward(found))
		return forward_if(drops.forward && !is_discovery(header), ctx,
				  header, &fib, drops);
	if (found != BPF_FIB_LKUP_RET_NOT_FWDED || !drops.input ||
	    drops.only_sure || !drops.has_plain_routes)
		return WIRE_STAGE_COUNT;
	fib.flowinfo = flowinfo; /* a lookup that failed may write here */
	fib.ipv6_dst[0] = bpf_htonl(IPV6_RESERVED);
	return input_if(has_default_route(ctx, &fib));
}

/* The stage that drops the packet, WIRE_STAGE_COUNT when none surely does. */
static __always_inline enum wire_stage
route(struct xdp_md *ctx, const struct wire_header *header, struct drops drops)
{
	if (header->class == WIRE_IPV6)
		return route_ipv6(ctx, header, drops);
	return route_ipv4(ctx, header, drops);
}
