// SPDX-License-Identifier: GPL-2.0-only
/*
 * An entry is deleted.
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;

	bpf_map_delete_elem(&table, &key);
	return XDP_PASS;
}
