/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What rules/eval says about dropping a packet early: surely dropped only if
 * it is in everything that the host may make of it before netfilter looks.
 */
#include "rules/flatten.h"
#include "tests/lib/frame.h"
#include "tests/lib/gen_packets.h"

/* The worlds in which the host surely drops @packet, with no other effect,
 * whichever backend holds the rules and whichever interface it would leave by.
 * Only those in @asked are looked at. */
worlds_t oracle_drops(const struct ruleset *ruleset,
		      const struct packet *packet, worlds_t asked,
		      bool has_nat);
/* The same, but for log lines, which nobody misses. */
worlds_t oracle_drops_or_logs(const struct ruleset *ruleset,
			      const struct packet *packet, worlds_t asked);

/*
 * One thing that the host may see instead of the packet in @frame: merged with
 * others by GRO, or put together from fragments. Returns the length of @other,
 * or 0 when the host sees the packet as it is.
 */
size_t oracle_become(const struct gen_packets *gen, struct random *rnd,
		     const struct frame_spec *spec, uint8_t other[FRAME_MAX]);
