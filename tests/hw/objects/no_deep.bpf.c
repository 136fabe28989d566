// SPDX-License-Identifier: GPL-2.0-only
/*
 * A packet is looked at beyond where the card splits it, and is that long.
 *
 * driver: offload.c:503 "packet split boundary"
 * rule: packet-offset
 * card: inl_mtu=8
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(600);
	return *(__u8 *)(data + 599) ? XDP_DROP : XDP_PASS;
}
