/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A packet as people write it down, and the bytes that it stands for: what is
 * between the text of docs/packet-syntax.md and a struct packet.
 */
#include "base/err.h"
#include "base/own.h"
#include "rules/packet.h"

struct packet_draft {
	enum family family;
	uint8_t proto;
	u128 saddr, daddr;
	uint16_t sport, dport;
	uint8_t tcp_flags;
	uint8_t icmp_type, icmp_code;
	uint8_t ttl, tos;
	bool has_length;
	uint32_t length;  /* from the network header on */
	bool has_options; /* IPv4 options, or an IPv6 extension header */
	bool is_fragment;
	bool has_more;		  /* fragments behind this one */
	uint16_t fragment_offset; /* in bytes, a multiple of 8 */
	uint8_t smac[6];
	uint8_t pkt_type; /* PACKET_* */
};

#define PACKET_DRAFT_TTL 64 /* unless said otherwise */

/* The bytes of a draft; packet.data points into it. */
struct packet_bytes {
	struct packet packet;
	uint8_t bytes[];
};

/* Has the protocol ports where TCP has them? */
bool packet_draft_has_ports(uint8_t proto);
/* Is it the ICMP of this family? */
bool packet_draft_is_icmp(const struct packet_draft *draft);
/* Does the packet start with its transport header? */
bool packet_draft_has_transport(const struct packet_draft *draft);

/* Where the transport header begins, and the shortest length of it all. */
size_t packet_draft_header(const struct packet_draft *draft);
size_t packet_draft_length(const struct packet_draft *draft);

/*
 * Make the bytes, cut off or filled up with zeros to the draft's length.
 * free() them. -EINVAL when the length does not fit the headers or the family.
 */
int packet_draft_build(const struct packet_draft *draft,
		       struct packet_bytes **out, struct err *err);
