// SPDX-License-Identifier: GPL-2.0-only
/*
 * A loop that writes the stack word by word.
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	volatile __u32 words[8];
	__u32 sum = 0;

	_Pragma("clang loop unroll(disable)") for (int i = 0; i < 8; i++)
		words[i] = i;
	_Pragma("clang loop unroll(disable)") for (int i = 0; i < 8; i++) sum +=
		words[i];
	return sum & 1 ? XDP_DROP : XDP_PASS;
}
