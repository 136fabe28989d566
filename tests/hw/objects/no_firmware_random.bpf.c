// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware without random numbers.
 *
 * driver: verifier.c:230 "FW doesn't support random number generation"
 * rule: helper-firmware
 * card: c_random=0
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return bpf_get_prandom_u32() & 1 ? XDP_PASS : XDP_DROP;
}
