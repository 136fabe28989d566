// SPDX-License-Identifier: GPL-2.0-only
/*
 * Key and value, each rounded up to eight bytes, are too large together.
 *
 * driver: offload.c:365 "map elements too large"
 * rule: map-element
 */
#include "tests/hw/objects/object.h"

struct value {
	__u64 words[8];
};

MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, struct value);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	return bpf_map_lookup_elem(&table, &key) ? XDP_DROP : XDP_PASS;
}
