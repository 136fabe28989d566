// SPDX-License-Identifier: GPL-2.0-only
#include "rules/ask_transport.h"
#include "rules/tcp_options.h"

/* @count bytes at @offset of the transport header, or NULL. */
static const uint8_t *transport_bytes(const struct question *q, size_t offset,
				      size_t count)
{
	size_t start = q->transport.offset + offset;

	if (q->transport.is_unparsable || start + count > q->packet->length)
		return NULL;
	return q->packet->data + start;
}

/* Where the -m is that the match at @index is an option of. */
static size_t module_index(const struct rule *rule, size_t index)
{
	while (rule->matches[index].kind != MATCH_MODULE)
		index--;
	return index;
}

static bool is_tcp_or_udp(const struct match *module)
{
	return module->module == MODULE_TCP || module->module == MODULE_UDP;
}

/* Does an option of -m tcp or -m udp ask for anything? */
static bool is_asking(const struct match *match)
{
	switch (match->kind) {
	case MATCH_SPORT:
	case MATCH_DPORT:
		return match->is_negated || match->ports.ranges[0].min > 0 ||
		       match->ports.ranges[0].max < 0xffff;
	case MATCH_TCP_FLAGS:
		return match->is_negated || match->tcp_flags.mask ||
		       match->tcp_flags.set;
	default:
		return true;
	}
}

/*
 * iptables-nft has expressions of its own for -m tcp and -m udp, except where
 * they ask for nothing or for more than those can say: --tcp-option
 * (add_nft_tcp() and add_nft_udp() in iptables/nft.c, 1.8.9).
 */
static bool is_nft_native(const struct question *q, const struct rule *rule,
			  size_t index)
{
	if (q->situation->backend != BACKEND_NFT)
		return false;
	index = module_index(rule, index);
	bool has_asked = false;

	if (!is_tcp_or_udp(&rule->matches[index]))
		return false;
	for (index++; index < rule->match_count; index++) {
		const struct match *match = &rule->matches[index];

		if (match->kind == MATCH_MODULE)
			break;
		if (match->kind == MATCH_TCP_OPTION)
			return false;
		has_asked |= is_asking(match);
	}
	return has_asked;
}

static size_t header_length(enum module module)
{
	switch (module) {
	case MODULE_TCP:
		return 20;
	case MODULE_SCTP:
	case MODULE_DCCP:
		return 12;
	case MODULE_MULTIPORT:
		return 4;
	default:
		return 8; /* udp udplite icmp icmp6 */
	}
}

/*
 * ipv6_find_hdr() finds no header of the kind, and its callers (ip6t_rt.c,
 * ip6t_frag.c, ip6t_hbh.c, ip6t_ah.c, ip6t_srh.c) do not match, options and
 * negation or not. What is in such a header we do not look at.
 */
static enum answer ask_extension(const struct question *q)
{
	return q->packet->family == FAMILY_IPV4 ||
			       packet_has_extension(q->packet)
		       ? ANSWER_UNKNOWN
		       : ANSWER_NO;
}

/* -m NAME alone: is the header there that all its options read? */
static enum answer ask_module(const struct question *q, const struct rule *rule,
			      size_t index)
{
	enum module module = rule->matches[index].module;

	switch (module_info(module)->class) {
	case MODULE_CLASS_OPTIONS:
		return ANSWER_YES;
	case MODULE_CLASS_EXTENSION:
		return ask_extension(q);
	case MODULE_CLASS_UNKNOWN:
	case MODULE_CLASS_STATEFUL:
	case MODULE_CLASS_METER:
		return ANSWER_UNKNOWN;
	case MODULE_CLASS_HEADER:
		break;
	}
	if (is_nft_native(q, rule, index))
		return ANSWER_YES;
	if (q->transport.fragment) {
		/* tcp_mt(): a second fragment that would overwrite flags */
		if (module == MODULE_TCP && q->transport.fragment == 1 &&
		    q->packet->family == FAMILY_IPV4)
			return ANSWER_HOTDROP;
		return ANSWER_NO;
	}
	if (!transport_bytes(q, 0, header_length(module)))
		return ANSWER_HOTDROP;
	return ANSWER_YES;
}

