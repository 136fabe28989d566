// SPDX-License-Identifier: GPL-2.0-only
/*
 * One instruction reads from one kind of memory: what read from the packet may
 * not read from the stack.
 *
 * driver: verifier.c:491 "ptr type changed for instruction"
 * rule: pointer-changes
 */
#include "tests/hw/objects/object.h"

static __noinline int look(__u8 *p)
{
	return *p;
}

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u64 x = 7;

	return (look(data) ^ look((__u8 *)&x)) & 1 ? XDP_DROP : XDP_PASS;
}
