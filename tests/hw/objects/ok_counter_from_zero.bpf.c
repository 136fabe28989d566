// SPDX-License-Identifier: GPL-2.0-only
/*
 * A counter that the program itself makes, with zero.
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u32 key = *(__u8 *)data;
	__u64 zero = 0, *counter = bpf_map_lookup_elem(&table, &key);

	if (counter)
		__sync_fetch_and_add(counter, 1);
	else
		bpf_map_update_elem(&table, &key, &zero, BPF_ANY);
	return XDP_PASS;
}
