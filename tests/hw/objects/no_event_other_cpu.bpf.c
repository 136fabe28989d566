// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events go to the current processor only.
 *
 * driver: verifier.c:253 "event_output: must use BPF_F_CURRENT_CPU"
 * rule: event-cpu
 */
#include "tests/hw/objects/object.h"

MAP(events, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, __u32, __u32);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 mark = 7;

	bpf_perf_event_output(ctx, &events, 0, &mark, 4);
	return XDP_PASS;
}
