// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card has arrays and hashes only.
 *
 * driver: kernel/bpf/offload.c:367 ""
 * rule: map-type
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_PERCPU_ARRAY, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	return bpf_map_lookup_elem(&table, &key) ? XDP_DROP : XDP_PASS;
}
