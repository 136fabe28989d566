// SPDX-License-Identifier: GPL-2.0-only
/*
 * A loop with a bound.
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(64);
	__u32 sum = 0;

	_Pragma("clang loop unroll(disable)") for (int i = 0; i < 64; i++)
		sum += ((__u8 *)data)[i];
	return sum & 1 ? XDP_DROP : XDP_PASS;
}
