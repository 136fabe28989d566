// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nor is a constant stored to a map value.
 *
 * driver: jit.c:2925 "Translation failed with error -95"
 * rule: store-immediate
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_ARRAY, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;
	__u64 *value = bpf_map_lookup_elem(&table, &key);

	if (!value)
		return XDP_PASS;
	/* *(u32 *)(r0 + 0) = 5 */
	asm volatile("r0 = %0\n.8byte 0x0000000500000062"
		     :
		     : "r"(value)
		     : "r0");
	return XDP_PASS;
}
