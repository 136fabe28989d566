// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that cannot choose the queue.
 *
 * driver: verifier.c:514 "queue selection not supported by FW"
 * rule: context-queue
 * card: c_qsel=0
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	ctx->rx_queue_index = 3;
	return XDP_PASS;
}
