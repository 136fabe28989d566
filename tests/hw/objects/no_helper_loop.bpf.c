// SPDX-License-Identifier: GPL-2.0-only
/*
 * A loop by callback is a helper, too.
 *
 * driver: verifier.c:298 "unsupported function id"
 * rule: helper-unknown
 */
#include "tests/hw/objects/object.h"

static long step(__u32 i, void *context)
{
	*(__u32 *)context += i;
	return 0;
}

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 sum = 0;

	bpf_loop(4, step, &sum, 0);
	return sum ? XDP_PASS : XDP_DROP;
}
