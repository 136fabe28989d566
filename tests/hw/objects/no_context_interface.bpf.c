// SPDX-License-Identifier: GPL-2.0-only
/*
 * The context has data and data_end; the interface is not in it.
 *
 * driver: jit.c:2697 "Translation failed with error -95"
 * rule: context-read
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return ctx->ingress_ifindex == 3 ? XDP_DROP : XDP_PASS;
}
