// SPDX-License-Identifier: GPL-2.0-only
/* Everything is dropped. */
#include "tests/hw/objects/object.h"

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}
