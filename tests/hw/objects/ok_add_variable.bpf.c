// SPDX-License-Identifier: GPL-2.0-only
/*
 * A number of bytes is added, 32 and 64 bits wide.
 */
#include "tests/hw/objects/object.h"

struct value {
	__u64 bytes;
	__u32 packets, unused;
};

MAP(table, BPF_MAP_TYPE_ARRAY, 1, __u32, struct value);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u32 key = 0;
	struct value *value = bpf_map_lookup_elem(&table, &key);

	if (!value)
		return XDP_PASS;
	__sync_fetch_and_add(&value->bytes, end - data);
	__sync_fetch_and_add(&value->packets, 1);
	return XDP_PASS;
}
