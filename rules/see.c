// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "rules/ask_transport.h"
#include "rules/see.h"
#include "rules/see_merged.h"
#include "rules/see_type.h"

#define TCP_ECE 0x40
#define TCP_CWR 0x80

/* A netmask with holes is followed as intervals up to so many. */
#define HOLES_MAX 256

/*
 * A netmask: one interval, or with holes as many as the bits above the lowest
 * run leave open. NULL with *@is_unknown when those are too many.
 */
static const struct set *mask_set(const struct viewpoint *view,
				  const struct addr_mask *wanted,
				  bool *is_unknown)
{
	u128 all = field_max(FIELD_SADDR, view->family);
	u128 open = all & ~wanted->mask, low = 0;
	struct interval parts[HOLES_MAX];
	size_t count = 0;

	/* The open bits at the low end make each interval long. */
	while (open & (low + 1))
		low = low << 1 | 1;

	u128 holes = open & ~low, chosen = 0;
	do {
		if (count == HOLES_MAX) {
			*is_unknown = true;
			return NULL;
		}
		u128 min = wanted->addr | chosen;
		parts[count++] = (struct interval){ min, min | low };
		chosen = (chosen - holes) & holes; /* the next subset */
	} while (chosen);
	return set_make(view->arena, parts, count);
}

static int see_address(const struct viewpoint *view, struct sight *sight,
		       const struct match *match, enum field field)
{
	bool is_unknown = false;
	const struct set *set = mask_set(view, &match->addr, &is_unknown);

	if (is_unknown)
		return sight_unknown(sight);
	return sight_exact(view, sight, field, set, match->is_negated);
}

static int see_ports(const struct viewpoint *view, struct sight *sight,
		     const struct match *match, enum field field)
{
	struct interval parts[PORTS_MAX];

	for (unsigned int i = 0; i < match->ports.count; i++)
		parts[i] = (struct interval){ match->ports.ranges[i].min,
					      match->ports.ranges[i].max };
	return sight_exact(view, sight, field,
			   set_make(view->arena, parts, match->ports.count),
			   match->is_negated);
}

/* "Either port" is two boxes, "neither port" one. */
static int see_any_port(const struct viewpoint *view, struct sight *sight,
			const struct match *match)
{
	if (!match->is_negated)
		return see_ports(view, sight, match,
				 view->port_variant ? FIELD_DPORT
						    : FIELD_SPORT);

	int error = see_ports(view, sight, match, FIELD_SPORT);
	return error ? error : see_ports(view, sight, match, FIELD_DPORT);
}

/* The values v of a byte with (v & mask) == value. */
static const struct set *byte_set(struct arena *arena, unsigned int mask,
				  unsigned int value)
{
	struct interval parts[256];
	size_t count = 0;

	for (unsigned int v = 0; v < 256; v++) {
		if ((v & mask) == value)
			parts[count++] = (struct interval){ v, v };
	}
	return set_make(arena, parts, count);
}

static int see_ecn(const struct viewpoint *view, struct sight *sight,
		   const struct match *match)
{
	unsigned int bit = match->ecn.has_cwr ? TCP_CWR : TCP_ECE;

	if (match->ecn.has_ip_ect) {
		if (view->changes & CHANGE_TOS)
			return sight_unknown(sight);
		return sight_exact(view, sight, FIELD_TOS,
				   byte_set(view->arena, 3, match->ecn.ip_ect),
				   match->is_negated);
	}
	if (view->changes & CHANGE_TCP)
		return sight_unknown(sight);
	return see_merged_flags(view, sight, bit, bit, match->is_negated);
}

/* GRO merges only segments whose options are the same. */
static int see_mss(const struct viewpoint *view, struct sight *sight,
		   const struct match *match)
{
	if (view->only_headers || view->changes & CHANGE_TCP)
		return sight_unknown(sight);
	return sight_exact(view, sight, FIELD_MSS,
			   set_range(view->arena, match->span.min,
				     match->span.max),
			   match->is_negated);
}

static int see_icmp(const struct viewpoint *view, struct sight *sight,
		    const struct match *match)
{
	const struct icmp_type *wanted = &match->icmp;
	unsigned int type = wanted->type << 8;
	const struct set *set =
		wanted->is_any ? set_range(view->arena, 0, 0xffff)
			       : set_range(view->arena, type | wanted->code_min,
					   type | wanted->code_max);

	return sight_exact(view, sight, FIELD_ICMP, set, match->is_negated);
}

/* ip_forward() and ip6_forward() take one off before FORWARD is asked. */
static int see_ttl(const struct viewpoint *view, struct sight *sight,
		   const struct match *match)
{
	const u128 max = field_max(FIELD_TTL, view->family);
	unsigned int taken = view->hook == HOOK_FORWARD ? 1 : 0;
	u128 first = (u128)match->span.min + taken;
	u128 last = (u128)match->span.max + taken;

	if (view->changes & CHANGE_TTL)
		return sight_unknown(sight);
	if (first > max || first > last)
		return sight_constant(sight, match->is_negated);
	return sight_exact(view, sight, FIELD_TTL,
			   set_range(view->arena, first,
				     last > max ? max : last),
			   match->is_negated);
}

