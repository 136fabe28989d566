// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware without the lookup helper.
 *
 * driver: verifier.c:162 "map_lookup: not supported by FW"
 * rule: helper-firmware
 * card: h_lookup=0
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	return bpf_map_lookup_elem(&table, &key) ? XDP_DROP : XDP_PASS;
}
