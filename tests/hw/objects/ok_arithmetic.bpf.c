// SPDX-License-Identifier: GPL-2.0-only
/*
 * Factors of 32 bits, a constant divisor, shifts by a variable.
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u32 x = *(__u32 *)data, y = *(__u32 *)(data + 4);

	__u32 z = y / 100;

	x *= y;
	x <<= z & 31;
	return ((__s32)x >> 3) & 1 ? XDP_DROP : XDP_PASS;
}
