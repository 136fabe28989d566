// SPDX-License-Identifier: GPL-2.0-only
/*
 * The value of an update lies on the stack, not in the packet.
 *
 * driver: verifier.c:131 "map_update: unsupported ptr type"
 * rule: argument-not-on-stack
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u32 key = 0;

	bpf_map_update_elem(&table, &key, data, BPF_ANY);
	return XDP_PASS;
}
