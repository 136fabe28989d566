// SPDX-License-Identifier: GPL-2.0-only
/*
 * More instructions than the code store has.
 *
 * driver: jit.c:51 "instruction limit reached"
 * rule: program-length
 * card: max_len=100
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(64);
	__u32 x = 0;

	_Pragma("unroll") for (int i = 0; i < 32; i++) x =
		(x ^ ((__u16 *)data)[i]) + (x << 5);
	return x & 1 ? XDP_DROP : XDP_PASS;
}
