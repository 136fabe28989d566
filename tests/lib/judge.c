// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>

#include "tests/lib/judge.h"
#include "tests/lib/topology.h"

worlds_t judge_asked(const struct packet *packet)
{
	if (packet_ttl(packet) > 1)
		return WORLDS_ALL;
	return WORLDS(STAGE_PREROUTING, CT_ALL) | WORLDS(STAGE_INPUT, CT_ALL);
}

worlds_t judge_worlds(const struct packet *packet, unsigned int states)
{
	switch (topology_addr_type(NULL, packet->family,
				   packet_daddr(packet))) {
	case RTN_LOCAL:
	case RTN_BROADCAST:
	case RTN_ANYCAST:
		return WORLDS(STAGE_INPUT, states);
	case RTN_UNICAST:
		return WORLDS(STAGE_FORWARD, states);
	}
	return WORLDS(STAGE_INPUT, states) | WORLDS(STAGE_FORWARD, states);
}

/* Is it an address that any host may have and any router forwards? */
static bool is_ordinary(enum family family, u128 addr)
{
	if (family == FAMILY_IPV6)
		return addr >> 125 == 1 || addr >> 120 == 0xfd;
	return addr >> 24 != 0 && addr >> 24 != 127 && addr >> 28 < 0xe;
}

static bool is_dhcp(enum wire_class class, const struct header *header)
{
	u128 port = header->fields[FIELD_DPORT];

	if (header->fields[FIELD_PROTO] != IPPROTO_UDP)
		return false;
	return class == WIRE_IPV6 ? port == 546 || port == 547
				  : port == 67 || port == 68;
}

/*
 * Programs take a packet for local or forwarded only where routing says so
 * plainly: forwarded over another link than it came by, and in IPv6 local only
 * to an address of the receiving interface.
 */
static bool is_plain_route(enum family family, u128 daddr, bool is_local)
{
	u128 link = family == FAMILY_IPV4 ? daddr >> 8 : daddr >> 64;
	bool is_on_link =
		link == (family == FAMILY_IPV4 ? (u128)0x0a0100
					       : (u128)0xfd00000100000000);

	if (is_local)
		return family == FAMILY_IPV4 || is_on_link;
	return !is_on_link;
}

/* Neighbour discovery is link-local talk, and may be answered by a proxy. */
static bool is_discovery(enum wire_class class, const struct header *header)
{
	u128 type = header->fields[FIELD_ICMP] >> 8;

	return class == WIRE_IPV6 &&
	       header->fields[FIELD_PROTO] == IPPROTO_ICMPV6 && type >= 133 &&
	       type <= 137;
}

static bool drops_at(const struct region *region, enum stage stage,
		     unsigned int states)
{
	return !(states & ~worlds_states(region->drop, stage));
}

bool judge_must_drop(const struct packet *packet, enum wire_class class,
		     const struct header *header, unsigned int states,
		     const struct region *region)
{
	enum family family = packet->family;
	u128 saddr = packet_saddr(packet), daddr = packet_daddr(packet);
	uint8_t type = topology_addr_type(NULL, family, daddr);

	if (packet->pkt_type != PACKET_HOST || is_dhcp(class, header) ||
	    !is_ordinary(family, saddr) || !is_ordinary(family, daddr) ||
	    (type != RTN_LOCAL && type != RTN_UNICAST) ||
	    topology_addr_type(NULL, family, saddr) != RTN_UNICAST)
		return false;
	if (drops_at(region, STAGE_PREROUTING, states))
		return true;
	if (!is_plain_route(family, daddr, type == RTN_LOCAL))
		return false;
	if (type == RTN_LOCAL)
		return drops_at(region, STAGE_INPUT, states);
	return drops_at(region, STAGE_FORWARD, states) &&
	       packet_ttl(packet) > 1 && !is_discovery(class, header);
}
