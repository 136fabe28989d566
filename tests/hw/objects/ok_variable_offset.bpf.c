// SPDX-License-Identifier: GPL-2.0-only
/*
 * A header of variable length.
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u8 *at = data + 14 + (*(__u8 *)(data + 14) & 15) * 4;

	if (at + 4 > (__u8 *)end)
		return XDP_PASS;
	return at[3] == 80 ? XDP_DROP : XDP_PASS;
}
