// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that cannot move the end of a packet.
 *
 * driver: verifier.c:196 "adjust_tail not supported by FW"
 * rule: helper-firmware
 * card: c_adj_tail=0
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_tail(ctx, -4) ? XDP_DROP : XDP_PASS;
}
