// SPDX-License-Identifier: GPL-2.0-only
/*
 * There is no compare and exchange.
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
	return __sync_val_compare_and_swap(value, 1, 2) ? XDP_DROP : XDP_PASS;
}
