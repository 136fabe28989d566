// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet data is read directly only.
 *
 * driver: verifier.c:298 "unsupported function id"
 * rule: helper-unknown
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u8 bytes[4];

	return bpf_xdp_load_bytes(ctx, 0, bytes, sizeof(bytes)) ? XDP_PASS
								: XDP_DROP;
}
