// SPDX-License-Identifier: GPL-2.0-only
/*
 * A counter that is added to is updated to zero only.
 *
 * driver: verifier.c:113 "may be non-zero"
 * rule: counter-not-zero
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	PACKET(34);
	__u32 key = 1;
	__u64 value = *(__u8 *)data, *counter;

	counter = bpf_map_lookup_elem(&table, &key);
	if (counter) {
		__sync_fetch_and_add(counter, 1);
		return XDP_PASS;
	}
	bpf_map_update_elem(&table, &key, &value, BPF_ANY);
	return XDP_PASS;
}
