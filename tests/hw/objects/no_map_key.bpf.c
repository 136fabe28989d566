// SPDX-License-Identifier: GPL-2.0-only
/*
 * A key is too large.
 *
 * driver: offload.c:372 "map key size 16"
 * rule: map-key
 * card: max_key_sz=8
 */
#include "tests/hw/objects/object.h"

struct key {
	__u64 words[2];
};

MAP(table, BPF_MAP_TYPE_HASH, 16, struct key, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u64 key[2] = {};

	return bpf_map_lookup_elem(&table, key) ? XDP_DROP : XDP_PASS;
}
