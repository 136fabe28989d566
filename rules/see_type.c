// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/rtnetlink.h>

#include "rules/see_type.h"

/* Addresses of which the answer is known; of all others the host knows. */
struct answers {
	const struct set *yes, *no;
};

/*
 * inet_dev_addr_type() asks the routing table about no address that is
 * multicast, 0.0.0.0 or 255.255.255.255. (Before Linux 5.3 all of 0.0.0.0/8
 * was broadcast.)
 */
static struct answers ipv4_answers(struct arena *arena, unsigned int types)
{
	static const struct interval broadcast[] = {
		{ 0, 0 }, { 0xffffffff, 0xffffffff }
	};
	static const struct interval multicast = { 0xe0000000, 0xefffffff };
	struct interval sides[2][3];
	size_t counts[2] = { 0 };
	bool is_it = types >> RTN_BROADCAST & 1;

	sides[is_it][counts[is_it]++] = broadcast[0];
	sides[is_it][counts[is_it]++] = broadcast[1];
	is_it = types >> RTN_MULTICAST & 1;
	sides[is_it][counts[is_it]++] = multicast;
	return (struct answers){ set_make(arena, sides[1], counts[1]),
				 set_make(arena, sides[0], counts[0]) };
}

/* @base without the addresses between @min and @max, or NULL. */
static const struct set *without(struct arena *arena, const struct set *base,
				 u128 min, u128 max, u128 all)
{
	const struct set *out = set_range(arena, min, max);

	out = out ? set_not(arena, out, all) : NULL;
	return base && out ? set_and(arena, base, out) : NULL;
}

/*
 * match_type6() wants all types at once: those that the address tells, and then
 * one of those that the routing table does.
 */
static struct answers ipv6_answers(struct arena *arena, unsigned int types)
{
	const unsigned int asked =
		1 << RTN_LOCAL | 1 << RTN_ANYCAST | 1 << RTN_UNREACHABLE;
	const u128 all = ~(u128)0, multicast = (u128)0xff << 120;
	const u128 mapped = (u128)0xffff << 32;
	const struct set *base = set_range(arena, 0, all);
	struct answers answers = { 0 };

	if (types >> RTN_MULTICAST & 1)
		base = without(arena, base, 0, multicast - 1, all);
	if (types >> RTN_UNICAST & 1) {
		base = without(arena, base, multicast, all, all);
		base = without(arena, base, mapped, mapped | 0xffffffff, all);
		base = without(arena, base, 0, 0, all);
	}
	if (types >> RTN_UNSPEC & 1)
		base = without(arena, base, 1, all, all);
	if (!base)
		return answers;
	answers.no = set_not(arena, base, all);
	answers.yes = types & asked ? set_range(arena, 1, 0) : base;
	return answers;
}

int see_type(const struct viewpoint *view, struct sight *sight,
	     const struct match *match, enum field field)
{
	struct arena *arena = view->arena;
	unsigned int types = match->addr_type.types;
	struct answers answers = view->family == FAMILY_IPV4
					 ? ipv4_answers(arena, types)
					 : ipv6_answers(arena, types);
	const struct set *must = match->is_negated ? answers.no : answers.yes;
	const struct set *not = match->is_negated ? answers.yes : answers.no;
	int error;

	if (!must || !not )
		return -ENOMEM;
	error = sight_narrow(arena, &sight->must, field, must);
	return error ? error
		     : sight_narrow(arena, &sight->may, field,
				    set_not(arena, not,
					    field_max(field, view->family)));
}
