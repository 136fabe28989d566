// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <string.h>

#include "rules/tcp_options.h"
#include "tests/lib/view.h"

/* The part of a transport header that has to be there. */
static size_t transport_length(uint8_t proto, enum family family)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 20;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return 8;
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return 12;
	case IPPROTO_ICMP:
		return family == FAMILY_IPV4 ? 8 : 0;
	case IPPROTO_ICMPV6:
		return family == FAMILY_IPV6 ? 8 : 0;
	}
	return 0;
}

/* Do a TCP or UDP header's own lengths fit? */
static bool is_well_formed(uint8_t proto, const uint8_t *bytes, size_t length)
{
	size_t own;

	switch (proto) {
	case IPPROTO_TCP:
		own = (size_t)(bytes[12] >> 4) * 4;
		return own >= 20 && own <= length;
	case IPPROTO_UDP:
		own = (size_t)(bytes[4] << 8 | bytes[5]);
		return own >= 8 && own <= length;
	}
	return true;
}

static void view_transport(const struct packet *packet, uint8_t proto,
			   const uint8_t *bytes, struct header *header)
{
	size_t length = transport_length(proto, packet->family);
	u128 first = 0, second = 0;

	if (!length)
		return;
	first = bytes[0] << 8 | bytes[1];
	second = bytes[2] << 8 | bytes[3];
	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) {
		header->fields[FIELD_ICMP] = first;
		return;
	}
	header->fields[FIELD_SPORT] = first;
	header->fields[FIELD_DPORT] = second;
	if (proto == IPPROTO_TCP) {
		header->fields[FIELD_TCP_FLAGS] = bytes[13];
		header->fields[FIELD_MSS] =
			tcp_options_mss(bytes + 20, (bytes[12] >> 4) * 4 - 20);
	}
}

/* IPv6 headers that may be followed by another one, and ESP is none. */
static bool is_extension(uint8_t proto)
{
	static const uint8_t extensions[] = { 0,   43,	44,  51,  59, 60,
					      135, 139, 140, 253, 254 };

	return memchr(extensions, proto, sizeof(extensions));
}

static void view_network(const struct packet *packet, struct header *header)
{
	u128 mac = 0;

	for (size_t i = 0; i < 6; i++)
		mac = mac << 8 | packet->smac[i];
	header->fields[FIELD_SADDR] = packet_saddr(packet);
	header->fields[FIELD_DADDR] = packet_daddr(packet);
	header->fields[FIELD_LENGTH] = packet->length;
	header->fields[FIELD_TTL] = packet_ttl(packet);
	header->fields[FIELD_TOS] = packet_tos(packet);
	header->fields[FIELD_PKT_TYPE] = packet->pkt_type;
	header->fields[FIELD_SMAC] = mac;
}

bool view_packet(const struct packet *packet, enum wire_class *class,
		 struct header *header)
{
	bool is_ipv4 = packet->family == FAMILY_IPV4;
	uint8_t proto = packet->data[is_ipv4 ? 9 : 6];
	size_t offset = is_ipv4 ? 20 : 40;

	*class = is_ipv4 ? WIRE_IPV4 : WIRE_IPV6;
	*header = (struct header){ 0 };
	view_network(packet, header);
	header->fields[FIELD_PROTO] = proto;
	if (is_ipv4 && packet->data[0] != 0x45)
		return false;
	if (!is_ipv4 && (is_extension(proto) || packet->length == offset))
		return false;
	if (is_ipv4 && ((packet->data[6] & 0x3f) || packet->data[7])) {
		*class = WIRE_FRAGMENT;
		return true;
	}
	if (packet->length < offset + transport_length(proto, packet->family))
		return false;
	if (!is_well_formed(proto, packet->data + offset,
			    packet->length - offset))
		return false;
	view_transport(packet, proto, packet->data + offset, header);
	return true;
}
