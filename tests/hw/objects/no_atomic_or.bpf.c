// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of the atomic operations there is the addition only.
 *
 * driver: verifier.c:533 "atomic op not implemented"
 * rule: atomic-operation
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;
	__u64 *value = bpf_map_lookup_elem(&table, &key);

	if (!value)
		return XDP_PASS;
	__sync_fetch_and_or(value, 1);
	return XDP_PASS;
}
