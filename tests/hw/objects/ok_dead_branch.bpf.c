// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can never run is not judged: the kernel removes it.
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 x = 1;

	asm volatile("" : "+r"(x));
	asm volatile("%0 = 1" : "+r"(x));
	if (x != 1)
		return bpf_ktime_get_ns() & 1;
	return XDP_PASS;
}
