// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card knows no routes.
 *
 * driver: verifier.c:298 "unsupported function id"
 * rule: helper-unknown
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	struct bpf_fib_lookup route = {};

	return bpf_fib_lookup(ctx, &route, sizeof(route), 0) ? XDP_PASS
							     : XDP_DROP;
}
