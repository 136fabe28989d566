// SPDX-License-Identifier: GPL-2.0-only
/*
 * A product of 32-bit registers: the kernel forgets how large it is.
 *
 * driver: verifier.c:609 "dividend is not within u32 value range"
 * rule: div-range
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u32 x = *(__u32 *)data, y = *(__u32 *)(data + 4);

	return x * y / 100 & 1 ? XDP_DROP : XDP_PASS;
}
