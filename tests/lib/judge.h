/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What a program may drop and what it must, in the network of topology.h.
 */
#include "tests/lib/oracle.h"
#include "tests/lib/view.h"

/* The worlds that the packet may be in at all: FORWARD is not asked about one
 * whose TTL runs out. */
worlds_t judge_asked(const struct packet *packet);

/* The stages whose rules the host asks: INPUT, FORWARD, or, where routing is
 * not clear from the address, both; each in all of @states. */
worlds_t judge_worlds(const struct packet *packet, unsigned int states);

/*
 * Does @region say that the program has to drop a packet that may be in
 * @states? False for all that
 * programs leave to the host: DHCP, frames that are not for us alone, addresses
 * that routing treats in a way of its own, and what the host answers before
 * FORWARD.
 */
bool judge_must_drop(const struct packet *packet, enum wire_class class,
		     const struct header *header, unsigned int states,
		     const struct region *region);
