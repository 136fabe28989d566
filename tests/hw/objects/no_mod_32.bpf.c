// SPDX-License-Identifier: GPL-2.0-only
/*
 * There is no remainder of 32 bits.
 *
 * driver: verifier.c:641 "instruction 0x9c not supported"
 * rule: no-remainder
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u64 x = *(__u64 *)data, y = *(__u32 *)(data + 8);

	/* w1 %= w2 */
	asm volatile("r1 = %1\nr2 = %0\n.8byte 0x000000000000219c\n%0 = r1"
		     : "+r"(x), "+r"(y)
		     :
		     : "r1", "r2");
	return x & 1 ? XDP_DROP : XDP_PASS;
}
