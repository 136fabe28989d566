/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Stopping a loaded program: it goes on running and passes every packet, from
 * the next one on, until it is started again. Works wherever the program is
 * attached, also in a network namespace that is out of reach.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "bpf/wire.h"

/*
 * Stop or start the program with this id. Returns 0; -ENOENT when there is no
 * such program, or it has no switch; -errno.
 */
int switch_set(uint32_t prog_id, bool is_stopped, struct err *err);

/*
 * The watcher looks after it, and has planned it for a world with the mark
 * @planned, which another watcher can compare. A program that needs the
 * watcher (wire_settings) drops for so long from now on, if it is not stopped.
 * Returns as switch_set().
 */
int switch_lease(uint32_t prog_id, uint64_t planned, unsigned int milliseconds,
		 struct err *err);

/* How it stands; returns as switch_set(). */
int switch_get(uint32_t prog_id, struct wire_switch *out, struct err *err);