/* A packet is in one state, which rules may ask for; see enum ct_state. */
static int see_state(const struct viewpoint *view, struct sight *sight,
		     const struct match *match)
{
	unsigned int must = match->number & CT_ALL;
	unsigned int may = match->number & (CT_SNAT | CT_DNAT) ? CT_ALL : must;

	if (view->is_raw && view->is_raw_tracked)
		return sight_unknown(sight);
	if (view->is_raw)
		return sight_constant(sight, !!(must & CT_INVALID) !=
						     match->is_negated);
	if (match->is_negated) {
		unsigned int swap = must;

		must = CT_ALL & ~may;
		may = CT_ALL & ~swap;
	}
	sight->must.states &= must;
	sight->may.states &= may;
	sight->must.is_empty |= !sight->must.states;
	sight->may.is_empty |= !sight->may.states;
	return 0;
}

static int see_iface(const char *name, const struct match *match,
		     struct sight *sight)
{
	const struct iface_pattern *wanted = &match->iface;
	bool is_it = wanted->is_prefix ? !strncmp(name, wanted->name,
						  strlen(wanted->name))
				       : !strcmp(name, wanted->name);

	return sight_constant(sight, is_it != match->is_negated);
}

static int see_out_iface(const struct viewpoint *view, struct sight *sight,
			 const struct match *match)
{
	if (view->hook == HOOK_FORWARD &&
	    !(match->iface.is_prefix && !match->iface.name[0]))
		return sight_unknown(sight);
	return see_iface("", match, sight);
}

static int see_mac(const struct viewpoint *view, struct sight *sight,
		   const struct match *match)
{
	u128 mac = 0;

	for (size_t i = 0; i < sizeof(match->mac); i++)
		mac = mac << 8 | match->mac[i];
	return sight_exact(view, sight, FIELD_SMAC,
			   set_range(view->arena, mac, mac), match->is_negated);
}

/* Sets have a field each, which says whether they have the packet. */
static int see_set(const struct viewpoint *view, struct sight *sight,
		   const struct match *match)
{
	if (match->set.index == NO_SET_QUESTION || view->only_headers)
		return sight_unknown(sight);
	return sight_exact(view, sight, FIELD_SET0 + match->set.index,
			   set_range(view->arena, 1, 1), match->is_negated);
}

/* Packets with extension headers pass before rules are asked. */
static int see_extension(const struct viewpoint *view, struct sight *sight)
{
	if (view->family == FAMILY_IPV4)
		return sight_unknown(sight);
	sight->is_extension = true;
	return sight_constant(sight, false);
}

static int see_module(const struct viewpoint *view, struct sight *sight,
		      const struct match *match)
{
	switch (module_info(match->module)->class) {
	case MODULE_CLASS_OPTIONS:
		return 0;
	case MODULE_CLASS_HEADER:
		/* The program reads headers only where they are complete. */
		return view->is_fragment ? sight_unknown(sight) : 0;
	case MODULE_CLASS_STATEFUL:
	case MODULE_CLASS_METER:
		sight->has_stateful = true;
		return sight_unknown(sight);
	case MODULE_CLASS_EXTENSION:
		return see_extension(view, sight);
	case MODULE_CLASS_UNKNOWN:
		break;
	}
	return sight_unknown(sight);
}

/* Does NAT before INPUT and FORWARD rewrite what the match looks at? */
static bool is_destination(const struct match *match)
{
	return match_reads(match) & CHANGE_DESTINATION;
}

/* What a fragment's own header tells (soundness.md 2.2.4). */
static bool is_seen_in_fragment(const struct match *match)
{
	switch (match->kind) {
	case MATCH_SET:
		return !match->set.has_ports;
	case MATCH_SADDR:
	case MATCH_DADDR:
	case MATCH_SRC_RANGE:
	case MATCH_DST_RANGE:
	case MATCH_SRC_TYPE:
	case MATCH_DST_TYPE:
	case MATCH_PROTO:
	case MATCH_IN_IFACE:
	case MATCH_OUT_IFACE:
	case MATCH_MODULE:
	case MATCH_CT_STATE:
	case MATCH_COMMENT:
	case MATCH_DETAIL:
		return true;
	default:
		return false;
	}
}

