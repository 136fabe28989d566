// SPDX-License-Identifier: GPL-2.0-only
/*
 * The line of tests/bench/flood.sh: a generator of packets at a given rate, and
 * a wire that carries what others send. Both redirect frames into a veth device
 * as they are, so that its peer gets them as a driver gets them from a card:
 * XDP sees them first, and only what it passes becomes an skb.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "tests/bench/flood.h"

/* One frame of the flood, with a source of 0; its senders are @senders with any
 * value in place of the bits of @open. */
__u8 frame[FLOOD_BYTES];
__u32 senders, open; /* host order */
__u64 rate;	     /* packets a second */
__u32 ifindex;	     /* where they go out */
__u64 begun, sent, lost;

/* The wire's ends, and who alone is at the second one. */
__u32 ends[2];
__u32 client; /* network order */

static __always_inline __u16 fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* A checksum over what @check is of, and @address and @port. */
static __always_inline __u16 checksum(__u16 check, __u32 address, __u16 port)
{
	return fold((__u16)~check + (address & 0xffff) + (address >> 16) +
		    port);
}

/* Is it time for the next one? */
static __always_inline int is_due(void)
{
	__u64 now = bpf_ktime_get_ns(), due;

	if (!begun)
		begun = now;
	due = (now - begun) * rate / 1000000000;
	if (sent + lost >= due)
		return 0;
	if (due - sent - lost > FLOOD_BURST)
		lost = due - sent - FLOOD_BURST;
	return 1;
}

SEC("xdp")
int generate(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data,
	     *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct tcphdr *tcp = (void *)(ip + 1);
	struct udphdr *udp = (void *)(ip + 1);
	__u32 noise, source;
	__u16 port;

	if (data + FLOOD_BYTES > end)
		return XDP_ABORTED;
	if (!is_due())
		return XDP_DROP;
	noise = bpf_get_prandom_u32();
	source = bpf_htonl(senders | (noise & open));
	port = bpf_htons(1024 + (noise >> 16) % 60000);
	__builtin_memcpy(data, frame, FLOOD_BYTES);
	ip->saddr = source;
	ip->check = checksum(ip->check, source, 0);
	if (ip->protocol == IPPROTO_TCP) {
		tcp->source = port;
		tcp->check = checksum(tcp->check, source, port);
	} else {
		udp->dest = port; /* without a checksum */
	}
	sent++;
	return bpf_redirect(ifindex, 0);
}

/* Answers to made-up senders end here. */
SEC("xdp")
int carry(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data,
	     *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);

	if ((void *)(ip + 1) > end)
		return XDP_DROP;
	if (ctx->ingress_ifindex == ends[1])
		return bpf_redirect(ends[0], 0);
	return ip->daddr == client ? bpf_redirect(ends[1], 0) : XDP_DROP;
}

char flood_license[] SEC("license") = "GPL";
