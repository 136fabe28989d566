// SPDX-License-Identifier: GPL-2.0-only
/*
 * A key lies on the stack for deleting, too.
 *
 * driver: verifier.c:131 "map_delete: unsupported ptr type"
 * rule: argument-not-on-stack
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	bpf_map_delete_elem(&table, data);
	return XDP_PASS;
}
