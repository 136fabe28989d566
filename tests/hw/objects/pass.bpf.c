// SPDX-License-Identifier: GPL-2.0-only
/* The smallest program. */
#include "tests/hw/objects/object.h"

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}
