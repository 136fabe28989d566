// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "tests/lib/gen_odd.h"

static const char *const any[] = {
	" -m length --length 100",
	" -m length --length :60",
	" -m length ! --length 60:",
	" -m length --length :",
	" -m length --length 80:40",
	" -m length ! --length 80:40",
	" -m length ! --length 0:65535",
	" -m length --length 0",
	" -m length --length 0x3c:0120",
	" -m dscp --dscp 0",
	" -m dscp --dscp 63",
	" -m dscp --dscp 010",
	" -m dscp --dscp-class cs1",
	" -m dscp ! --dscp-class BE",
	" -m tos --tos 0xff/0x0f",
	" -m tos ! --tos 0xff/0x0f",
	" -m tos --tos 0x00/0x00",
	" -m tos ! --tos 0x00/0x00",
	" -m tos --tos 020/0xfc",
	" -m tos --tos 0",
	" -m tos --tos Minimize-Delay",
	" -m tos ! --tos Normal-Service",
	" -m ecn --ecn-ip-ect 0",
	" -m mac --mac-source 02:00:00:00:01:0a",
	" -m mac ! --mac-source FF:ff:Ff:fF:ff:ff",
	" -m pkttype --pkt-type host",
	" -m pkttype ! --pkt-type bcast",
	" -m pkttype --pkt-type otherhost",
	" -m pkttype ! --pkt-type MULTICAST",
	" -m addrtype --dst-type UNSPEC",
	" -m addrtype ! --src-type UNSPEC",
	" -m addrtype --src-type UNICAST ! --dst-type LOCAL",
	" -m comment --comment \"-j ACCEPT\" -m comment --comment x",
	" -m pkttype --pkt-type host -m pkttype ! --pkt-type unicast",
};

static const char *const any4[] = {
	" -m ttl --ttl-lt 0",
	" -m ttl --ttl-gt 255",
	" -m ttl --ttl-lt 255",
	" -m ttl --ttl-gt 254",
	" -m ttl --ttl-gt 0",
	" -m ttl --ttl-eq 0",
	" -m ttl ! --ttl-eq 255",
	" -m ttl --ttl 0x40",
	" -m ttl --ttl-gt 5 -m ttl ! --ttl-eq 64",
	" -m iprange --src-range 10.1.0.2",
	" -m iprange --src-range 10.1.0.9-10.1.0.2",
	" -m iprange ! --src-range 10.1.0.9-10.1.0.2",
	" -m iprange ! --dst-range 0.0.0.0-255.255.255.255",
	" -m iprange --dst-range 0.0.0.0-255.255.255.255",
	" -m iprange --src-range 10.1.0.2-10.1.0.4 ! --dst-range 10.1.0.1",
	" -m addrtype --dst-type ANYCAST,BROADCAST",
	" -m addrtype --dst-type BLACKHOLE,THROW,NAT,XRESOLVE",
	" -m addrtype ! --dst-type local,multicast",
};

static const char *const any6[] = {
	" -m hl --hl-lt 0",
	" -m hl --hl-gt 255",
	" -m hl --hl-lt 255",
	" -m hl --hl-gt 254",
	" -m hl ! --hl-eq 255",
	" -m hl --hl 0100",
	" -m length --length 0:39",
	" -m length ! --length 0:39",
	" -m length --length 40",
	" -m iprange --src-range fd00:1::2",
	" -m iprange --src-range fd00:1::9-fd00:1::2",
	" -m iprange ! --src-range fd00:1::9-fd00:1::2",
	" -m iprange ! --dst-range ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	" -m addrtype --dst-type UNICAST,MULTICAST",
	" -m addrtype ! --dst-type UNSPEC,LOCAL",
};

/*
 * Once in a rule: of what stands twice iptables-nft-save 1.8.9 tells half
 * (net/nft_rule.h), and the tests read it.
 */
static const char *const tcp_module[] = {
	" -m tcp --tcp-flags SYN NONE",
	" -m tcp ! --tcp-flags SYN NONE",
	" -m tcp --tcp-flags SYN SYN,ACK",
	" -m tcp ! --tcp-flags SYN SYN,ACK",
	" -m tcp --tcp-flags NONE SYN",
	" -m tcp --tcp-flags NONE NONE",
	" -m tcp --tcp-flags ALL,NONE syn",
	" -m tcp --tcp-flags FIN,PSH PSH --sport :65534",
	" -m tcp ! --syn --dport 20:",
	" -m tcp ! --sport 0:65534",
	" -m tcp ! --sport 1:65535",
	" -m tcp ! --dport 0:0",
	" -m tcp --dport 65535:",
	" -m tcp --dport 026:0x1e",
	" -m tcp --dport ssh:domain",
	" -m tcp --sport : --dport :",
};

