/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The maximum segment size among the options of TCP, as tcpmss_mt() in
 * net/netfilter/xt_tcpmss.c finds it. GRO merges only segments whose options
 * are the same (tcp_gro_receive(), net/ipv4/tcp_offload.c), so that netfilter
 * meets those of the wire.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <bpf/bpf_helpers.h>

#include "bpf/parse.bpf.h"
#include "bpf/wire.h"

#define OPTIONS_MAX	   40
#define OPTIONS_KIND_NOP   1
#define OPTIONS_KIND_MSS   2
#define OPTIONS_MSS_LENGTH 4

/*
 * Fill header->mss of a packet that parse() took: its header has no options of
 * IP, and those of TCP lie within the packet. False: they do not all lie in
 * the buffer.
 */
static __always_inline bool read_mss(struct xdp_md *ctx,
				     struct wire_header *header)
{
	const void *data = (void *)(long)ctx->data;
	const void *end = (void *)(long)ctx->data_end;
	const void *tcp = data + sizeof(struct ethhdr) +
			  (header->class == WIRE_IPV6 ? sizeof(struct ipv6hdr)
						      : sizeof(struct iphdr));
	const __u8 *options = tcp + sizeof(struct tcphdr);
	__u32 i = 0;

	if (header->class == WIRE_FRAGMENT || header->proto != IPPROTO_TCP)
		return true;
	if ((const void *)options > end)
		return false;

	__u32 length =
		(((const __u8 *)tcp)[12] >> 4) * 4 - sizeof(struct tcphdr);
	__u32 mss = WIRE_NO_MSS;
	for (int step = 0; step < OPTIONS_MAX; step++) {
		if (i >= length || i >= OPTIONS_MAX)
			break;
		const __u8 *option = options + i;

		if ((const void *)(option + 1) > end)
			return false;
		if (option[0] <= OPTIONS_KIND_NOP) {
			i++;
			continue;
		}
		if (i + 1 == length)
			break;
		if ((const void *)(option + 2) > end)
			return false;
		if (option[0] == OPTIONS_KIND_MSS &&
		    length - i >= OPTIONS_MSS_LENGTH &&
		    option[1] == OPTIONS_MSS_LENGTH) {
			if ((const void *)(option + OPTIONS_MSS_LENGTH) > end)
				return false;
			mss = option[2] << 8 | option[3];
			break;
		}
		i += option[1] ? option[1] : 1;
	}
	PUT(header->mss, mss);
	return true;
}
