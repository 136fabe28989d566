// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <assert.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "tests/lib/topology.h"

const uint8_t topology_mac[6] = { 0x02, 0, 0, 0, 0x01, 0x01 };
const uint8_t topology_peer_mac[6] = { 0x02, 0, 0, 0, 0x01, 0x02 };

static const char *const addrs4[] = {
	"10.1.0.1",   "10.1.0.2",     "10.2.0.9",    "192.0.2.1",
	"10.1.0.3",   "198.51.100.7", "203.0.113.5", "10.2.0.1",
	"10.1.0.255", "224.0.0.1",    "10.1.0.77",   "255.255.255.255",
};

static const char *const addrs6[] = {
	"fd00:1::1",  "fd00:1::2",     "fd00:2::9",  "2001:db8::1",
	"fd00:2::1",  "2001:db8:7::7", "fd00:9::5",  "fe80::1234",
	"fd00:1::77", "ff02::1",       "2001:db8::", "fd00:1::",
};

static const char *const locals[] = {
	"10.1.0.1", "10.1.0.3", "10.2.0.1", "fd00:1::1", "fd00:2::1",
};

static u128 addr_parse(const char *text)
{
	uint8_t bytes[16];
	bool is_ipv6 = strchr(text, ':');
	u128 addr = 0;

	assert(inet_pton(is_ipv6 ? AF_INET6 : AF_INET, text, bytes) == 1);
	for (size_t i = 0; i < (is_ipv6 ? 16 : 4); i++)
		addr = addr << 8 | bytes[i];
	return addr;
}

size_t topology_addr_count(enum family family)
{
	return family == FAMILY_IPV4 ? ARRAY_SIZE(addrs4) : ARRAY_SIZE(addrs6);
}

u128 topology_addr(enum family family, size_t index)
{
	return addr_parse(family == FAMILY_IPV4 ? addrs4[index]
						: addrs6[index]);
}

bool topology_is_local(enum family family, u128 addr)
{
	for (size_t i = 0; i < ARRAY_SIZE(locals); i++)
		if (!strchr(locals[i], ':') == (family == FAMILY_IPV4) &&
		    addr_parse(locals[i]) == addr)
			return true;
	if (family == FAMILY_IPV4)
		return addr >> 24 == 127;
	return addr == 1;
}

/* A router has each subnet's anycast address (RFC 4291, 2.6.1). */
static uint8_t ipv6_type(u128 addr)
{
	if (addr >> 120 == 0xff)
		return RTN_MULTICAST;
	if (addr == addr_parse("fd00:1::") || addr == addr_parse("fd00:2::"))
		return RTN_ANYCAST;
	return RTN_UNICAST;
}

uint8_t topology_addr_type(void *context, enum family family, u128 addr)
{
	(void)context;
	if (topology_is_local(family, addr))
		return RTN_LOCAL;
	if (family == FAMILY_IPV6)
		return ipv6_type(addr);
	if (addr >> 28 == 0xe)
		return RTN_MULTICAST;
	/* inet_addr_type(): two addresses by themselves, two by the table. */
	if (addr == 0 || addr == 0xffffffff || addr == 0x0a0100ff ||
	    addr == 0x0a0200ff)
		return RTN_BROADCAST;
	return RTN_UNICAST;
}

const char *topology_addr_text(enum family family, u128 addr, char text[64])
{
	bool is_ipv6 = family == FAMILY_IPV6;
	uint8_t bytes[16];

	for (size_t i = is_ipv6 ? 16 : 4; i-- > 0; addr >>= 8)
		bytes[i] = (uint8_t)addr;
	return inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, bytes, text, 64);
}
