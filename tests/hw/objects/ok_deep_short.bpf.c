// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lies beyond the split is no matter when packets are shorter.
 *
 * card: inl_mtu=24
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(1700);
	return *(__u8 *)(data + 1699) ? XDP_DROP : XDP_PASS;
}
