// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that has arrays only.
 *
 * driver: offload.c:348 "map type not supported"
 * rule: map-type
 * card: map_types=4
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	return bpf_map_lookup_elem(&table, &key) ? XDP_DROP : XDP_PASS;
}
