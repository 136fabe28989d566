// SPDX-License-Identifier: GPL-2.0-only
/*
 * A map of prefixes is neither array nor hash.
 *
 * driver: kernel/bpf/offload.c:367 ""
 * rule: map-type
 */
#include "tests/hw/objects/object.h"

struct key {
	__u32 length, address;
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct key);
	__type(value, __u64);
} table SEC(".maps");

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	struct key key = { .length = 32, .address = 7 };

	return bpf_map_lookup_elem(&table, &key) ? XDP_DROP : XDP_PASS;
}
