// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware without maps.
 *
 * driver: offload.c:338 ""
 * rule: map-firmware
 * card: map_types=0
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	return bpf_map_lookup_elem(&table, &key) ? XDP_DROP : XDP_PASS;
}
