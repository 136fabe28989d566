// SPDX-License-Identifier: GPL-2.0-only
/*
 * There is no remainder: clang makes none of a constant divisor, an assembler
 * does.
 *
 * driver: verifier.c:641 "instruction 0x97 not supported"
 * rule: no-remainder
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u64 x = *(__u64 *)data, y = *(__u32 *)(data + 8);

	/* r1 %= 3 */
	asm volatile("r1 = %1\n.8byte 0x0000000300000197\n%0 = r1"
		     : "+r"(x), "+r"(y)
		     :
		     : "r1");
	return x & 1 ? XDP_DROP : XDP_PASS;
}
