/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Has somebody changed the host's rules, or the sets they ask? Cheap enough to ask twice a second:
 * the generation of nftables, which every change of it counts up, and for
 * iptables-legacy, which tells nobody and counts nothing, a digest of all that
 * its tables hold apart from counters.
 */
#include <stdint.h>

struct rules_mark {
	uint32_t generation; /* of nftables, 0: it has none */
	uint64_t legacy;     /* of both families */
	uint64_t sets;	     /* of ipset */
};

/* What cannot be read counts as empty: then it does not change either. */
void rules_mark_read(struct rules_mark *out);
