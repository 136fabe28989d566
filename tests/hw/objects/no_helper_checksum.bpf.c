// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checksums have to be computed by hand.
 *
 * driver: verifier.c:298 "unsupported function id"
 * rule: helper-unknown
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 a = 1, b = 2;

	return bpf_csum_diff(&a, 4, &b, 4, 0) & 1 ? XDP_PASS : XDP_DROP;
}
