// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card redirects to no other interface.
 *
 * driver: verifier.c:298 "unsupported function id"
 * rule: helper-unknown, return-code
 */
#include "tests/hw/objects/object.h"

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return bpf_redirect(1, 0);
}