/* A single port that is not 0, negated. */
static bool is_mergeable(const struct match *match)
{
	const struct port_range *port = &match->ports.ranges[0];

	return (match->kind == MATCH_SPORT || match->kind == MATCH_DPORT) &&
	       match->is_negated && match->ports.count == 1 &&
	       port->min == port->max && port->min;
}

const struct match *ask_transport_merged(const struct rule *rule, size_t index)
{
	const struct match *match = &rule->matches[index];

	if (!is_mergeable(match))
		return NULL;
	size_t first = module_index(rule, index);
	if (!is_tcp_or_udp(&rule->matches[first]))
		return NULL;
	for (size_t i = first + 1; i < rule->match_count; i++) {
		const struct match *other = &rule->matches[i];

		if (other->kind == MATCH_MODULE)
			break;
		if (other->kind != match->kind && is_mergeable(other))
			return other;
	}
	return NULL;
}

bool ask_transport_is_forgotten(const struct rule *rule, size_t index)
{
	const struct match *match = &rule->matches[index];
	const struct port_range *port = &match->ports.ranges[0];

	switch (match->kind) {
	case MATCH_SPORT:
	case MATCH_DPORT:
		return port->min == 0 && port->max == 0xffff &&
		       is_tcp_or_udp(&rule->matches[module_index(rule, index)]);
	case MATCH_TCP_FLAGS:
		return !match->tcp_flags.mask;
	default:
		return false;
	}
}

/*
 * Of a fragment that is not the first, matches that do not look for the header
 * read whatever is in its place: ecn, and native nft expressions if it lies in
 * the linear part of the packet (nft_payload_fast_eval(), 6.18). In IPv6 that is
 * the network header, as ipv6_find_hdr() leaves the offset at 0.
 */
static bool is_blind(const struct question *q)
{
	return q->transport.fragment != 0;
}

static bool has_port(const struct port_list *list, const uint8_t *bytes)
{
	unsigned int port = bytes[0] << 8 | bytes[1];

	for (unsigned int i = 0; i < list->count; i++) {
		if (port >= list->ranges[i].min && port <= list->ranges[i].max)
			return true;
	}
	return false;
}

/* A header that is cut off has no bytes: only native nft expressions come so
 * far, and they break the rule off, negated or not. */
static enum answer ask_port(const struct question *q, const struct rule *rule,
			    size_t index)
{
	const struct match *match = &rule->matches[index];
	const struct match *other = is_nft_native(q, rule, index)
					    ? ask_transport_merged(rule, index)
					    : NULL;
	const struct port_list *list = &match->ports;
	const uint8_t *source = transport_bytes(q, 0, 2);
	const uint8_t *destination = transport_bytes(q, 2, 2);
	bool is_there;

	if (is_blind(q))
		return ANSWER_UNKNOWN;
	if (!source || (!destination && (other || match->kind != MATCH_SPORT)))
		return ANSWER_NO;
	if (q->changes & (other ? CHANGE_ADDRESS : match_reads(match)))
		return ANSWER_UNKNOWN;
	if (other && match->kind == MATCH_SPORT)
		is_there = has_port(list, source) &&
			   has_port(&other->ports, destination);
	else if (other)
		is_there = has_port(list, destination) &&
			   has_port(&other->ports, source);
	else if (match->kind == MATCH_SPORT)
		is_there = has_port(list, source);
	else if (match->kind == MATCH_DPORT)
		is_there = has_port(list, destination);
	else
		is_there =
			has_port(list, source) || has_port(list, destination);
	return ask_truth(is_there != match->is_negated);
}

static enum answer ask_tcp_flags(const struct question *q,
				 const struct match *match)
{
	const uint8_t *flags = transport_bytes(q, 13, 1);

	if (is_blind(q))
		return ANSWER_UNKNOWN;
	if (!flags)
		return ANSWER_NO;
	if (q->changes & CHANGE_TCP)
		return ANSWER_UNKNOWN;
	return ask_truth(((*flags & match->tcp_flags.mask) ==
			  match->tcp_flags.set) != match->is_negated);
}

