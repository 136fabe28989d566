/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the objects of this directory share. Each is one program: ok_* is taken
 * by a card, no_* is not, trap_* is and does something else. Two tests read the
 * first comment (tests/hw/cases/03_objects.sh, tests/unit/bpf_safe_test.c):
 *
 *	driver:	where Linux 6.1.192 refuses it, in the directory
 *		drivers/net/ethernet/netronome/nfp/bpf/, and its words
 *	rule:	the names in bpf/safe.def, all that it breaks
 *	card:	how the card differs from the typical one
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
