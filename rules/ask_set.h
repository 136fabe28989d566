/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Sets (-m set) asked of a packet. */
#include "rules/ask.h"
#include "rules/ipset.h"

/* What sets are asked of a packet whose transport header is @transport. */
void ask_set_probe(const struct packet *packet,
		   const struct transport *transport, struct ipset_probe *out);

/* Without negation. */
enum answer ask_set(const struct question *q, const struct match *match);
