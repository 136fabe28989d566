// SPDX-License-Identifier: GPL-2.0-only
/*
 * More entries than the card has in all.
 *
 * driver: offload.c:357 "map with too many elements"
 * rule: map-entries
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 4000000, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	return bpf_map_lookup_elem(&table, &key) ? XDP_DROP : XDP_PASS;
}
