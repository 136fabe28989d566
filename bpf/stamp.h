/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What of an interface and its host a plan takes for granted and a program
 * looks at again for each packet: struct wire_stamp, taken by a program of the
 * kernel (Linux 6.2 and later), so that both read the same memory.
 *
 *	take -> read the host's facts -> plan -> take: the same
 *
 * leaves no moment for a change that neither the plan nor the program sees.
 */
#include <stdint.h>

#include "base/err.h"
#include "base/own.h"
#include "bpf/wire.h"

struct stamper;

/*
 * Load the program. Returns 0; -EOPNOTSUPP when this kernel does not show
 * devices to programs; or -errno.
 */
int stamper_open(struct stamper **out, struct err *err);
void stamper_free(struct stamper *stamper);
OWN_DEFINE(stamper)

/* Of an interface of this network namespace. 0, or -errno: -ENODEV. */
int stamper_take(struct stamper *stamper, int ifindex, struct wire_stamp *out,
		 struct err *err);

/*
 * WIRE_CHECK_* of @settings that a packet would find different by now, while
 * the host is as in @now: then nothing is dropped. (Of expectations never: they
 * come and go.)
 */
unsigned int stamp_changes(const struct wire_settings *settings,
			   const struct wire_stamp *now);
