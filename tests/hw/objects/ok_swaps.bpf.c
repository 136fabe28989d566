// SPDX-License-Identifier: GPL-2.0-only
/*
 * Byte swaps to big endian.
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u64 x = bpf_be64_to_cpu(*(__u64 *)data);

	x += bpf_ntohl(*(__u32 *)(data + 8)) + bpf_ntohs(*(__u16 *)(data + 12));
	return x & 1 ? XDP_DROP : XDP_PASS;
}
