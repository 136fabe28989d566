// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pointer to metadata cannot be followed.
 *
 * driver: verifier.c:461 "unsupported ptr type"
 * rule: pointer-type, context-read
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *meta = (void *)(long)ctx->data_meta;

	if (meta + 4 > data)
		return XDP_PASS;
	return *(__u32 *)meta ? XDP_DROP : XDP_PASS;
}
