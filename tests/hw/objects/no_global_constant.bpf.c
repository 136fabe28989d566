// SPDX-License-Identifier: GPL-2.0-only
/*
 * So does a constant that is set before loading.
 *
 * driver: offload.c:343 "map flags are not supported"
 * rule: global-data
 */
#include "tests/hw/objects/object.h"

const volatile int limit = 3;

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return limit > 2 ? XDP_PASS : XDP_DROP;
}
