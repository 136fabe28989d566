// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries, keys and values that just fit.
 *
 * card: max_elems=4096
 */
#include "tests/hw/objects/object.h"

struct key {
	__u64 words[3];
};

struct value {
	__u64 words[5];
};

MAP(table, BPF_MAP_TYPE_HASH, 4096, struct key, struct value);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u64 key[3] = {};

	return bpf_map_lookup_elem(&table, key) ? XDP_DROP : XDP_PASS;
}
