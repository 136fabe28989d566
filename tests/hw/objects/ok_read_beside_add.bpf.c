// SPDX-License-Identifier: GPL-2.0-only
/*
 * One word of a value is read, another added to.
 */
#include "tests/hw/objects/object.h"

struct value {
	__u64 read, count;
};
MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, struct value);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;
	struct value *value = bpf_map_lookup_elem(&table, &key);

	if (!value)
		return XDP_PASS;
	__sync_fetch_and_add(&value->count, 1);
	return value->read ? XDP_DROP : XDP_PASS;
}
