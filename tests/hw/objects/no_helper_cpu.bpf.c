// SPDX-License-Identifier: GPL-2.0-only
/*
 * There is no processor number.
 *
 * driver: verifier.c:298 "unsupported function id"
 * rule: helper-unknown
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return bpf_get_smp_processor_id() & 1 ? XDP_PASS : XDP_DROP;
}
