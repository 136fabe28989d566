/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Ethernet frames from a description, right or deliberately wrong.
 */
#include "rules/packet.h"

#define FRAME_MAX     1514 /* Ethernet header and 1500 bytes */
#define FRAME_ETH_LEN 14

enum frame_shape {
	FRAME_WHOLE,
	FRAME_OPTIONS,	 /* IPv4 options, IPv6 extension headers */
	FRAME_FRAGMENT,	 /* one fragment: .offset and .has_more */
	FRAME_TRUNCATED, /* the transport header ends after .cut bytes */
	FRAME_GARBAGE,	 /* bytes of .noise behind the network header */
};

#define FRAME_LAYOUTS 7

struct frame_spec {
	enum family family;
	enum frame_shape shape;
	uint8_t pkt_type; /* PACKET_HOST, _BROADCAST, _MULTICAST, _OTHERHOST */
	uint8_t smac[6];
	uint32_t id; /* IPv4 identification, IPv6 flow label */
	u128 saddr, daddr;
	uint8_t proto, ttl, tos;
	uint16_t sport, dport;
	uint8_t tcp_flags;
	uint8_t tcp_option; /* its kind; 0: none */
	uint8_t tcp_layout; /* what is around it: FRAME_LAYOUTS */
	uint16_t tcp_mss;   /* what it says; 0: 1460 */
	uint8_t tcp_doff;   /* in words; 0: what is right */
	uint32_t tcp_seq, tcp_ack;
	uint16_t icmp;	 /* type << 8 | code */
	uint16_t length; /* network header and payload; 0 or too small: just
			    the headers */
	uint16_t offset; /* of a fragment, in units of 8 bytes */
	bool has_more;
	uint16_t cut;
	bool has_bad_checksum; /* of the transport header */
	uint64_t noise;	       /* payload, choice of options */
	/* What an ICMP error quotes; NULL: nothing. */
	const uint8_t *quote;
	size_t quote_length;
};

/* Write the frame; returns its length, at most FRAME_MAX. */
size_t frame_write(const struct frame_spec *spec, uint8_t frame[FRAME_MAX]);

/* The identification of an IPv4 or the flow label of an IPv6 packet. */
uint32_t frame_id(const uint8_t *network, size_t length);

/*
 * Cut a whole packet without options into two fragments at @split bytes (a
 * multiple of 8) of its payload. Returns false when it is too short.
 */
bool frame_split(const uint8_t *frame, size_t length, size_t split,
		 uint8_t first[FRAME_MAX], size_t *first_length,
		 uint8_t second[FRAME_MAX], size_t *second_length);
