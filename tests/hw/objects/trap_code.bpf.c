// SPDX-License-Identifier: GPL-2.0-only
/*
 * So does any other code above XDP_TX.
 *
 * driver: jit.c:3731 ""
 * rule: return-code
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	return *(__u8 *)data;
}
