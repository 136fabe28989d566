// SPDX-License-Identifier: GPL-2.0-only
/*
 * One instruction reaches the stack at one alignment of words: two bytes on is
 * another one.
 *
 * driver: verifier.c:372 "stack access changed location"
 * rule: stack-alignment
 */
#include "tests/hw/objects/object.h"

static __noinline int look(__u16 *p)
{
	return *p;
}

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u32 words[2];

	words[0] = *(__u32 *)data;
	words[1] = *(__u32 *)(data + 4);
	return (look((__u16 *)words) ^ look((__u16 *)words + 1)) & 1 ? XDP_DROP
								     : XDP_PASS;
}
