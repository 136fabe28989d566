// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>

#include "offload/frame.h"
#include "rules/tcp_options.h"

#define IPV4_LENGTH   20
#define IPV6_LENGTH   40
#define FRAGMENT_MASK 0x3fff /* MF and the offset */
#define OFFSET_MASK   0x1fff
#define DONT_FRAGMENT 0x4000
#define PROTO_MH      135
#define PROTO_HIP     139
#define PROTO_SHIM6   140

static unsigned int read16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

/* What every packet has. */
static void read_network(const struct packet *packet, uint8_t proto,
			 struct header *header)
{
	u128 smac = 0;

	for (int i = 0; i < 6; i++)
		smac = smac << 8 | packet->smac[i];
	header->fields[FIELD_PROTO] = proto;
	header->fields[FIELD_SADDR] = packet_saddr(packet);
	header->fields[FIELD_DADDR] = packet_daddr(packet);
	header->fields[FIELD_LENGTH] = packet->length;
	header->fields[FIELD_TTL] = packet_ttl(packet);
	header->fields[FIELD_TOS] = packet_tos(packet);
	header->fields[FIELD_PKT_TYPE] = packet->pkt_type;
	header->fields[FIELD_SMAC] = smac;
}

static bool is_dhcp(enum family family, unsigned int dport)
{
	if (family == FAMILY_IPV6)
		return dport == 546 || dport == 547;
	return dport == 67 || dport == 68;
}

/* The shortest header of the protocols that rules look into, else 0. */
static size_t header_length(enum family family, uint8_t proto)
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

/* Does a length that the header itself tells fit into the packet? */
static bool is_broken(uint8_t proto, const uint8_t *data, size_t length)
{
	size_t told;

	switch (proto) {
	case IPPROTO_TCP:
		told = (data[12] >> 4) * 4;
		return told < 20 || told > length;
	case IPPROTO_UDP:
		told = read16(data + 4);
		return told < 8 || told > length;
	}
	return false;
}

static enum judge_why read_transport(enum family family, uint8_t proto,
				     const uint8_t *data, size_t length,
				     struct header *header)
{
	size_t needed = header_length(family, proto);

	if (!needed)
		return JUDGE_REGION;
	if (length < needed || is_broken(proto, data, length))
		return JUDGE_TRUNCATED;
	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) {
		header->fields[FIELD_ICMP] = read16(data);
		return JUDGE_REGION;
	}
	header->fields[FIELD_SPORT] = read16(data);
	header->fields[FIELD_DPORT] = read16(data + 2);
	if (proto == IPPROTO_TCP) {
		header->fields[FIELD_TCP_FLAGS] = data[13];
		header->fields[FIELD_MSS] =
			tcp_options_mss(data + 20, (data[12] >> 4) * 4 - 20);
	}
	if (proto == IPPROTO_UDP && is_dhcp(family, read16(data + 2)))
		return JUDGE_DHCP;
	return JUDGE_REGION;
}

/* Only addresses and protocol count, which the class stands for. */
static enum judge_why read_fragment(const struct packet *packet,
				    bool pass_fragments)
{
	unsigned int fragment = read16(packet->data + 6);
	const uint8_t *udp = packet->data + IPV4_LENGTH;

	if (pass_fragments)
		return JUDGE_STRICT_FRAGMENTS;
	if (fragment & DONT_FRAGMENT)
		return JUDGE_FRAGMENT_DF;
	if (packet->data[9] != IPPROTO_UDP || fragment & OFFSET_MASK)
		return JUDGE_REGION;
	if (packet->length < IPV4_LENGTH + 8)
		return JUDGE_TRUNCATED;
	return is_dhcp(FAMILY_IPV4, read16(udp + 2)) ? JUDGE_DHCP
						     : JUDGE_REGION;
}

static enum judge_why read_ipv4(const struct packet *packet,
				bool pass_fragments, struct frame *out)
{
	const uint8_t *data = packet->data;

	if (data[0] != (4 << 4 | IPV4_LENGTH / 4))
		return JUDGE_IP_OPTIONS;
	read_network(packet, data[9], &out->header);
	if (read16(data + 6) & FRAGMENT_MASK) {
		out->class = WIRE_FRAGMENT;
		return read_fragment(packet, pass_fragments);
	}
	out->class = WIRE_IPV4;
	return read_transport(FAMILY_IPV4, data[9], data + IPV4_LENGTH,
			      packet->length - IPV4_LENGTH, &out->header);
}

static bool is_extension(uint8_t next)
{
	switch (next) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_FRAGMENT:
	case IPPROTO_AH:
	case IPPROTO_NONE:
	case IPPROTO_DSTOPTS:
	case PROTO_MH:
	case PROTO_HIP:
	case PROTO_SHIM6:
		return true;
	}
	return false;
}

static enum judge_why read_ipv6(const struct packet *packet, struct frame *out)
{
	const uint8_t *data = packet->data;

	if (is_extension(data[6]))
		return JUDGE_EXTENSION_HEADER;
	/* No payload, or a jumbogram; lengths have 16 bits. */
	if (packet->length == IPV6_LENGTH || packet->length > UINT16_MAX)
		return JUDGE_TRUNCATED;
	out->class = WIRE_IPV6;
	read_network(packet, data[6], &out->header);
	return read_transport(FAMILY_IPV6, data[6], data + IPV6_LENGTH,
			      packet->length - IPV6_LENGTH, &out->header);
}

enum judge_why frame_read(const struct packet *packet, bool pass_fragments,
			  struct frame *out)
{
	*out = (struct frame){ 0 };
	if (packet->family == FAMILY_IPV4)
		return read_ipv4(packet, pass_fragments, out);
	return read_ipv6(packet, out);
}
