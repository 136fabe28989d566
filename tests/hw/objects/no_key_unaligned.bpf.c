// SPDX-License-Identifier: GPL-2.0-only
/*
 * A key begins at a multiple of four bytes.
 *
 * driver: verifier.c:142 "map_lookup: unaligned stack pointer"
 * rule: argument-unaligned
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	struct {
		__u8 before[2];
		__u8 bytes[12];
		__u8 after[2];
	} __attribute__((aligned(8))) on_stack;

	__builtin_memset(&on_stack, 0, sizeof(on_stack));
	return bpf_map_lookup_elem(&table, on_stack.bytes) ? XDP_DROP
							   : XDP_PASS;
}
