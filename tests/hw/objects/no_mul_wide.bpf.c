// SPDX-License-Identifier: GPL-2.0-only
/*
 * A factor of 64 bits: factors have 32 bits at most.
 *
 * driver: verifier.c:583 "multiplier is not within u32 value range"
 * rule: mul-range
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u64 x = *(__u64 *)data;

	asm volatile("%0 *= 3" : "+r"(x));
	return x & 1 ? XDP_DROP : XDP_PASS;
}
