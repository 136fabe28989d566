// SPDX-License-Identifier: GPL-2.0-only
/*
 * A map value is not stored to; bpf_map_update_elem() writes it.
 *
 * driver: verifier.c:479 "map writes not supported"
 * rule: value-store
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
	value->read = bpf_get_prandom_u32();
	return XDP_PASS;
}
