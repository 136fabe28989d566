/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Conversations between two ends on either side of a router, frame by frame,
 * as scripts tell them: no socket takes part.
 *
 * A script is words: '>' for the end that opens or '<' for the other one, and
 * then, for TCP, the flags (S A F R). ICMP asks with '>' and answers with '<'.
 */
#include "base/err.h"
#include "tests/lib/frame.h"

struct end {
	u128 addr;
	u128 seen_as; /* its address for the other end (NAT) */
	uint16_t port;
	uint32_t next_seq;
	bool has_begun; /* it sent a SYN */
};

enum { TALK_CLIENT, TALK_SERVER };

struct talk {
	enum family family;
	uint8_t proto;
	uint8_t opener;	   /* TALK_CLIENT or TALK_SERVER */
	uint8_t icmp_type; /* of requests */
	struct end ends[2];
};

/* Hand a frame of end @from (TALK_*) to the wire. Returns 0 or -errno. */
typedef int talk_send_fn(void *context, unsigned int from,
			 const struct frame_spec *spec, struct err *err);

/* A packet of end @from as @viewer has it on its wire; no flags yet. */
struct frame_spec talk_packet(const struct talk *talk, unsigned int from,
			      unsigned int viewer);

/* One word of a script. */
int talk_step(struct talk *talk, const char *word, talk_send_fn *fn,
	      void *context, struct err *err);

/* End @from sends a line of text over an established TCP connection. */
int talk_say(struct talk *talk, unsigned int from, const char *text,
	     talk_send_fn *fn, void *context, struct err *err);

/* The type that answers an ICMP request. */
uint8_t talk_icmp_answer(enum family family, uint8_t type);
