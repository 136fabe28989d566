// SPDX-License-Identifier: GPL-2.0-only
/* IPv4 UDP is counted and dropped, all else is counted and passes. */
#include "tests/hw/objects/object.h"

MAP(counters, BPF_MAP_TYPE_ARRAY, 2, __u32, __u64);

SEC("xdp")
int count_drop_udp(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *counter;

	PACKET(34);
	if (*(__u16 *)(data + 12) == bpf_htons(ETH_P_IP) &&
	    *(__u8 *)(data + 23) == 17)
		key = 1;
	counter = bpf_map_lookup_elem(&counters, &key);
	if (counter)
		__sync_fetch_and_add(counter, 1);
	return key ? XDP_DROP : XDP_PASS;
}
