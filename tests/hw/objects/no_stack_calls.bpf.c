// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each function of a chain of calls takes 64 bytes at least.
 *
 * driver: verifier.c:798 "stack too large"
 * rule: stack-size
 * card: stack_sz=2
 */
#include "tests/hw/objects/object.h"

static __noinline int second(int x)
{
	volatile int y = x;

	return y * 3;
}

static __noinline int first(int x)
{
	volatile int y = x;

	return second(y) + second(x + 1);
}

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	volatile __u32 x = *(__u8 *)data;

	return first(x) & 1 ? XDP_DROP : XDP_PASS;
}