/* tcp_find_option() in xt_tcpudp.c */
static enum answer ask_tcp_option(const struct question *q,
				  const struct match *match)
{
	const uint8_t *offset = transport_bytes(q, 12, 1);
	size_t header = offset ? (*offset >> 4) * 4 : 0;

	if (header < 20)
		return ANSWER_HOTDROP;
	if (header == 20)
		return ask_truth(match->is_negated);

	size_t length = header - 20;
	const uint8_t *options = transport_bytes(q, 20, length);
	if (!options)
		return ANSWER_HOTDROP;
	if (q->changes & CHANGE_TCP)
		return ANSWER_UNKNOWN;
	for (size_t i = 0; i < length;) {
		if (options[i] == match->number)
			return ask_truth(!match->is_negated);
		if (options[i] < 2)
			i++;
		else
			i += i + 1 < length && options[i + 1] ? options[i + 1]
							      : 1;
	}
	return ask_truth(match->is_negated);
}

/*
 * tcpmss_mt() in xt_tcpmss.c. It does not ask whether the packet is a
 * fragment, and in IPv6 takes the network header for that of a later one, as
 * ipv6_find_hdr() leaves the offset at 0.
 */
static enum answer ask_mss(const struct question *q, const struct match *match)
{
	struct question there = *q;

	if (is_blind(q) && q->packet->family == FAMILY_IPV6)
		there.transport.offset = 0;

	const uint8_t *header = transport_bytes(&there, 0, 20);
	size_t length = header ? (size_t)(header[12] >> 4) * 4 : 0;
	if (length < 20 || !transport_bytes(&there, 0, length))
		return ANSWER_HOTDROP;
	if (q->changes & CHANGE_TCP)
		return ANSWER_UNKNOWN;

	uint32_t mss = tcp_options_mss(header + 20, length - 20);
	return ask_truth((mss >= match->span.min && mss <= match->span.max) !=
			 match->is_negated);
}

static enum answer ask_icmp(const struct question *q, const struct match *match)
{
	const struct icmp_type *wanted = &match->icmp;
	const uint8_t *header = transport_bytes(q, 0, 8);

	if (!header)
		return ANSWER_NO;
	bool is_there = wanted->is_any || (header[0] == wanted->type &&
					   header[1] >= wanted->code_min &&
					   header[1] <= wanted->code_max);
	return ask_truth(is_there != match->is_negated);
}

/* xt_ecn.c: a TCP header that is cut off is no match, negated or not. */
static enum answer ask_ecn(const struct question *q, const struct match *match)
{
	const struct ecn_bits *wanted = &match->ecn;

	if (wanted->has_ip_ect) {
		if (q->changes & CHANGE_TOS)
			return ANSWER_UNKNOWN;
		return ask_truth(((packet_tos(q->packet) & 3) ==
				  wanted->ip_ect) != match->is_negated);
	}

	const uint8_t *header = transport_bytes(q, 0, 20);
	if (is_blind(q))
		return ANSWER_UNKNOWN;
	if (!header)
		return ANSWER_NO;
	if (q->changes & CHANGE_TCP)
		return ANSWER_UNKNOWN;
	return ask_truth(!!(header[13] & (wanted->has_cwr ? 0x80 : 0x40)) !=
			 match->is_negated);
}

enum answer ask_transport(const struct question *q, const struct rule *rule,
			  size_t index)
{
	const struct match *match = &rule->matches[index];

	if (ask_transport_is_forgotten(rule, index) &&
	    is_nft_native(q, rule, index))
		return ANSWER_YES;
	switch (match->kind) {
	case MATCH_MODULE:
		return ask_module(q, rule, index);
	case MATCH_SPORT:
	case MATCH_DPORT:
	case MATCH_ANY_PORT:
		return ask_port(q, rule, index);
	case MATCH_TCP_FLAGS:
		return ask_tcp_flags(q, match);
	case MATCH_TCP_OPTION:
		return ask_tcp_option(q, match);
	case MATCH_MSS:
		return ask_mss(q, match);
	case MATCH_ICMP_TYPE:
		return ask_icmp(q, match);
	case MATCH_ECN:
		return ask_ecn(q, match);
	default:
		return ANSWER_UNKNOWN;
	}
}
