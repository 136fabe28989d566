// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware without the update helper.
 *
 * driver: verifier.c:162 "map_update: not supported by FW"
 * rule: helper-firmware
 * card: h_update=0
 */
#include "tests/hw/objects/object.h"

MAP(table, BPF_MAP_TYPE_HASH, 16, __u32, __u64);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;
	__u64 value = 0;

	bpf_map_update_elem(&table, &key, &value, BPF_ANY);
	return XDP_PASS;
}
