// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue is chosen.
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	ctx->rx_queue_index = 3;
	return bpf_get_prandom_u32() & 1 ? XDP_PASS : XDP_DROP;
}
