// SPDX-License-Identifier: GPL-2.0-only
/*
 * There is no metadata.
 *
 * driver: jit.c:2697 "Translation failed with error -95"
 * rule: context-read
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(14);
	return (void *)(long)ctx->data_meta == data ? XDP_DROP : XDP_PASS;
}
