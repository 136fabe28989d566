// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <string.h>

#include "rules/packet_draft.h"

#define IPV4_LENGTH	20
#define IPV6_LENGTH	40
#define OPTIONS_V4	4 /* one word of options */
#define EXTENSION	8 /* any IPv6 extension header that we write */
#define MORE_FRAGMENTS	0x2000
#define FRAGMENT_FILLER 8 /* payload of a fragment without its own length */
#define PORTS_LENGTH	4

bool packet_draft_has_ports(uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return true;
	}
	return false;
}

bool packet_draft_is_icmp(const struct packet_draft *draft)
{
	return draft->proto ==
	       (draft->family == FAMILY_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

bool packet_draft_has_transport(const struct packet_draft *draft)
{
	return !draft->is_fragment || draft->fragment_offset == 0;
}

static size_t transport_length(const struct packet_draft *draft)
{
	if (!packet_draft_has_transport(draft))
		return 0;
	switch (draft->proto) {
	case IPPROTO_TCP:
		return 20;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return 8;
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return 12;
	}
	return packet_draft_is_icmp(draft) ? 8 : 0;
}

size_t packet_draft_header(const struct packet_draft *draft)
{
	if (draft->family == FAMILY_IPV4)
		return IPV4_LENGTH + (draft->has_options ? OPTIONS_V4 : 0);
	return IPV6_LENGTH + (draft->has_options ? EXTENSION : 0) +
	       (draft->is_fragment ? EXTENSION : 0);
}

size_t packet_draft_length(const struct packet_draft *draft)
{
	size_t payload = transport_length(draft);

	if (draft->is_fragment && !payload)
		payload = FRAGMENT_FILLER;
	/* All fragments but the last carry a multiple of eight bytes. */
	if (draft->has_more)
		payload = (payload + 7) & ~(size_t)7;
	return packet_draft_header(draft) + payload;
}

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void put_address(uint8_t *at, u128 address, size_t count)
{
	for (size_t i = count; i > 0; i--, address >>= 8)
		at[i - 1] = address;
}

static void build_ipv4(const struct packet_draft *draft, uint8_t *at,
		       size_t length)
{
	unsigned int fragment = draft->fragment_offset / 8;

	if (draft->has_more)
		fragment |= MORE_FRAGMENTS;
	at[0] = 4 << 4 | packet_draft_header(draft) / 4;
	at[1] = draft->tos;
	put16(at + 2, length);
	put16(at + 6, fragment);
	at[8] = draft->ttl;
	at[9] = draft->proto;
	put_address(at + 12, draft->saddr, 4);
	put_address(at + 16, draft->daddr, 4);
	if (draft->has_options)
		memset(at + IPV4_LENGTH, 1 /* no operation */, OPTIONS_V4);
}

static void build_ipv6(const struct packet_draft *draft, uint8_t *at,
		       size_t length)
{
	uint8_t *next = at + 6; /* where the next header is named */
	uint8_t *end = at + IPV6_LENGTH;

	at[0] = 6 << 4 | draft->tos >> 4;
	at[1] = draft->tos << 4;
	put16(at + 4, length - IPV6_LENGTH);
	at[7] = draft->ttl;
	put_address(at + 8, draft->saddr, 16);
	put_address(at + 24, draft->daddr, 16);
	if (draft->has_options) {
		*next = IPPROTO_DSTOPTS;
		next = end;
		end[2] = 1; /* a PadN option of four zeros */
		end[3] = 4;
		end += EXTENSION;
	}
	if (draft->is_fragment) {
		*next = IPPROTO_FRAGMENT;
		next = end;
		put16(end + 2, draft->fragment_offset | draft->has_more);
	}
	*next = draft->proto;
}

static void build_transport(const struct packet_draft *draft, uint8_t *at,
			    size_t room)
{
	if (packet_draft_is_icmp(draft)) {
		at[0] = draft->icmp_type;
		at[1] = draft->icmp_code;
		return;
	}
	if (!packet_draft_has_ports(draft->proto))
		return;
	put16(at, draft->sport);
	put16(at + 2, draft->dport);
	switch (draft->proto) {
	case IPPROTO_TCP:
		at[12] = 20 / 4 << 4;
		at[13] = draft->tcp_flags;
		break;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		put16(at + 4, room);
		break;
	case IPPROTO_DCCP:
		at[4] = 12 / 4;
		break;
	}
}

static int check_length(const struct packet_draft *draft, size_t length,
			struct err *err)
{
	size_t min = packet_draft_header(draft);
	size_t max = UINT16_MAX;

	if (draft->family == FAMILY_IPV6)
		max += IPV6_LENGTH;
	if (length >= min && length <= max)
		return 0;
	return err_input(err,
			 "len %zu: expected %zu to %zu, the bytes from the "
			 "IP header on",
			 length, min, max);
}

int packet_draft_build(const struct packet_draft *draft,
		       struct packet_bytes **out, struct err *err)
{
	size_t header = packet_draft_header(draft);
	size_t least = packet_draft_length(draft);
	size_t length = draft->has_length ? draft->length : least;
	size_t size = length > least ? length : least;
	int result = check_length(draft, length, err);

	if (result < 0)
		return result;
	struct packet_bytes *made = calloc(1, sizeof(*made) + size);
	if (!made)
		return err_no_memory(err);

	/* Headers first; a length that is too short then cuts them off. */
	if (draft->family == FAMILY_IPV4)
		build_ipv4(draft, made->bytes, length);
	else
		build_ipv6(draft, made->bytes, length);
	if (packet_draft_has_transport(draft) && least > header)
		build_transport(draft, made->bytes + header, length - header);
	made->packet = (struct packet){
		.family = draft->family,
		.data = made->bytes,
		.length = length,
		.pkt_type = draft->pkt_type,
	};
	memcpy(made->packet.smac, draft->smac, 6);
	*out = made;
	return 0;
}