static int see_match(const struct viewpoint *view, struct sight *sight,
		     const struct match *match)
{
	struct arena *arena = view->arena;

	if (match->kind == MATCH_SET && match->set.is_tracing) {
		sight->has_stateful = true;
		return sight_unknown(sight);
	}
	if ((is_destination(match) && view->is_destination_unknown) ||
	    view->changes & match_reads(match) ||
	    (view->is_fragment && !is_seen_in_fragment(match)))
		return sight_unknown(sight);

	switch (match->kind) {
	case MATCH_SADDR:
		return see_address(view, sight, match, FIELD_SADDR);
	case MATCH_DADDR:
		return see_address(view, sight, match, FIELD_DADDR);
	case MATCH_SRC_RANGE:
		return sight_exact(view, sight, FIELD_SADDR,
				   set_range(arena, match->range.min,
					     match->range.max),
				   match->is_negated);
	case MATCH_DST_RANGE:
		return sight_exact(view, sight, FIELD_DADDR,
				   set_range(arena, match->range.min,
					     match->range.max),
				   match->is_negated);
	case MATCH_IN_IFACE:
		return see_iface(view->iface, match, sight);
	case MATCH_OUT_IFACE:
		return see_out_iface(view, sight, match);
	case MATCH_PROTO:
		return sight_exact(view, sight, FIELD_PROTO,
				   set_range(arena, match->proto, match->proto),
				   match->is_negated);
	case MATCH_FRAGMENT:
		return sight_constant(sight, match->is_negated);
	case MATCH_MODULE:
		return see_module(view, sight, match);
	case MATCH_SPORT:
		return see_ports(view, sight, match, FIELD_SPORT);
	case MATCH_DPORT:
		return see_ports(view, sight, match, FIELD_DPORT);
	case MATCH_ANY_PORT:
		return see_any_port(view, sight, match);
	case MATCH_TCP_FLAGS:
		if (view->changes & CHANGE_TCP)
			return sight_unknown(sight);
		return see_merged_flags(view, sight, match->tcp_flags.mask,
					match->tcp_flags.set,
					match->is_negated);
	case MATCH_MSS:
		return see_mss(view, sight, match);
	case MATCH_ICMP_TYPE:
		return see_icmp(view, sight, match);
	case MATCH_LENGTH:
		return see_merged_length(view, sight, match);
	case MATCH_TTL:
		return see_ttl(view, sight, match);
	case MATCH_TOS:
		if (view->changes & CHANGE_TOS)
			return sight_unknown(sight);
		return sight_exact(view, sight, FIELD_TOS,
				   byte_set(arena, match->tos.mask,
					    match->tos.value),
				   match->is_negated);
	case MATCH_ECN:
		return see_ecn(view, sight, match);
	case MATCH_MAC_SOURCE:
		return see_mac(view, sight, match);
	case MATCH_PKT_TYPE:
		return sight_exact(view, sight, FIELD_PKT_TYPE,
				   set_range(arena, match->number,
					     match->number),
				   match->is_negated);
	case MATCH_CT_STATE:
		return see_state(view, sight, match);
	case MATCH_SET:
		return see_set(view, sight, match);
	case MATCH_COMMENT:
	case MATCH_DETAIL:
		return 0;
	case MATCH_SRC_TYPE:
		return see_type(view, sight, match, FIELD_SADDR);
	case MATCH_DST_TYPE:
		return see_type(view, sight, match, FIELD_DADDR);
	case MATCH_TCP_OPTION:
	case MATCH_OPAQUE:
		return sight_unknown(sight);
	}
	return sight_unknown(sight);
}

static bool is_either_port(const struct match *match)
{
	return match->kind == MATCH_ANY_PORT && !match->is_negated;
}

/* What iptables-nft makes of a match possibly matches more: see there. */
static int see_widened(const struct viewpoint *view, struct sight *sight,
		       const struct match *match)
{
	struct box may = sight->may;
	int error = see_match(view, sight, match);

	sight->may = may;
	return error;
}

/* The match at @index, with what it has to do with its neighbours. */
static int see_in_rule(const struct viewpoint *view, struct sight *sight,
		       const struct rule *rule, size_t index)
{
	const struct match *match = &rule->matches[index];

	return ask_transport_merged(rule, index) ||
			       ask_transport_is_forgotten(rule, index)
		       ? see_widened(view, sight, match)
		       : see_match(view, sight, match);
}

int see_rule(const struct viewpoint *view, const struct rule *rule,
	     struct sight *sight)
{
	bool has_any_port = false;

	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];
		bool is_either = is_either_port(match);
		/* Only the first one has its variants; see see_variants(). */
		int error = is_either && has_any_port
				    ? sight_unknown(sight)
				    : see_in_rule(view, sight, rule, i);

		has_any_port |= is_either;
		if (error)
			return error;
		if (match->kind == MATCH_IN_IFACE && sight->may.is_empty)
			sight->is_other_iface = true;
		if (sight->may.is_empty || sight->has_stateful)
			return 0;
	}
	return 0;
}

bool see_has_destination(const struct rule *rule)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		if (is_destination(&rule->matches[i]))
			return true;
	}
	return false;
}

unsigned int see_variants(const struct rule *rule)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		if (is_either_port(&rule->matches[i]))
			return 2;
	}
	return 1;
}
