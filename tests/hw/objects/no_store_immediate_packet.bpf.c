// SPDX-License-Identifier: GPL-2.0-only
/*
 * A constant cannot be stored to the packet either: the driver's verifier does
 * not note where such a store goes (:666), and its JIT then knows no place.
 *
 * driver: jit.c:2925 "Translation failed with error -95"
 * rule: store-immediate
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	/* *(u32 *)(r1 + 0) = 5 */
	asm volatile("r1 = %0\n.8byte 0x0000000500000162" : : "r"(data) : "r1");
	return XDP_TX;
}
