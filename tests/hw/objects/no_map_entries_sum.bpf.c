// SPDX-License-Identifier: GPL-2.0-only
/*
 * The entries of all maps count together.
 *
 * driver: offload.c:357 "map with too many elements"
 * rule: map-entries
 * card: max_elems=4096
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 3000, __u32, __u64);
MAP(other, BPF_MAP_TYPE_HASH, 3000, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	if (bpf_map_lookup_elem(&table, &key))
		return XDP_DROP;
	return bpf_map_lookup_elem(&other, &key) ? XDP_DROP : XDP_PASS;
}
