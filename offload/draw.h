/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Packets to measure a ruleset with. They come from the ruleset's own values
 * (a rule is picked, with those that call its chain, and a packet made that
 * matches them or just misses) and from what attackers send: floods, scans,
 * answers of reflectors, bogus sources. Plans, regions and programs are not
 * looked at: what is measured with these packets is not measured with itself.
 * The same ruleset and seed give the same packets.
 */
#include "base/own.h"
#include "base/random.h"
#include "rules/packet_draft.h"
#include "rules/ruleset.h"

struct draw;

/*
 * Packets that come in by @iface. Returns NULL on ENOMEM. It refers to
 * @ruleset, which must outlive it.
 */
struct draw *draw_make(const struct ruleset *ruleset, const char *iface,
		       uint64_t seed);
void draw_free(struct draw *draw);
OWN_DEFINE(draw)

/* The next packet: whole, without options, sent to this host alone. */
void draw_next(struct draw *draw, struct packet_draft *out);

/* What stands for this host's own where rules name no destination. */
u128 draw_own_address(enum family family);
