// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>

#include "rules/packet.h"

#define ETH_LENGTH  14
#define IPV4_LENGTH 20
#define IPV6_LENGTH 40

static unsigned int read16(const uint8_t *bytes)
{
	return bytes[0] << 8 | bytes[1];
}

static u128 read_address(const uint8_t *bytes, size_t count)
{
	u128 number = 0;

	for (size_t i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	return number;
}

/* What ip_rcv_core() (net/ipv4/ip_input.c) lets through, or 0. */
static size_t ipv4_length(const uint8_t *data, size_t room)
{
	if (room < IPV4_LENGTH || data[0] >> 4 != 4)
		return 0;

	size_t header = (data[0] & 15) * 4;
	size_t length = read16(data + 2);
	if (header < IPV4_LENGTH || length < header || length > room)
		return 0;
	return length;
}

/* What ip6_rcv_core() (net/ipv6/ip6_input.c) lets through, or 0. */
static size_t ipv6_length(const uint8_t *data, size_t room)
{
	if (room < IPV6_LENGTH || data[0] >> 4 != 6)
		return 0;

	size_t payload = read16(data + 4);
	if (!payload && data[6] == IPPROTO_HOPOPTS)
		return room; /* a jumbogram, or broken: its options tell */
	if (IPV6_LENGTH + payload > room)
		return 0;
	return IPV6_LENGTH + payload;
}

static uint8_t packet_type(const uint8_t *destination, const uint8_t mac[6])
{
	static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };

	if (!memcmp(destination, broadcast, 6))
		return PACKET_BROADCAST;
	if (destination[0] & 1)
		return PACKET_MULTICAST;
	if (mac && memcmp(destination, mac, 6) != 0)
		return PACKET_OTHERHOST;
	return PACKET_HOST;
}

bool packet_from_frame(struct packet *packet, const uint8_t *frame,
		       size_t length, const uint8_t mac[6])
{
	if (length < ETH_LENGTH)
		return false;
	*packet = (struct packet){
		.data = frame + ETH_LENGTH,
		.pkt_type = packet_type(frame, mac),
	};
	memcpy(packet->smac, frame + 6, sizeof(packet->smac));
	length -= ETH_LENGTH;
	switch (read16(frame + 12)) {
	case 0x0800:
		packet->family = FAMILY_IPV4;
		packet->length = ipv4_length(packet->data, length);
		break;
	case 0x86dd:
		packet->family = FAMILY_IPV6;
		packet->length = ipv6_length(packet->data, length);
		break;
	}
	return packet->length != 0 && packet->pkt_type != PACKET_OTHERHOST;
}

u128 packet_saddr(const struct packet *packet)
{
	return packet->family == FAMILY_IPV4
		       ? read_address(packet->data + 12, 4)
		       : read_address(packet->data + 8, 16);
}

u128 packet_daddr(const struct packet *packet)
{
	return packet->family == FAMILY_IPV4
		       ? read_address(packet->data + 16, 4)
		       : read_address(packet->data + 24, 16);
}

uint8_t packet_ttl(const struct packet *packet)
{
	return packet->data[packet->family == FAMILY_IPV4 ? 8 : 7];
}

uint8_t packet_tos(const struct packet *packet)
{
	if (packet->family == FAMILY_IPV4)
		return packet->data[1];
	return packet->data[0] << 4 | packet->data[1] >> 4;
}

static void ipv4_transport(const struct packet *packet, struct transport *out)
{
	unsigned int fragment = read16(packet->data + 6);

	*out = (struct transport){
		.proto = packet->data[9],
		.offset = (packet->data[0] & 15) * 4,
		.fragment = fragment & 0x1fff,
		.has_more = fragment & 0x2000,
	};
}

/* ipv6_ext_hdr(): headers that may be followed by another one. */
static bool is_extension(uint8_t proto)
{
	return proto == IPPROTO_HOPOPTS || proto == IPPROTO_ROUTING ||
	       proto == IPPROTO_FRAGMENT || proto == IPPROTO_AH ||
	       proto == IPPROTO_NONE || proto == IPPROTO_DSTOPTS;
}

bool packet_has_extension(const struct packet *packet)
{
	return packet->family == FAMILY_IPV6 && is_extension(packet->data[6]);
}

static void ipv6_transport(const struct packet *packet, bool stops_at_auth,
			   struct transport *out)
{
	const uint8_t *data = packet->data;

	*out = (struct transport){ .proto = data[6], .offset = IPV6_LENGTH };
	while (is_extension(out->proto) && out->proto != IPPROTO_NONE) {
		const uint8_t *header = data + out->offset;

		size_t need = out->proto == IPPROTO_ROUTING ? 4 : 2;

		if (out->offset + need > packet->length)
			goto unparsable;
		if (out->proto == IPPROTO_FRAGMENT) {
			if (out->offset + 4 > packet->length)
				goto unparsable;
			out->has_more = header[3] & 1;
			out->fragment = read16(header + 2) >> 3;
			if (out->fragment) {
				/* Only a payload may follow here. */
				if (is_extension(header[0]) &&
				    header[0] != IPPROTO_NONE)
					goto unparsable;
				out->proto = header[0];
				return;
			}
			out->offset += 8;
		} else if (out->proto == IPPROTO_AH) {
			if (stops_at_auth)
				return;
			out->offset += (header[1] + 2) * 4;
		} else {
			out->offset += (header[1] + 1) * 8;
		}
		out->proto = header[0];
	}
	return;
unparsable:
	out->is_unparsable = true;
}

void packet_transport(const struct packet *packet, bool stops_at_auth,
		      struct transport *out)
{
	if (packet->family == FAMILY_IPV4)
		ipv4_transport(packet, out);
	else
		ipv6_transport(packet, stops_at_auth, out);
}
