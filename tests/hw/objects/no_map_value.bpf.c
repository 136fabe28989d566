// SPDX-License-Identifier: GPL-2.0-only
/*
 * A value is too large.
 *
 * driver: offload.c:377 "map value size 16"
 * rule: map-value
 * card: max_val_sz=8
 */
#include "tests/hw/objects/object.h"

struct value {
	__u64 words[2];
};

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, struct value);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	return bpf_map_lookup_elem(&table, &key) ? XDP_DROP : XDP_PASS;
}
