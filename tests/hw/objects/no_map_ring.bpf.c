// SPDX-License-Identifier: GPL-2.0-only
/*
 * No ring buffer; perf events there are.
 *
 * driver: kernel/bpf/offload.c:367 ""
 * rule: map-type, helper-unknown
 */
#include "tests/hw/objects/object.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} table SEC(".maps");

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 x = 1;

	bpf_ringbuf_output(&table, &x, sizeof(x), 0);
	return XDP_PASS;
}
