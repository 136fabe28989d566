// SPDX-License-Identifier: GPL-2.0-only
/*
 * An atomic add goes to a map value, not to the stack.
 *
 * driver: verifier.c:538 "atomic add not to a map value pointer"
 * rule: atomic-target
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	volatile __u64 count = bpf_get_prandom_u32();

	__sync_fetch_and_add(&count, 1);
	return count ? XDP_PASS : XDP_DROP;
}
