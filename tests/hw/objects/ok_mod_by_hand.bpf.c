// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remainder of a constant divisor, as clang computes it.
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	return *(__u16 *)data % 100 > 3 ? XDP_DROP : XDP_PASS;
}
