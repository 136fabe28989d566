// SPDX-License-Identifier: GPL-2.0-only
/*
 * XDP_REDIRECT loads, and drops as XDP_ABORTED does.
 *
 * driver: jit.c:3731 ""
 * rule: return-code
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return XDP_REDIRECT;
}
