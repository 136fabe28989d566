// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware without perf events.
 *
 * driver: verifier.c:240 "event_output: not supported by FW"
 * rule: helper-firmware
 * card: h_perf=0
 */
#include "tests/hw/objects/object.h"

MAP(events, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, __u32, __u32);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 mark = 7;

	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &mark, 4);
	return XDP_PASS;
}
