// SPDX-License-Identifier: GPL-2.0-only
/*
 * A divisor is a constant: the card has no division, and multiplies by the
 * reciprocal.
 *
 * driver: verifier.c:614 "divisor is not constant"
 * rule: div-variable
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u64 x = *(__u64 *)data, y = *(__u32 *)(data + 8);

	x = *(__u16 *)(data + 12) + 1;
	asm volatile("%1 /= %0\n%0 = %1" : "+r"(x), "+r"(y));
	return x & 1 ? XDP_DROP : XDP_PASS;
}
