// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stack of the card is smaller than 512 bytes.
 *
 * driver: verifier.c:798 "stack too large"
 * rule: stack-size
 * card: stack_sz=1
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	volatile __u32 words[20];

	for (int i = 0; i < 20; i++)
		words[i] = i;
	return words[19] ? XDP_PASS : XDP_DROP;
}
