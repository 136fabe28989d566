/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Which packets that the host would log go up to it (--log-sample): a token
 * bucket for the whole program. It refills at the rate that was asked for and
 * holds what comes in one second.
 *
 * The bucket is one number, the time up to which tokens were spent. Reading it
 * and adding to it are two steps, so that processors which do it at once may
 * all take the last token; but each of them pays, and the rate holds over
 * time. (Atomic operations that return something need Linux 5.12, and older
 * kernels refuse a program which has them even where they are never reached.)
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define NSEC_PER_SEC 1000000000ULL

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} log_bucket SEC(".maps");

/* Is there a token for this packet? @rate: per second, not 0. */
static __always_inline bool is_sample(__u32 rate)
{
	const __u64 cost = NSEC_PER_SEC / rate, now = bpf_ktime_get_ns();
	volatile __u64 *spent;
	__u32 zero = 0;

	spent = bpf_map_lookup_elem(&log_bucket, &zero);
	if (!spent)
		return true;

	__u64 until = *spent;
	if (now > until && now - until > NSEC_PER_SEC) {
		/* Full: what comes in more than a second runs over. */
		until = now - NSEC_PER_SEC;
		*spent = until;
	}
	if (until + cost > now)
		return false;
	__sync_fetch_and_add(spent, cost);
	return true;
}
