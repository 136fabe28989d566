// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>

#include "rules/ask_set.h"

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

enum answer ask_set(const struct question *q, const struct match *match)
{
	const struct bound_set *bound;
	struct ipset_probe probe;

	if (match->set.index == NO_SET_QUESTION)
		return ANSWER_UNKNOWN;
	bound = &q->ruleset->set_questions[match->set.index];
	ask_set_probe(q->packet, &q->transport, &probe);
	return ask_truth(ipset_has(bound->set, &bound->dims, &probe));
}
