// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hash with a key of two words.
 */
#include "tests/hw/objects/object.h"

struct key {
	__u32 from, to;
};

MAP(table, BPF_MAP_TYPE_HASH, 1024, struct key, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	struct key key = {};
	__u64 zero = 0;

	key.from = *(__u32 *)(data + 26);
	key.to = *(__u32 *)(data + 30);
	if (!bpf_map_lookup_elem(&table, &key))
		bpf_map_update_elem(&table, &key, &zero, BPF_ANY);
	return XDP_PASS;
}
