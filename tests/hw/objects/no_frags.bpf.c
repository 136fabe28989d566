// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card sees no packets of several buffers.
 *
 * driver: kernel/bpf/offload.c:90 ""
 * rule: program-flags
 */
#include "tests/hw/objects/object.h"

SEC("xdp.frags")
int prog(struct xdp_md *ctx)
{
	return XDP_PASS;
}
