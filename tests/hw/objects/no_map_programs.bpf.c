// SPDX-License-Identifier: GPL-2.0-only
/*
 * No map of programs: there are no tail calls.
 *
 * driver: kernel/bpf/offload.c:367 ""
 * rule: map-type, helper-unknown
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_PROG_ARRAY, 4, __u32, __u32);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &table, 0);
	return XDP_PASS;
}
