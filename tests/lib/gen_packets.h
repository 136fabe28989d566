/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Packets that matter to a ruleset: every value that a match names, one below
 * and one above it, mixed with ordinary, random and malformed ones; some are
 * aimed at a single rule, with those that call its chain (offload/draw.h).
 */
#include "tests/lib/frame.h"
#include "base/random.h"

struct gen_packets;

struct gen_packets_options {
	bool no_fragments;
	bool no_options; /* nor extension headers */
};

/* NULL on ENOMEM. It refers to @ruleset, which must outlive it. */
struct gen_packets *gen_packets_make(const struct ruleset *ruleset,
				     const struct gen_packets_options *options);
void gen_packets_free(struct gen_packets *gen);
OWN_DEFINE(gen_packets)

/* One packet. The receiver is told apart by spec->id, which is left 0. */
void gen_packets_next(const struct gen_packets *gen, struct random *rnd,
		      struct frame_spec *spec);

/* The answer to a packet: addresses and ports change sides. */
void gen_packets_reply(const struct frame_spec *spec, struct frame_spec *reply);
