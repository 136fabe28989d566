// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <string.h>

#include "cli/packet_text.h"
#include "cli/packet_words.h"

static unsigned int read16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

/* As far as it is there: what is cut off reads as zero. */
static void read_transport(struct packet_draft *draft, const uint8_t *data,
			   size_t length)
{
	uint8_t header[20] = { 0 };

	if (!packet_draft_has_transport(draft))
		return;
	memcpy(header, data, length < sizeof(header) ? length : sizeof(header));
	if (packet_draft_is_icmp(draft)) {
		draft->icmp_type = header[0];
		draft->icmp_code = header[1];
	} else if (packet_draft_has_ports(draft->proto)) {
		draft->sport = read16(header);
		draft->dport = read16(header + 2);
	}
	if (draft->proto == IPPROTO_TCP)
		draft->tcp_flags = header[13];
}

static void read_draft(struct packet_draft *draft, const struct packet *packet)
{
	struct transport transport;
	size_t plain = packet->family == FAMILY_IPV4 ? 20 : 40;

	packet_transport(packet, false, &transport);
	*draft = (struct packet_draft){
		.family = packet->family,
		.proto = transport.proto,
		.saddr = packet_saddr(packet),
		.daddr = packet_daddr(packet),
		.ttl = packet_ttl(packet),
		.tos = packet_tos(packet),
		.has_length = true,
		.length = packet->length,
		.is_fragment = transport.fragment || transport.has_more,
		.has_more = transport.has_more,
		.fragment_offset = 8 * transport.fragment,
		.pkt_type = packet->pkt_type,
	};
	memcpy(draft->smac, packet->smac, 6);
	if (draft->is_fragment && packet->family == FAMILY_IPV6)
		plain += 8;
	draft->has_options = transport.offset > plain;
	if (transport.offset <= packet->length)
		read_transport(draft, packet->data + transport.offset,
			       packet->length - transport.offset);
}

static void print_endpoint(struct buf *buf, const struct packet_draft *draft,
			   u128 address, uint16_t port)
{
	bool has_port = packet_draft_has_ports(draft->proto) &&
			packet_draft_has_transport(draft);
	bool is_ipv6 = draft->family == FAMILY_IPV6;
	char text[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	size_t count = is_ipv6 ? 16 : 4;

	for (size_t i = count; i > 0; i--, address >>= 8)
		bytes[i - 1] = address;
	inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, bytes, text, sizeof(text));
	if (!has_port)
		buf_add(buf, text);
	else
		buf_addf(buf, is_ipv6 ? "[%s]:%u" : "%s:%u", text, port);
}

static void print_proto(struct buf *buf, const struct packet_draft *draft)
{
	const char *name = packet_words_name(packet_words_proto, draft->proto);

	if (name)
		buf_add(buf, name);
	else
		buf_addf(buf, "proto %u", draft->proto);
}

static void print_transport(struct buf *buf, const struct packet_draft *draft)
{
	const struct packet_word *flag = packet_words_flag;

	if (!packet_draft_has_transport(draft))
		return;
	for (; draft->proto == IPPROTO_TCP && flag->name; flag++)
		if (draft->tcp_flags & flag->value)
			buf_addf(buf, " %s", flag->name);
	if (!packet_draft_is_icmp(draft))
		return;

	const char *type = packet_words_name(packet_words_icmp(draft->family),
					     draft->icmp_type);
	if (type)
		buf_addf(buf, " %s", type);
	else
		buf_addf(buf, " type %u", draft->icmp_type);
	if (draft->icmp_code)
		buf_addf(buf, " code %u", draft->icmp_code);
}

static void print_link(struct buf *buf, const struct packet_draft *draft)
{
	static const uint8_t none[6];
	const uint8_t *mac = draft->smac;

	if (memcmp(mac, none, sizeof(none)))
		buf_addf(buf, " mac %02x:%02x:%02x:%02x:%02x:%02x", mac[0],
			 mac[1], mac[2], mac[3], mac[4], mac[5]);
	if (draft->pkt_type == PACKET_BROADCAST)
		buf_add(buf, " broadcast");
	if (draft->pkt_type == PACKET_MULTICAST)
		buf_add(buf, " multicast");
}

void packet_text_print(struct buf *buf, const struct packet *packet)
{
	struct packet_draft draft;

	read_draft(&draft, packet);
	print_proto(buf, &draft);
	buf_add(buf, " ");
	print_endpoint(buf, &draft, draft.saddr, draft.sport);
	buf_add(buf, " > ");
	print_endpoint(buf, &draft, draft.daddr, draft.dport);
	print_transport(buf, &draft);
	if (draft.ttl != PACKET_DRAFT_TTL)
		buf_addf(buf, " ttl %u", draft.ttl);
	if (draft.tos)
		buf_addf(buf, " tos %u", draft.tos);
	if (draft.length != packet_draft_length(&draft))
		buf_addf(buf, " len %u", draft.length);
	if (draft.is_fragment)
		buf_addf(buf, " frag %u%s", draft.fragment_offset,
			 draft.has_more ? "+" : "");
	if (draft.has_options)
		buf_add(buf, " options");
	print_link(buf, &draft);
}
