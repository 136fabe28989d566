// SPDX-License-Identifier: GPL-2.0-only
/*
 * A global function knows no more of a pointer than that it is memory.
 *
 * driver: verifier.c:461 "unsupported ptr type"
 * rule: pointer-type
 */
#include "tests/hw/objects/object.h"

__noinline int look(int *p)
{
	return p ? *p : 0;
}

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	int x = *(__u8 *)data;

	return look(&x) ? XDP_DROP : XDP_PASS;
}
