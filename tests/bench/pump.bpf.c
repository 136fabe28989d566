// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets for the benchmark: each run of these programs puts the next packet of
 * a trace where the frame is, then sends it out by an interface, or hands it to
 * the program that is measured.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "tests/bench/pump.h"

struct pump_packet packets[PUMP_PACKETS];
__u32 mask; /* the number of packets, a power of two, less one */
__u32 ifindex;
__u64 sent;

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} measured SEC(".maps");

static __always_inline int put_next(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 i = sent & mask & (PUMP_PACKETS - 1);

	if (data + PUMP_BYTES > data_end)
		return -1;
	sent++;
	__builtin_memcpy(data, packets[i].bytes, PUMP_BYTES);
	return 0;
}

SEC("xdp")
int send(struct xdp_md *ctx)
{
	if (put_next(ctx))
		return XDP_ABORTED;
	return bpf_redirect(ifindex, 0);
}

SEC("xdp")
int call(struct xdp_md *ctx)
{
	if (put_next(ctx))
		return XDP_ABORTED;
	bpf_tail_call(ctx, &measured, 0);
	return XDP_ABORTED;
}

/* The floor. */
SEC("xdp")
int drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

char pump_license[] SEC("license") = "GPL";
