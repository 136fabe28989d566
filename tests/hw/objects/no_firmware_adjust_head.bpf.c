// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that cannot move the start of a packet.
 *
 * driver: verifier.c:183 "adjust_head not supported by FW"
 * rule: helper-firmware
 * card: c_adj_head=0
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_head(ctx, 4) ? XDP_DROP : XDP_PASS;
}
