// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "rules/ask.h"
#include "rules/ask_set.h"
#include "rules/ask_transport.h"
#include "rules/ask_type.h"

static enum answer invert(enum answer answer)
{
	if (answer == ANSWER_YES)
		return ANSWER_NO;
	return answer == ANSWER_NO ? ANSWER_YES : answer;
}

static enum answer ask_address(u128 address, const struct addr_mask *wanted)
{
	return ask_truth((address & wanted->mask) == wanted->addr);
}

static enum answer ask_range(u128 address, const struct addr_range *wanted)
{
	return ask_truth(address >= wanted->min && address <= wanted->max);
}

/* ifname_compare(): a missing interface has the empty name. */
static enum answer ask_iface(const char *name,
			     const struct iface_pattern *wanted)
{
	size_t length = strlen(wanted->name);

	if (wanted->is_prefix)
		return ask_truth(!strncmp(name, wanted->name, length));
	return ask_truth(!strcmp(name, wanted->name));
}

static enum answer ask_out_iface(const struct question *q,
				 const struct iface_pattern *wanted)
{
	if (q->hook != HOOK_FORWARD)
		return ask_iface("", wanted);
	if (!q->situation->out)
		return ANSWER_UNKNOWN;
	return ask_iface(q->situation->out, wanted);
}

/*
 * ip6_packet_match() drops a packet whose header chain cannot be walked;
 * nft's meta l4proto breaks the rule off. IPv4 always has a protocol.
 */
static enum answer ask_proto(const struct question *q,
			     const struct match *match)
{
	if (q->transport.is_unparsable)
		return q->situation->backend == BACKEND_LEGACY ? ANSWER_HOTDROP
							       : ANSWER_NO;
	return ask_truth((q->transport.proto == match->proto) !=
			 match->is_negated);
}

static enum answer ask_span(unsigned int value, const struct span *wanted)
{
	return ask_truth(value >= wanted->min && value <= wanted->max);
}

static enum answer ask_state(const struct question *q, unsigned int wanted)
{
	if (!(q->states & ~wanted))
		return ANSWER_YES;
	if (q->situation->is_nat_state && wanted & (CT_SNAT | CT_DNAT))
		return ANSWER_UNKNOWN;
	return q->states & wanted ? ANSWER_UNKNOWN : ANSWER_NO;
}

/* ip_forward() and ip6_forward() take one off before FORWARD is asked; they
 * do not ask about a packet that would be left with none. */
static unsigned int ttl_at(const struct question *q)
{
	unsigned int ttl = packet_ttl(q->packet);

	return q->hook == HOOK_FORWARD && ttl ? ttl - 1 : ttl;
}

/* Matches that negation simply turns round. */
static enum answer ask_plain(const struct question *q,
			     const struct match *match)
{
	const struct packet *packet = q->packet;

	if (q->changes & match_reads(match))
		return ANSWER_UNKNOWN;
	switch (match->kind) {
	case MATCH_SADDR:
		return ask_address(packet_saddr(packet), &match->addr);
	case MATCH_DADDR:
		return ask_address(packet_daddr(packet), &match->addr);
	case MATCH_SRC_RANGE:
		return ask_range(packet_saddr(packet), &match->range);
	case MATCH_DST_RANGE:
		return ask_range(packet_daddr(packet), &match->range);
	case MATCH_SRC_TYPE:
		return ask_type(q, packet_saddr(packet), &match->addr_type);
	case MATCH_DST_TYPE:
		return ask_type(q, packet_daddr(packet), &match->addr_type);
	case MATCH_IN_IFACE:
		return ask_iface(q->situation->in, &match->iface);
	case MATCH_OUT_IFACE:
		return ask_out_iface(q, &match->iface);
	case MATCH_FRAGMENT:
		return ask_truth(q->transport.fragment != 0);
	case MATCH_LENGTH:
		return ask_span(packet->length, &match->span);
	case MATCH_TTL:
		return q->changes & CHANGE_TTL
			       ? ANSWER_UNKNOWN
			       : ask_span(ttl_at(q), &match->span);
	case MATCH_TOS:
		return q->changes & CHANGE_TOS ? ANSWER_UNKNOWN
					       : ask_truth((packet_tos(packet) &
							    match->tos.mask) ==
							   match->tos.value);
	case MATCH_MAC_SOURCE:
		return ask_truth(!memcmp(packet->smac, match->mac, 6));
	case MATCH_PKT_TYPE:
		return ask_truth(packet->pkt_type == match->number);
	case MATCH_CT_STATE:
		return ask_state(q, match->number);
	case MATCH_SET:
		return ask_set(q, match);
	default:
		return ANSWER_UNKNOWN;
	}
}

enum answer ask_match(const struct question *question, const struct rule *rule,
		      size_t index)
{
	const struct match *match = &rule->matches[index];

	switch (match->kind) {
	case MATCH_COMMENT:
	case MATCH_DETAIL:
		return ANSWER_YES;
	case MATCH_OPAQUE:
		return ANSWER_UNKNOWN;
	case MATCH_PROTO:
		return ask_proto(question, match);
	case MATCH_MODULE:
	case MATCH_SPORT:
	case MATCH_DPORT:
	case MATCH_ANY_PORT:
	case MATCH_TCP_FLAGS:
	case MATCH_TCP_OPTION:
	case MATCH_MSS:
	case MATCH_ICMP_TYPE:
	case MATCH_ECN:
		return ask_transport(question, rule, index);
	default:
		break;
	}

	enum answer answer = ask_plain(question, match);
	return match->is_negated ? invert(answer) : answer;
}
