// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processor of an event is a constant.
 *
 * driver: verifier.c:253 "event_output: must use BPF_F_CURRENT_CPU"
 * rule: event-cpu
 */
#include "tests/hw/objects/object.h"

MAP(events, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, __u32, __u32);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u32 mark = 7;
	__u64 cpu = *(__u8 *)data;

	bpf_perf_event_output(ctx, &events, cpu, &mark, 4);
	return XDP_PASS;
}
