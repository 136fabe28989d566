// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stack that just fits.
 *
 * card: stack_sz=1
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	volatile __u32 words[16];

	for (int i = 0; i < 16; i++)
		words[i] = i;
	return words[15] ? XDP_PASS : XDP_DROP;
}
