// SPDX-License-Identifier: GPL-2.0-only
/*
 * A global variable lies in a map with flags.
 *
 * driver: offload.c:343 "map flags are not supported"
 * rule: global-data, value-store
 */
#include "tests/hw/objects/object.h"

int seen;

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	seen++;
	return XDP_PASS;
}
