/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Programs that are attached to be confirmed stop dropping by themselves when
 * their time is over: whoever would take them off may have been killed. They
 * have to be loaded with it (load_options.expires). A card has no clock: what
 * runs there does not expire.
 */
#include <stdint.h>

#include "base/err.h"

/*
 * The program with this id passes everything in @seconds from now on; 0: never.
 * Returns 0; -ENOENT when there is no such program, or it cannot expire; -errno.
 */
int expiry_set(uint32_t prog_id, unsigned int seconds, struct err *err);

/*
 * 1 when it does so, in *@seconds (rounded up; 0: it does already); 0 when it
 * does not; -errno.
 */
int expiry_get(uint32_t prog_id, unsigned int *seconds, struct err *err);

/* For bpf/load.c: the map of a program that is not attached yet. */
int expiry_fill(int map_fd, unsigned int seconds);
