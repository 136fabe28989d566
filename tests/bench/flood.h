/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What tests/bench/flood.c and its programs share. */
#include <linux/types.h>

#define FLOOD_BYTES 60 /* the shortest frame */

/* Packets that are late are sent in a burst no longer than this: what the
 * generator had no time for is lost, as it would be on a line. */
#define FLOOD_BURST 64
