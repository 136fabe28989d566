// SPDX-License-Identifier: GPL-2.0-only
/*
 * A counter begins at zero: an update may have made it something else.
 *
 * driver: verifier.c:405 "may already be initialized to non-zero value"
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

	bpf_map_update_elem(&table, &key, &value, BPF_ANY);
	counter = bpf_map_lookup_elem(&table, &key);
	if (counter)
		__sync_fetch_and_add(counter, 1);
	return XDP_PASS;
}
