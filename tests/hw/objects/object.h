/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the objects of this directory share. Each is one program that a card
 * takes, or that breaks one rule of the driver, whose place in Linux 6.1.192,
 * drivers/net/ethernet/netronome/nfp/bpf/, stands in its first comment.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define MAP(name, map_type, entries, key_type, value_type)                     \
	struct {                                                               \
		__uint(type, map_type);                                        \
		__uint(max_entries, entries);                                  \
		__type(key, key_type);                                         \
		__type(value, value_type);                                     \
	} name SEC(".maps")

/* data and data_end, or XDP_PASS when there are not @size bytes. */
#define PACKET(size)                                                           \
	void *data = (void *)(long)ctx->data;                                  \
	void *end = (void *)(long)ctx->data_end;                               \
	if (data + (size) > end)                                               \
	return XDP_PASS
