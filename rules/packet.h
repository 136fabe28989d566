/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One packet as netfilter meets it in PREROUTING: the bytes from the network
 * header on, and what the link layer told about it.
 */
#include <stdbool.h>

#include "base/num.h"
#include "rules/ruleset.h"

struct packet {
	enum family family;
	const uint8_t *data; /* from the network header on */
	size_t length;	     /* bytes of it, padding already trimmed */
	uint8_t smac[6];
	uint8_t pkt_type; /* PACKET_HOST, PACKET_BROADCAST, PACKET_MULTICAST */
};

/*
 * Make a packet from an Ethernet frame. @mac is the receiver's own address,
 * NULL when it does not matter. Returns false for frames that are not IPv4 or
 * IPv6, or that ip_rcv()/ip6_rcv_core() would discard before netfilter: a
 * header that does not fit, a wrong version, a length beyond the frame. The
 * IPv4 header checksum is not looked at. The packet points into @frame.
 */
bool packet_from_frame(struct packet *packet, const uint8_t *frame,
		       size_t length, const uint8_t mac[6]);

/* Header fields that both families have. */
u128 packet_saddr(const struct packet *packet);
u128 packet_daddr(const struct packet *packet);
uint8_t packet_ttl(const struct packet *packet);
uint8_t packet_tos(const struct packet *packet);

/* IPv6: is there an extension header between the fixed one and the payload? */
bool packet_has_extension(const struct packet *packet);

/* Where the transport header is. */
struct transport {
	uint8_t proto;
	size_t offset;	    /* from packet->data */
	uint16_t fragment;  /* offset in units of 8 bytes, 0 for the first */
	bool has_more;	    /* more fragments follow */
	bool is_unparsable; /* IPv6: the header chain is cut off or broken */
};

/*
 * IPv4: protocol and header length. IPv6: what ipv6_find_hdr(skb, &off, -1)
 * finds (net/ipv6/exthdrs_core.c): the last header, or the first that is not
 * an extension header; a fragment that is not the first ends the walk with the
 * protocol named there. nftables stops at an authentication header
 * (IP6_FH_F_AUTH in __nft_set_pktinfo_ipv6()): @stops_at_auth.
 */
void packet_transport(const struct packet *packet, bool stops_at_auth,
		      struct transport *out);
