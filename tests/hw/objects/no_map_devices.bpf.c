// SPDX-License-Identifier: GPL-2.0-only
/*
 * No map of devices: the card redirects nothing.
 *
 * driver: kernel/bpf/offload.c:367 ""
 * rule: map-type, helper-unknown, return-code
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_DEVMAP, 4, __u32, __u32);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return bpf_redirect_map(&table, 0, 0);
}
