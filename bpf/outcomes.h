/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What regions lead to, each different outcome once, and the counters that
 * they count with. Part of making a program (bpf/program.c).
 */
#include "bpf/program.h"

/*
 * Fill @program's outcomes, rules and can_drop from the first @limits[class]
 * regions of each list, and *@of[class] with one outcome for each region (0
 * behind the limit). Everything is in @program's arena. Returns 0 or -ENOMEM.
 */
int outcomes_make(const struct flat *const flats[WIRE_CLASS_COUNT],
		  const size_t limits[WIRE_CLASS_COUNT],
		  struct program *program, uint32_t *of[WIRE_CLASS_COUNT]);
