/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Samples of what is dropped, for `wirewall sample`. While nobody reads it
 * costs one look into a map for each packet that is dropped.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/wire.h"

#define SAMPLES_SIZE (128 * 1024) /* bytes: what does not fit is not sampled */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct wire_tap);
} wirewall_tap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, SAMPLES_SIZE);
} wirewall_taken SEC(".maps");

/* Is this one of those that somebody reads now? */
static __always_inline bool is_tapped(__u64 *now)
{
	const __u32 first = 0;
	const struct wire_tap *tap = bpf_map_lookup_elem(&wirewall_tap, &first);

	if (!tap || tap->until == 0)
		return false;
	*now = bpf_ktime_get_ns();
	return *now < tap->until &&
	       (tap->every < 2 || bpf_get_prandom_u32() % tap->every == 0);
}

/* Kernels before 5.18 cannot copy packets of several buffers: no samples. */
static __always_inline bool can_copy(void)
{
	return bpf_core_enum_value_exists(enum bpf_func_id,
					  BPF_FUNC_xdp_load_bytes) &&
	       bpf_core_enum_value_exists(enum bpf_func_id,
					  BPF_FUNC_xdp_get_buff_len);
}

static __always_inline void sample(struct xdp_md *ctx, __u32 rule,
				   enum wire_stage stage, __u32 states)
{
	struct wire_sample *sample;
	__u64 now;

	if (!can_copy() || !is_tapped(&now))
		return;
	sample = bpf_ringbuf_reserve(&wirewall_taken, sizeof(*sample), 0);
	if (!sample)
		return;

	__u64 length = bpf_xdp_get_buff_len(ctx);
	__u32 captured = length < WIRE_SAMPLE_MAX ? length : WIRE_SAMPLE_MAX;

	/* Between 1 and the most, in a way that the verifier follows before
	 * 6.8, which learns nothing from a comparison with 0. */
	_Static_assert(!(WIRE_SAMPLE_MAX & (WIRE_SAMPLE_MAX - 1)), "a mask");
	asm volatile("" : "+r"(captured));
	captured = ((captured - 1) & (WIRE_SAMPLE_MAX - 1)) + 1;

	sample->when = now;
	sample->rule = rule;
	sample->length = length;
	sample->captured = captured;
	sample->stage = stage;
	sample->states = states;
	sample->pad = 0;
	if (bpf_xdp_load_bytes(ctx, 0, sample->frame, captured)) {
		bpf_ringbuf_discard(sample, 0);
		return;
	}
	bpf_ringbuf_submit(sample, 0);
}
