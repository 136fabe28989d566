/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* A clock that nobody sets (CLOCK_MONOTONIC), for waiting and comparing. */
#include <stdint.h>
#include <time.h>

/* Programs have the same one: bpf_ktime_get_ns(). */
static inline uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline long clock_ms(void)
{
	return (long)(clock_ns() / 1000000);
}
