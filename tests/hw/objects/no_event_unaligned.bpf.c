// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data of an event begins at a multiple of four bytes.
 *
 * driver: verifier.c:142 "event_output: unaligned stack pointer"
 * rule: argument-unaligned
 */
#include "tests/hw/objects/object.h"

MAP(events, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, __u32, __u32);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	struct {
		__u8 before[2];
		__u8 bytes[12];
		__u8 after[2];
	} __attribute__((aligned(8))) on_stack;

	__builtin_memset(&on_stack, 0, sizeof(on_stack));
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, on_stack.bytes,
			      4);
	return XDP_PASS;
}
