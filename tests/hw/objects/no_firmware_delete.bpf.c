// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware without the delete helper.
 *
 * driver: verifier.c:162 "map_delete: not supported by FW"
 * rule: helper-firmware
 * card: h_delete=0
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
