// SPDX-License-Identifier: GPL-2.0-only
/*
 * A map cannot be mapped into memory.
 *
 * driver: offload.c:343 "map flags are not supported"
 * rule: map-flags
 */
#include "tests/hw/objects/object.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	return bpf_map_lookup_elem(&table, &key) ? XDP_DROP : XDP_PASS;
}
