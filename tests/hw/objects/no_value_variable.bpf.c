// SPDX-License-Identifier: GPL-2.0-only
/*
 * The place in a map value is a constant.
 *
 * driver: verifier.c:427 "map value offset is variable"
 * rule: value-variable
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u32 key = 0, i = *(__u8 *)data & 7;
	__u8 *value = bpf_map_lookup_elem(&table, &key);

	if (!value)
		return XDP_PASS;
	return value[i] ? XDP_DROP : XDP_PASS;
}
