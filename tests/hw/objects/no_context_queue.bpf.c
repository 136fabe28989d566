// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue can be written, not read.
 *
 * driver: jit.c:2697 "Translation failed with error -95"
 * rule: context-read
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return ctx->rx_queue_index == 3 ? XDP_DROP : XDP_PASS;
}
