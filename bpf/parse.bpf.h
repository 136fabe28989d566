/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * From a frame to the struct wire_header that rules are compared with. What is
 * malformed, unusual, or in a shape that the host may read differently passes
 * (2.2, 11); nothing is read that was not checked to be there, and to be part
 * of the packet.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/wire.h"

#define IPV4_DF	      0x4000
#define IPV4_MF	      0x2000
#define IPV4_OFFSET   0x1fff
#define DHCP_SERVER   67
#define DHCP_CLIENT   68
#define DHCP6_CLIENT  546
#define DHCP6_SERVER  547
#define ICMP_SIZE     8
#define PORTS_SIZE    12 /* of SCTP's common and DCCP's shortest header */
#define PROTO_DCCP    33
#define PROTO_SCTP    132
#define PROTO_UDPLITE 136
#define PROTO_HIP     139
#define PROTO_SHIM6   140

/*
 * A store that stays as it is. The verifier remembers a value that is stored
 * to an address aligned to 8 bytes, and forgets it when another part of the
 * same 8 bytes is written: so it must see fields being written one by one, in
 * order. Remembered, each value would be a path of its own through the rules.
 */
#define PUT(field, value) (*(volatile typeof(field) *)&(field) = (value))

static __always_inline void put_word(__u64 *word, __u64 value)
{
	volatile __u32 *halves = (volatile __u32 *)word;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	halves[0] = value;
	halves[1] = value >> 32;
#else
	halves[0] = value >> 32;
	halves[1] = value;
#endif
}

/*
 * Does the network packet of @length bytes lie within the frame? Each program
 * defines it: not every target can ask beyond data_end.
 */
static __always_inline bool is_within_frame(struct xdp_md *ctx, __u32 length);

static __always_inline void parse_ethernet(struct wire_header *header,
					   const struct ethhdr *eth)
{
	const __u8 *source = eth->h_source, *dest = eth->h_dest;
	__u64 smac = 0;
	__u8 all = 0xff, type = PACKET_HOST;

#pragma unroll
	for (int i = 0; i < ETH_ALEN; i++) {
		smac = smac << 8 | source[i];
		all &= dest[i];
	}
	if (all == 0xff)
		type = PACKET_BROADCAST;
	else if (dest[0] & 1)
		type = PACKET_MULTICAST;
	put_word(&header->smac, smac);
	PUT(header->pkt_type, type);
}

static __always_inline void put_ports(struct wire_header *header, __be16 source,
				      __be16 dest)
{
	PUT(header->sport, bpf_ntohs(source));
	PUT(header->dport, bpf_ntohs(dest));
}

static __always_inline bool parse_tcp(struct wire_header *header,
				      const struct tcphdr *tcp, void *end,
				      __u32 length)
{
	if ((void *)(tcp + 1) > end || length < sizeof(*tcp) ||
	    tcp->doff * 4 < sizeof(*tcp) || tcp->doff * 4 > length)
		return false;
	put_ports(header, tcp->source, tcp->dest);
	PUT(header->tcp_flags, ((const __u8 *)tcp)[13]);
	return true;
}

/* DHCP is read from packet sockets, before netfilter (2.2, 9). */
static __always_inline bool is_dhcp(enum wire_class class,
				    const struct udphdr *udp)
{
	__u16 dest = bpf_ntohs(udp->dest);

	if (class == WIRE_IPV6)
		return dest == DHCP6_SERVER || dest == DHCP6_CLIENT;
	return dest == DHCP_SERVER || dest == DHCP_CLIENT;
}

static __always_inline bool parse_udp(struct wire_header *header,
				      enum wire_class class,
				      const struct udphdr *udp, void *end,
				      __u32 length)
{
	if ((void *)(udp + 1) > end || length < sizeof(*udp) ||
	    bpf_ntohs(udp->len) < sizeof(*udp) ||
	    bpf_ntohs(udp->len) > length || is_dhcp(class, udp))
		return false;
	put_ports(header, udp->source, udp->dest);
	return true;
}

/* Protocols whose header of @size bytes begins with ports, as UDP's does. */
static __always_inline bool parse_ports(struct wire_header *header,
					const void *start, void *end,
					__u32 length, __u32 size)
{
	const struct udphdr *ports = start;

	if (start + size > end || length < size)
		return false;
	put_ports(header, ports->source, ports->dest);
	return true;
}

/* ICMP and ICMPv6 begin alike. */
static __always_inline bool parse_icmp(struct wire_header *header,
				       const __u8 *icmp, void *end,
				       __u32 length)
{
	if ((void *)(icmp + ICMP_SIZE) > end || length < ICMP_SIZE)
		return false;
	PUT(header->icmp, icmp[0] << 8 | icmp[1]);
	return true;
}

