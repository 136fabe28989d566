// SPDX-License-Identifier: GPL-2.0-only
/*
 * A negative constant factor has 64 bits.
 *
 * driver: verifier.c:592 "sign extended multiplicand"
 * rule: mul-range
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u64 x = *(__u64 *)data, y = *(__u32 *)(data + 8);

	asm volatile("%1 *= -3\n%0 = %1" : "+r"(x), "+r"(y));
	return x & 1 ? XDP_DROP : XDP_PASS;
}
