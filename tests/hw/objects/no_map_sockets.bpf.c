// SPDX-License-Identifier: GPL-2.0-only
/*
 * No map of AF_XDP sockets.
 *
 * driver: kernel/bpf/offload.c:367 ""
 * rule: map-type, helper-unknown, return-code
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_XSKMAP, 4, __u32, __u32);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return bpf_redirect_map(&table, 0, XDP_PASS);
}
