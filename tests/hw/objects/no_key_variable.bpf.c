// SPDX-License-Identifier: GPL-2.0-only
/*
 * The place of a key on the stack is a constant.
 *
 * driver: verifier.c:136 "map_lookup: variable pointer"
 * rule: argument-variable
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u32 keys[4] = {};
	__u32 i = *(__u8 *)data & 3;

	asm volatile("" : "+r"(i));
	return bpf_map_lookup_elem(&table, &keys[i & 3]) ? XDP_DROP : XDP_PASS;
}
