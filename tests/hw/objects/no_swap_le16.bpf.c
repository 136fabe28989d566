// SPDX-License-Identifier: GPL-2.0-only
/*
 * Byte swaps are to big endian only; this one of 16 bits does nothing on a
 * little endian machine.
 *
 * driver: verifier.c:641 "instruction 0xd4 not supported"
 * rule: swap-to-little
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u64 x = *(__u64 *)data;

	asm volatile("%0 = le16 %0" : "+r"(x));
	return x & 1 ? XDP_DROP : XDP_PASS;
}
