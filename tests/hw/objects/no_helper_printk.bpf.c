// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing is printed.
 *
 * driver: verifier.c:298 "unsupported function id"
 * rule: helper-unknown
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	char text[] = "x";

	bpf_trace_printk(text, sizeof(text));
	return XDP_PASS;
}
