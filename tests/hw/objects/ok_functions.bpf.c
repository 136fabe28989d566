// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions, static and global.
 */
#include "tests/hw/objects/object.h"

static __noinline int first(int x, int y)
{
	return x * 3 + y;
}

__noinline int second(struct xdp_md *ctx, int x)
{
	return ctx ? x + 1 : 0;
}

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	return first(*(__u8 *)data, 3) > second(ctx, 7) ? XDP_DROP : XDP_PASS;
}
