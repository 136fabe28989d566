// SPDX-License-Identifier: GPL-2.0-only
/*
 * The value of an update begins at a multiple of four bytes.
 *
 * driver: verifier.c:142 "map_update: unaligned stack pointer"
 * rule: argument-unaligned
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct {
		__u8 before[2];
		__u8 bytes[12];
		__u8 after[2];
	} __attribute__((aligned(8))) on_stack;

	__builtin_memset(&on_stack, 0, sizeof(on_stack));
	bpf_map_update_elem(&table, &key, on_stack.bytes, BPF_ANY);
	return XDP_PASS;
}