/* @length: bytes of the packet from @start on. */
static __always_inline bool parse_transport(struct wire_header *header,
					    enum wire_class class, __u8 proto,
					    const void *start, void *end,
					    __u32 length)
{
	const __u8 icmp = class == WIRE_IPV6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;

	switch (proto) {
	case IPPROTO_TCP:
		return parse_tcp(header, start, end, length);
	case IPPROTO_UDP:
		return parse_udp(header, class, start, end, length);
	case PROTO_UDPLITE:
		return parse_ports(header, start, end, length,
				   sizeof(struct udphdr));
	case PROTO_SCTP:
	case PROTO_DCCP:
		return parse_ports(header, start, end, length, PORTS_SIZE);
	default:
		return proto != icmp || parse_icmp(header, start, end, length);
	}
}

/*
 * Of a fragment only addresses and protocol count: netfilter sees the whole
 * packet (2.2, 4). With DF set, what the host answers depends on the whole.
 */
static __always_inline bool parse_fragment(struct wire_header *header,
					   const struct iphdr *ip, void *end)
{
	const struct udphdr *udp = (const void *)(ip + 1);
	__u16 fragment = bpf_ntohs(ip->frag_off);

	if (fragment & IPV4_DF)
		return false;
	if (ip->protocol == IPPROTO_UDP && !(fragment & IPV4_OFFSET) &&
	    ((const void *)(udp + 1) > end || is_dhcp(WIRE_FRAGMENT, udp)))
		return false;
	PUT(header->class, WIRE_FRAGMENT);
	return true;
}

static __always_inline bool parse_ipv4(struct xdp_md *ctx,
				       struct wire_header *header,
				       const struct iphdr *ip, void *end,
				       bool pass_fragments)
{
	const void *transport = ip + 1;

	if (transport > end || *(const __u8 *)ip != 0x45)
		return false;

	__u32 length = bpf_ntohs(ip->tot_len);
	if (length < sizeof(*ip) || !is_within_frame(ctx, length))
		return false;
	put_word(&header->saddr_lo, bpf_ntohl(ip->saddr));
	put_word(&header->daddr_lo, bpf_ntohl(ip->daddr));
	PUT(header->length, length);
	PUT(header->proto, ip->protocol);
	PUT(header->ttl, ip->ttl);
	PUT(header->tos, ip->tos);
	if (ip->frag_off & bpf_htons(IPV4_MF | IPV4_OFFSET))
		return !pass_fragments && parse_fragment(header, ip, end);
	if (!parse_transport(header, WIRE_IPV4, ip->protocol, transport, end,
			     length - sizeof(*ip)))
		return false;
	PUT(header->class, WIRE_IPV4);
	return true;
}

/* Is there something between the header and what it carries? */
static __always_inline bool is_extension(__u8 next)
{
	switch (next) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_FRAGMENT:
	case IPPROTO_AH:
	case IPPROTO_NONE:
	case IPPROTO_DSTOPTS:
	case IPPROTO_MH:
	case PROTO_HIP:
	case PROTO_SHIM6:
		return true;
	default:
		return false;
	}
}

static __always_inline void put_ipv6_address(__u64 *high, __u64 *low,
					     const struct in6_addr *address)
{
	const __be32 *words = address->in6_u.u6_addr32;

	put_word(high, (__u64)bpf_ntohl(words[0]) << 32 | bpf_ntohl(words[1]));
	put_word(low, (__u64)bpf_ntohl(words[2]) << 32 | bpf_ntohl(words[3]));
}

static __always_inline bool parse_ipv6(struct xdp_md *ctx,
				       struct wire_header *header,
				       const struct ipv6hdr *ip, void *end)
{
	const void *transport = ip + 1;

	if (transport > end || ip->version != 6 || is_extension(ip->nexthdr))
		return false;

	/* 0: a jumbogram. The length that rules see has 16 bits. */
	__u32 payload = bpf_ntohs(ip->payload_len);
	__u32 length = sizeof(*ip) + payload;
	if (payload == 0 || length > 0xffff || !is_within_frame(ctx, length))
		return false;
	put_ipv6_address(&header->saddr_hi, &header->saddr_lo, &ip->saddr);
	put_ipv6_address(&header->daddr_hi, &header->daddr_lo, &ip->daddr);
	PUT(header->length, length);
	PUT(header->proto, ip->nexthdr);
	PUT(header->ttl, ip->hop_limit);
	PUT(header->tos, ip->priority << 4 | ip->flow_lbl[0] >> 4);
	if (!parse_transport(header, WIRE_IPV6, ip->nexthdr, transport, end,
			     payload))
		return false;
	PUT(header->class, WIRE_IPV6);
	return true;
}

/*
 * Fill @header, which must be all 0. False: the packet passes. The class is
 * written last, so that the verifier knows it and follows only its list.
 */
static __always_inline bool
parse(struct xdp_md *ctx, struct wire_header *header, bool pass_fragments)
{
	void *data = (void *)(long)ctx->data,
	     *end = (void *)(long)ctx->data_end;
	const struct ethhdr *eth = data;
	const void *network = eth + 1;

	if (network > end)
		return false;
	parse_ethernet(header, eth);
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		return parse_ipv4(ctx, header, network, end, pass_fragments);
	if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		return parse_ipv6(ctx, header, network, end);
	return false;
}
