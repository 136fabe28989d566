// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read or added to counts for all entries of a map, not for one.
 *
 * driver: verifier.c:398 "map value use type conflict read vs atomic"
 * rule: value-read-and-add
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 first = 0, second = 1;
	__u64 *value = bpf_map_lookup_elem(&table, &first);

	if (!value || *value)
		return XDP_PASS;
	value = bpf_map_lookup_elem(&table, &second);
	if (value)
		__sync_fetch_and_add(value, 1);
	return XDP_DROP;
}
