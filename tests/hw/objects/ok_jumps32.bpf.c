// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comparisons of 32 bits, signed ones too.
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__s32 x = *(__s32 *)data;

	return x < -5 || (__u32)x > 7000 ? XDP_DROP : XDP_PASS;
}
