// SPDX-License-Identifier: GPL-2.0-only
/*
 * A key lies on the stack, not in a map.
 *
 * driver: verifier.c:131 "map_lookup: unsupported ptr type"
 * rule: argument-not-on-stack
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(&table, &key);

	if (!value)
		return XDP_PASS;
	return bpf_map_lookup_elem(&table, value) ? XDP_DROP : XDP_PASS;
}
