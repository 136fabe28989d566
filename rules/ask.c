// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

#include "rules/ask.h"

static enum answer truth(bool value)
{
	return value ? ANSWER_YES : ANSWER_NO;
}

static enum answer invert(enum answer answer)
{
	if (answer == ANSWER_YES)
		return ANSWER_NO;
	return answer == ANSWER_NO ? ANSWER_YES : answer;
}

/* @count bytes at @offset of the transport header, or NULL. */
static const uint8_t *transport_bytes(const struct question *q, size_t offset,
				      size_t count)
{
	size_t start = q->transport.offset + offset;

	if (q->transport.is_unparsable || start + count > q->packet->length)
		return NULL;
	return q->packet->data + start;
}

static enum answer ask_address(u128 address, const struct addr_mask *wanted)
{
	return truth((address & wanted->mask) == wanted->addr);
}

static enum answer ask_range(u128 address, const struct addr_range *wanted)
{
	return truth(address >= wanted->min && address <= wanted->max);
}

/* ifname_compare(): a missing interface has the empty name. */
static enum answer ask_iface(const char *name,
			     const struct iface_pattern *wanted)
{
	size_t length = strlen(wanted->name);

	if (wanted->is_prefix)
		return truth(!strncmp(name, wanted->name, length));
	return truth(!strcmp(name, wanted->name));
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
	return truth((q->transport.proto == match->proto) != match->is_negated);
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
		return match->is_negated || match->tcp_flags.mask;
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
	while (rule->matches[index].kind != MATCH_MODULE)
		index--;

	enum module module = rule->matches[index].module;
	bool has_asked = false;

	if (module != MODULE_TCP && module != MODULE_UDP)
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

/* -m NAME alone: is the header there that all its options read? */
static enum answer ask_module(const struct question *q, const struct rule *rule,
			      size_t index)
{
	enum module module = rule->matches[index].module;

	switch (module_info(module)->class) {
	case MODULE_CLASS_OPTIONS:
		return ANSWER_YES;
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

const struct match *ask_merged_port(const struct rule *rule, size_t index)
{
	const struct match *match = &rule->matches[index];
	size_t first = index;

	if (!is_mergeable(match))
		return NULL;
	while (rule->matches[first].kind != MATCH_MODULE)
		first--;
	if (rule->matches[first].module != MODULE_TCP &&
	    rule->matches[first].module != MODULE_UDP)
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
					    ? ask_merged_port(rule, index)
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
	return truth(is_there != match->is_negated);
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
	return truth(((*flags & match->tcp_flags.mask) ==
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
		return truth(match->is_negated);

	size_t length = header - 20;
	const uint8_t *options = transport_bytes(q, 20, length);
	if (!options)
		return ANSWER_HOTDROP;
	if (q->changes & CHANGE_TCP)
		return ANSWER_UNKNOWN;
	for (size_t i = 0; i < length;) {
		if (options[i] == match->number)
			return truth(!match->is_negated);
		if (options[i] < 2)
			i++;
		else
			i += i + 1 < length && options[i + 1] ? options[i + 1]
							      : 1;
	}
	return truth(match->is_negated);
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
	return truth(is_there != match->is_negated);
}

/* xt_ecn.c: a TCP header that is cut off is no match, negated or not. */
static enum answer ask_ecn(const struct question *q, const struct match *match)
{
	const struct ecn_bits *wanted = &match->ecn;

	if (wanted->has_ip_ect) {
		if (q->changes & CHANGE_TOS)
			return ANSWER_UNKNOWN;
		return truth(((packet_tos(q->packet) & 3) == wanted->ip_ect) !=
			     match->is_negated);
	}

	const uint8_t *header = transport_bytes(q, 0, 20);
	if (is_blind(q))
		return ANSWER_UNKNOWN;
	if (!header)
		return ANSWER_NO;
	if (q->changes & CHANGE_TCP)
		return ANSWER_UNKNOWN;
	return truth(!!(header[13] & (wanted->has_cwr ? 0x80 : 0x40)) !=
		     match->is_negated);
}

static enum answer ask_span(unsigned int value, const struct span *wanted)
{
	return truth(value >= wanted->min && value <= wanted->max);
}

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
	return truth(wanted->types >> type & 1);
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
	return truth(types >> s->addr_type(s->context, FAMILY_IPV6, address) &
		     1);
}

static enum answer ask_addr_type(const struct question *q, u128 address,
				 const struct addr_type *wanted)
{
	return q->packet->family == FAMILY_IPV4
		       ? ask_ipv4_type(q, address, wanted)
		       : ask_ipv6_type(q, address, wanted);
}

static enum answer ask_state(const struct question *q, unsigned int wanted)
{
	if (!(q->states & ~wanted))
		return ANSWER_YES;
	if (q->situation->is_nat_state && wanted & (CT_SNAT | CT_DNAT))
		return ANSWER_UNKNOWN;
	return q->states & wanted ? ANSWER_UNKNOWN : ANSWER_NO;
}

/* The transport header that get_port() of ipset wants to be there, else 0. */
static size_t set_header_length(uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 20;
	case IPPROTO_SCTP:
		return 12;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 8;
	}
	return 0;
}

/*
 * ip_set_get_ip4_port(), ip_set_get_ip6_port() and get_port() in
 * ip_set_getport.c. A later fragment of IPv4 has no ports to be read, one of
 * IPv6 is not looked at.
 */
void ask_set_probe(const struct packet *packet,
		   const struct transport *transport, struct ipset_probe *out)
{
	const uint8_t *header = packet->data + transport->offset;
	size_t needed = set_header_length(transport->proto);
	bool is_later = transport->fragment != 0;

	*out = (struct ipset_probe){
		.family = packet->family,
		.addrs = { packet_saddr(packet), packet_daddr(packet) },
		.proto = transport->proto,
	};
	out->is_blind =
		transport->is_unparsable || !transport->proto ||
		(is_later && (needed || packet->family == FAMILY_IPV6)) ||
		transport->offset + needed > packet->length;
	if (out->is_blind || !needed)
		return;
	out->ports[0] = header[0] << 8 | header[1];
	out->ports[1] = transport->proto == IPPROTO_ICMP ||
					transport->proto == IPPROTO_ICMPV6
				? out->ports[0]
				: header[2] << 8 | header[3];
}

static enum answer ask_set(const struct question *q, const struct match *match)
{
	const struct bound_set *bound;
	struct ipset_probe probe;

	if (match->set.index == NO_SET_QUESTION)
		return ANSWER_UNKNOWN;
	bound = &q->ruleset->set_questions[match->set.index];
	ask_set_probe(q->packet, &q->transport, &probe);
	return truth(ipset_has(bound->set, &bound->dims, &probe));
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
		return ask_addr_type(q, packet_saddr(packet),
				     &match->addr_type);
	case MATCH_DST_TYPE:
		return ask_addr_type(q, packet_daddr(packet),
				     &match->addr_type);
	case MATCH_IN_IFACE:
		return ask_iface(q->situation->in, &match->iface);
	case MATCH_OUT_IFACE:
		return ask_out_iface(q, &match->iface);
	case MATCH_FRAGMENT:
		return truth(q->transport.fragment != 0);
	case MATCH_LENGTH:
		return ask_span(packet->length, &match->span);
	case MATCH_TTL:
		return q->changes & CHANGE_TTL
			       ? ANSWER_UNKNOWN
			       : ask_span(ttl_at(q), &match->span);
	case MATCH_TOS:
		return q->changes & CHANGE_TOS
			       ? ANSWER_UNKNOWN
			       : truth((packet_tos(packet) & match->tos.mask) ==
				       match->tos.value);
	case MATCH_MAC_SOURCE:
		return truth(!memcmp(packet->smac, match->mac, 6));
	case MATCH_PKT_TYPE:
		return truth(packet->pkt_type == match->number);
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
	case MATCH_MODULE:
		return ask_module(question, rule, index);
	case MATCH_COMMENT:
	case MATCH_DETAIL:
		return ANSWER_YES;
	case MATCH_OPAQUE:
		return ANSWER_UNKNOWN;
	case MATCH_PROTO:
		return ask_proto(question, match);
	case MATCH_SPORT:
	case MATCH_DPORT:
	case MATCH_ANY_PORT:
		return ask_port(question, rule, index);
	case MATCH_TCP_FLAGS:
		return ask_tcp_flags(question, match);
	case MATCH_TCP_OPTION:
		return ask_tcp_option(question, match);
	case MATCH_ICMP_TYPE:
		return ask_icmp(question, match);
	case MATCH_ECN:
		return ask_ecn(question, match);
	default:
		break;
	}

	enum answer answer = ask_plain(question, match);
	return match->is_negated ? invert(answer) : answer;
}
