// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet goes back with its addresses exchanged.
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u8 address[6];

	__builtin_memcpy(address, data, 6);
	__builtin_memcpy(data, data + 6, 6);
	__builtin_memcpy(data + 6, address, 6);
	return XDP_TX;
}
