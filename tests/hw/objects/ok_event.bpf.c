// SPDX-License-Identifier: GPL-2.0-only
/*
 * A perf event with a part of the packet.
 */
#include "tests/hw/objects/object.h"

MAP(events, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, __u32, __u32);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 mark = 7;

	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU | 32ULL << 32,
			      &mark, 4);
	return XDP_PASS;
}
