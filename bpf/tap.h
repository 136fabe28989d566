/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Read samples of what a program drops (bpf/tap.bpf.h), found by the program's
 * id alone. One reader at a time; whoever dies leaves nothing behind.
 */
#include <stdint.h>

#include "base/err.h"
#include "base/own.h"
#include "bpf/wire.h"

struct tap;

/*
 * One packet of @every is sampled from now on. Returns 0; -ENOENT for a program
 * without samples; -EBUSY while another process reads them; -errno.
 */
int tap_open(uint32_t prog_id, uint32_t every, struct tap **out,
	     struct err *err);

/*
 * Wait up to @wait_ms for samples, handing each to @see until it returns other
 * than 0. Returns that, or 0, or -errno with a sentence. They are taken for two
 * more seconds: who reads more seldom misses some.
 */
int tap_read(struct tap *tap, int wait_ms,
	     int (*see)(const struct wire_sample *sample, void *context),
	     void *context, struct err *err);
void tap_free(struct tap *tap);
OWN_DEFINE(tap)
