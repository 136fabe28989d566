// SPDX-License-Identifier: GPL-2.0-only
/*
 * A constant divisor of more than 32 bits.
 *
 * driver: verifier.c:618 "divisor is not within u32 value range"
 * rule: div-range
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u64 x = *(__u64 *)data, y = *(__u32 *)(data + 8);

	asm volatile("%0 = 0x100000001 ll\n%1 /= %0\n%0 = %1"
		     : "+r"(x), "+r"(y));
	return x & 1 ? XDP_DROP : XDP_PASS;
}
