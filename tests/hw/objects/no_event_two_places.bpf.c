// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data of one call is of one kind: stack or packet, not now this, now
 * that.
 *
 * driver: verifier.c:292 "event_output: ptr type changed"
 * rule: event-pointer
 */
#include "tests/hw/objects/object.h"

MAP(events, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, __u32, __u32);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u64 mark = 7;
	void *from = *(__u8 *)data ? (void *)&mark : data;

	asm volatile("" : "+r"(from));
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, from, 8);
	return XDP_PASS;
}