static const char *const udp_module[] = {
	" -m udp ! --sport 0:65534", " -m udp ! --dport 1:65535",
	" -m udp --dport 0:0",	     " -m udp --sport 65535:65535",
	" -m udp --dport :0",	     " -m udp --dport domain",
};

static const char *const tcp[] = {
	" -m multiport ! --dports ssh,domain",
	" -m tcpmss --mss :1460",
	" -m tcpmss ! --mss 1460:",
	" -m tcpmss ! --mss 0:65535",
	" -m tcpmss --mss 0:65535",
	" -m tcpmss --mss 0",
	" -m ecn --ecn-tcp-cwr --ecn-tcp-ece",
	" -m ecn ! --ecn-tcp-cwr ! --ecn-tcp-ece",
	" -m ecn --ecn-tcp-ece ! --ecn-ip-ect 0",
};

static const char *const udp[] = {
	" -m multiport --dports domain,ntp",
	" -m multiport --dports 20:30 -m multiport ! --dports 22,25",
};

static const char *const sctp[] = {
	" -m sctp --sport 0:65535",
	" -m sctp ! --sport 0:65535",
	" -m sctp ! --sport 0:65534 --dport 20:",
	" -m sctp ! --dport 22 -m sctp ! --dport 25",
};

static const char *const dccp[] = {
	" -m dccp --sport 0:65535",
	" -m dccp ! --dport 0:65535",
	" -m dccp ! --sport 1:65535",
};

static const char *const ports[] = {
	" -m multiport --ports 0:65535",
	" -m multiport ! --ports 0:65535",
	" -m multiport ! --dports 0",
	" -m multiport --dports 22,22,22",
	" -m multiport --ports 20,21,22,23,24,25,26,27,28,29,30,31,53,0,65535",
	" -m multiport ! --dports 0:1,20:21,22:23,24:25,26:27,28:29,30:31,53",
	" -m multiport --dports 20:30 -m multiport ! --dports 22,25",
	" -m multiport ! --sports 22 -m multiport ! --dports 22",
};

static const char *const icmp[] = {
	" -m icmp ! --icmp-type any",
	" -m icmp --icmp-type 255/3",
	" -m icmp ! --icmp-type 255/1",
	" -m icmp --icmp-type 8/255",
	" -m icmp --icmp-type 010",
	" -m icmp --icmp-type 0x8/0x0",
	" -m icmp --icmp-type echo-rep",
	" -m icmp ! --icmp-type redirect",
	" -m icmp --icmp-type TTL-zero-during-transit",
	" -m icmp --icmp-type 3 -m icmp ! --icmp-type 3/1",
};

static const char *const icmp6[] = {
	" -m icmp6 --icmpv6-type 255",
	" -m icmp6 ! --icmpv6-type 255/0",
	" -m icmp6 --icmpv6-type 128/255",
	" -m icmp6 --icmpv6-type redirect",
	" -m icmp6 ! --icmpv6-type packet-too-big",
	" -m icmp6 --icmpv6-type 1 -m icmp6 ! --icmpv6-type 1/4",
};

#define LIST(proto, matches)                                                   \
	{                                                                      \
		proto, matches, ARRAY_SIZE(matches)                            \
	}

static const struct list {
	const char *proto;
	const char *const *matches;
	size_t count;
} lists[] = {
	LIST("tcp", tcp),    LIST("udp", udp),	     LIST("sctp", sctp),
	LIST("dccp", dccp),  LIST("icmp", icmp),     LIST("ipv6-icmp", icmp6),
	LIST("tcp", ports),  LIST("udp", ports),     LIST("sctp", ports),
	LIST("dccp", ports), LIST("udplite", ports),
};

const char *gen_odd_match(struct random *rnd, enum family family,
			  const char *proto)
{
	const struct list *fitting[ARRAY_SIZE(lists)];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (!strcmp(lists[i].proto, proto))
			fitting[count++] = &lists[i];
	}
	if (count && random_chance(rnd, 60)) {
		const struct list *list = fitting[random_below(rnd, count)];

		return list->matches[random_below(rnd, list->count)];
	}
	if (random_chance(rnd, 50))
		return random_pick(rnd, any);
	return family == FAMILY_IPV4 ? random_pick(rnd, any4)
				     : random_pick(rnd, any6);
}

const char *gen_odd_ports(struct random *rnd, const char *proto)
{
	if (!strcmp(proto, "tcp"))
		return random_pick(rnd, tcp_module);
	return strcmp(proto, "udp") ? NULL : random_pick(rnd, udp_module);
}
