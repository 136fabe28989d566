// SPDX-License-Identifier: GPL-2.0-only
/*
 * More maps than the card has.
 *
 * driver: offload.c:352 "too many maps for a device"
 * rule: map-count
 * card: max_maps=1
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, __u64);
MAP(other, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	if (bpf_map_lookup_elem(&table, &key))
		return XDP_DROP;
	return bpf_map_lookup_elem(&other, &key) ? XDP_DROP : XDP_PASS;
}
