// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rtnetlink.h>

#include "rules/ask_type.h"

/* inet_addr_type(): what an IPv4 address tells by itself, else the host. */
static enum answer ask_ipv4_type(const struct question *q, u128 address,
				 const struct addr_type *wanted)
{
	const struct situation *s = q->situation;
	unsigned int type;

	if (address == 0 || address == 0xffffffff)
		type = RTN_BROADCAST;
	else if (address >> 28 == 0xe)
		type = RTN_MULTICAST;
	else if (s->addr_type && !wanted->limit_in && !wanted->limit_out)
		type = s->addr_type(s->context, FAMILY_IPV4, address);
	else
		return ANSWER_UNKNOWN;
	return ask_truth(wanted->types >> type & 1);
}

/* ipv6_addr_type() & IPV6_ADDR_UNICAST */
static bool is_ipv6_unicast(u128 address)
{
	bool is_mapped = address >> 32 == 0xffff;

	return address && !is_mapped && address >> 120 != 0xff;
}

/* match_type6() in xt_addrtype.c: several types must all hold there. */
static enum answer ask_ipv6_type(const struct question *q, u128 address,
				 const struct addr_type *wanted)
{
	const unsigned int lookup =
		1 << RTN_LOCAL | 1 << RTN_ANYCAST | 1 << RTN_UNREACHABLE;
	const struct situation *s = q->situation;
	unsigned int types = wanted->types;

	if ((types & 1 << RTN_MULTICAST) && address >> 120 != 0xff)
		return ANSWER_NO;
	if ((types & 1 << RTN_UNICAST) && !is_ipv6_unicast(address))
		return ANSWER_NO;
	if ((types & 1 << RTN_UNSPEC) && address)
		return ANSWER_NO;
	if (!(types & lookup))
		return ANSWER_YES;
	if (!s->addr_type || wanted->limit_in || wanted->limit_out)
		return ANSWER_UNKNOWN;
	types &= lookup;
	return ask_truth(
		types >> s->addr_type(s->context, FAMILY_IPV6, address) & 1);
}

enum answer ask_type(const struct question *q, u128 address,
		     const struct addr_type *wanted)
{
	return q->packet->family == FAMILY_IPV4
		       ? ask_ipv4_type(q, address, wanted)
		       : ask_ipv6_type(q, address, wanted);
}
