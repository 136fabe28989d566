// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>

#include "rules/see_merged.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_URG 0x20
#define TCP_CWR 0x80

/*
 * GRO gives merged segments the PSH, FIN and CWR of any of them, but never
 * merges one with SYN, RST or URG (tcp_gro_receive(), net/ipv4/tcp_offload.c:
 * such a segment is neither held nor, as flags must agree, added to a held
 * one). So a flag match is sure where it holds with these bits set and clear.
 */
int see_merged_flags(const struct viewpoint *view, struct sight *sight,
		     unsigned int mask, unsigned int value, bool is_negated)
{
	static const unsigned int merged = TCP_FIN | TCP_PSH | TCP_CWR;
	struct interval must[256], may[256];
	size_t musts = 0, mays = 0;

	for (unsigned int v = 0; v < 256; v++) {
		bool has_true = false, has_false = false;
		unsigned int bits = 0;

		do {
			unsigned int seen = v & (TCP_SYN | TCP_RST | TCP_URG)
						    ? v
						    : (v & ~merged) | bits;

			if (((seen & mask) == value) != is_negated)
				has_true = true;
			else
				has_false = true;
			bits = (bits - merged) & merged;
		} while (bits);
		if (has_true)
			may[mays++] = (struct interval){ v, v };
		if (has_true && !has_false)
			must[musts++] = (struct interval){ v, v };
	}

	int error = sight_narrow(view->arena, &sight->must, FIELD_TCP_FLAGS,
				 set_make(view->arena, must, musts));
	return error ? error
		     : sight_narrow(view->arena, &sight->may, FIELD_TCP_FLAGS,
				    set_make(view->arena, may, mays));
}

/* Protocols whose packets GRO never merges. */
static bool is_never_merged(const struct box *box)
{
	const struct set *proto = box->cond.fields[FIELD_PROTO];

	return proto && proto->count == 1 &&
	       proto->intervals[0].min == proto->intervals[0].max &&
	       (proto->intervals[0].min == IPPROTO_ICMP ||
		proto->intervals[0].min == IPPROTO_ICMPV6);
}

/*
 * GRO makes packets longer: a length match is sure where it holds for every
 * length from the wire's on, and possible where it holds for one of them.
 */
int see_merged_length(const struct viewpoint *view, struct sight *sight,
		      const struct match *match)
{
	const u128 max = field_max(FIELD_LENGTH, view->family);
	const struct span *span = &match->span;
	u128 top = span->max > max ? max : span->max;
	const struct set *set = set_range(view->arena, span->min, top);

	if (set && match->is_negated)
		set = set_not(view->arena, set, max);
	if (!set)
		return -ENOMEM;
	if (is_never_merged(&sight->may))
		return sight_exact(view, sight, FIELD_LENGTH, set, false);
	if (set_is_empty(set))
		return sight_constant(sight, false);

	const struct interval *last = &set->intervals[set->count - 1];
	if (last->max < max)
		sight->must.is_empty = true;
	int error = sight_narrow(view->arena, &sight->must, FIELD_LENGTH,
				 set_range(view->arena, last->min, max));
	return error ? error
		     : sight_narrow(view->arena, &sight->may, FIELD_LENGTH,
				    set_range(view->arena, 0, last->max));
}
