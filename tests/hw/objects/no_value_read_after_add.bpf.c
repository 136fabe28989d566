// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is added to is never read.
 *
 * driver: verifier.c:398 "map value use type conflict atomic vs read"
 * rule: value-read-and-add
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
	return value->count > 10 ? XDP_DROP : XDP_PASS;
}
