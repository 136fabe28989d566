// SPDX-License-Identifier: GPL-2.0-only
/*
 * There is no metadata in front of the packet.
 *
 * driver: verifier.c:298 "unsupported function id"
 * rule: helper-unknown
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_meta(ctx, -4) ? XDP_DROP : XDP_PASS;
}
