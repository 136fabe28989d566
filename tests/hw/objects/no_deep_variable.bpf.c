// SPDX-License-Identifier: GPL-2.0-only
/*
 * Or the place may be beyond it.
 *
 * driver: offload.c:503 "packet split boundary"
 * rule: packet-offset
 * card: inl_mtu=8
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(14);
	__u8 *at = data + 14 + *(__u8 *)data * 4;

	if (at + 1 > (__u8 *)end)
		return XDP_PASS;
	return *at ? XDP_DROP : XDP_PASS;
}
