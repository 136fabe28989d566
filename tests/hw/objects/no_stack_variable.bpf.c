// SPDX-License-Identifier: GPL-2.0-only
/*
 * The place on the stack is a constant.
 *
 * driver: verifier.c:354 "variable ptr stack access"
 * rule: stack-variable
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	volatile __u8 bytes[16] = {};

	return bytes[*(__u8 *)data & 15] ? XDP_DROP : XDP_PASS;
}
