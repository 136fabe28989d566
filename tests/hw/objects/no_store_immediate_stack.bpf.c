// SPDX-License-Identifier: GPL-2.0-only
/*
 * A constant is stored to the packet only: -mcpu=v4 stores it everywhere.
 *
 * driver: jit.c:2925 "Translation failed with error -95"
 * rule: store-immediate
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 x;

	asm volatile(".8byte 0x00000005fff80a62\n%0 = *(u32 *)(r10 - 8)"
		     : "=r"(x));
	return x ? XDP_PASS : XDP_DROP;
}
