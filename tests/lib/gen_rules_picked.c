// SPDX-License-Identifier: GPL-2.0-only
#include "tests/lib/gen_rules.h"

#define FILTER(policy)                                                         \
	"*filter\n:INPUT " policy " [0:0]\n:FORWARD " policy " [0:0]\n"
#define END "COMMIT\n"

static const char *const picked4[] = {
	/* a server as many are */
	FILTER("DROP") "-A INPUT -i lo -j ACCEPT\n"
		       "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j "
		       "ACCEPT\n"
		       "-A INPUT -m conntrack --ctstate INVALID -j DROP\n"
		       "-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT\n"
		       "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n"
		       "-A INPUT -s 10.1.0.0/16 -p udp -m udp --dport 53 -j "
		       "ACCEPT\n" END,
	/* goto does not come back to the rule behind it */
	FILTER("ACCEPT") ":A - [0:0]\n:B - [0:0]\n:C - [0:0]\n"
			 "-A INPUT -j A\n-A INPUT -s 10.1.0.2/32 -j DROP\n"
			 "-A A -p tcp -g B\n-A A -j DROP\n"
			 "-A B -p tcp -m tcp --dport 22 -j C\n-A B -s "
			 "192.0.2.1/32 -g C\n"
			 "-A B -p tcp -m tcp --dport 25 -j DROP\n"
			 "-A C -s 10.1.0.2/32 -j RETURN\n-A C -j DROP\n" END,
	/* goto and RETURN from a built-in chain end in its policy */
	FILTER("DROP") ":A - [0:0]\n"
		       "-A INPUT -s 192.0.2.1/32 -g A\n-A INPUT -s "
		       "10.1.0.77/32 -j RETURN\n"
		       "-A INPUT -j ACCEPT\n-A A -p udp -j RETURN\n-A A -p tcp "
		       "-j ACCEPT\n"
		       "-A FORWARD -g A\n-A FORWARD -j ACCEPT\n" END,
	/* cut-off headers: dropped by the match, whatever the rule says */
	FILTER("ACCEPT") "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n"
			 "-A INPUT -p udp -m udp --sport 53 -j ACCEPT\n"
			 "-A INPUT -p icmp -m icmp --icmp-type 8/0 -j ACCEPT\n"
			 "-A FORWARD -p tcp -m multiport --dports 22,25 -j "
			 "ACCEPT\n"
			 "-A FORWARD -p sctp -m sctp --dport 22 -j ACCEPT\n"
			 "-A FORWARD -p dccp -m dccp --sport 22:30 -j ACCEPT\n"
			 "-A FORWARD -p tcp -m tcp --tcp-option 2 -j "
			 "DROP\n" END,
	FILTER("DROP") "-A INPUT -p icmp -m icmp --icmp-type any -j ACCEPT\n"
		       "-A INPUT -p tcp -m tcp ! --dport 22 -j ACCEPT\n"
		       "-A INPUT -p udp -m udp -j ACCEPT\n"
		       "-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN "
		       "-j ACCEPT\n"
		       "-A FORWARD -p tcp -m ecn --ecn-tcp-cwr -j ACCEPT\n"
		       "-A FORWARD -p udp -m multiport ! --ports 20:25,53 -j "
		       "ACCEPT\n"
		       "-A FORWARD -p icmp -m icmp ! --icmp-type 3/1 -j "
		       "ACCEPT\n" END,
	/* masks with holes, ranges, everything turned round */
	FILTER("ACCEPT") "-A INPUT -s 10.0.0.2/255.0.0.255 -j DROP\n"
			 "-A INPUT ! -s 10.1.0.0/24 -d 10.1.0.1/32 -p tcp -j "
			 "DROP\n"
			 "-A INPUT ! -p udp -m iprange ! --src-range "
			 "10.1.0.2-10.1.0.9 -j DROP\n"
			 "-A FORWARD -m iprange --dst-range "
			 "198.51.100.0-203.0.113.5 -j DROP\n"
			 "-A FORWARD ! -o eth1 -j DROP\n-A FORWARD -i eth+ ! "
			 "-d 10.0.0.0/8 "
			 "-m length --length 40:60 -j DROP\n" END,
	/* the same packet in three tables */
	"*raw\n:PREROUTING ACCEPT [0:0]\n"
	"-A PREROUTING -p udp -m udp --dport 53 -j CT --notrack\n"
	"-A PREROUTING -s 192.0.2.1/32 -j DROP\n"
	"-A PREROUTING -m conntrack --ctstate INVALID -p tcp -m tcp "
	"--dport 25 -j DROP\n" END
	"*mangle\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n"
	":FORWARD DROP [0:0]\n"
	"-A PREROUTING -m conntrack --ctstate UNTRACKED -p udp -m udp "
	"--sport 22 -j DROP\n"
	"-A PREROUTING -m addrtype --dst-type BROADCAST -j DROP\n"
	"-A FORWARD -m conntrack --ctstate NEW -j ACCEPT\n" END FILTER(
		"ACCEPT") "-A INPUT -m conntrack ! --ctstate NEW,UNTRACKED -j "
			  "DROP\n"
			  "-A FORWARD -m ttl --ttl-lt 5 -j DROP\n" END,
	/* fragments */
	FILTER("ACCEPT") "-A FORWARD -f -j DROP\n-A FORWARD -p tcp -m tcp "
			 "--dport 22 -j DROP\n"
			 "-A INPUT ! -f -p udp -j DROP\n" END,
	FILTER("DROP") "-A FORWARD ! -f -s 10.1.0.2/32 -j ACCEPT\n"
		       "-A FORWARD -p udp -m length --length 0:1000 -j ACCEPT\n"
		       "-A FORWARD -p icmp -m icmp --icmp-type any -j "
		       "ACCEPT\n" END,
	/* who it is for, on the wire and in the routing table */
	FILTER("DROP") "-A INPUT -m pkttype --pkt-type broadcast -j ACCEPT\n"
		       "-A INPUT -m addrtype --dst-type LOCAL -m mac "
		       "--mac-source "
		       "02:00:00:00:01:02 -j ACCEPT\n"
		       "-A FORWARD -m addrtype ! --src-type LOCAL,BROADCAST -m "
		       "tos --tos "
		       "0x00/0x3f -j ACCEPT\n"
		       "-A FORWARD -m dscp ! --dscp 0x08 -p tcp -m tcp --sport "
		       "0:1023 "
		       "-j ACCEPT\n" END,
	/* a rule that can never match, and ranges turned round */
	FILTER("ACCEPT") "-A INPUT -s 10.1.0.2/32 -p tcp -m multiport --dports "
			 "22 -m tcp "
			 "--dport 25 -j DROP\n"
			 "-A INPUT -p tcp -m tcp --sport 65535 --dport 0 -j "
			 "DROP\n"
			 "-A INPUT -p udp -m udp --dport 65535 -j DROP\n" END,
	/* what iptables-nft 1.8.9 says in another way, or not at all */
	FILTER("ACCEPT") "-A INPUT -p tcp -m tcp ! --sport 22 ! --dport 25 -j "
			 "ACCEPT\n"
			 "-A INPUT -p tcp -j DROP\n"
			 "-A FORWARD -p udp -m udp ! --sport 53 ! --dport 53 "
			 "-j DROP\n"
			 "-A FORWARD -p tcp -m tcp --sport 0:65535 -j ACCEPT\n"
			 "-A FORWARD -p tcp -m tcp ! --sport 0 ! --dport 22 -j "
			 "DROP\n" END,
	/* of which only that version thinks that everything matches */
	FILTER("ACCEPT") "-A INPUT -p tcp -m tcp ! --sport 0:65535 -j ACCEPT\n"
			 "-A INPUT -p tcp -m tcp --dport 20:30 -j DROP\n"
			 "-A INPUT -p udp -m udp --sport 53 ! --dport 0:65535 "
			 "-j DROP\n"
			 "-A FORWARD -p tcp -m tcp ! --tcp-flags NONE NONE -j "
			 "DROP\n"
			 "-A FORWARD -p udp -m udp ! --dport 0:65535 -j "
			 "DROP\n" END,
	/* what is left of the TTL */
	FILTER("DROP") "-A INPUT -m ttl --ttl-eq 64 -j ACCEPT\n"
		       "-A FORWARD -m ttl --ttl-eq 64 -j ACCEPT\n"
		       "-A FORWARD -m ttl --ttl-gt 253 -j ACCEPT\n"
		       "-A FORWARD -m ttl ! --ttl-eq 1 -p udp -j ACCEPT\n" END,
	NULL,
};

static const char *const picked6[] = {
	FILTER("DROP") "-A INPUT -i lo -j ACCEPT\n"
		       "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j "
		       "ACCEPT\n"
		       "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -m hl "
		       "--hl-eq 255 "
		       "-j ACCEPT\n"
		       "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 128 -j "
		       "ACCEPT\n"
		       "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n" END,
	FILTER("ACCEPT") ":A - [0:0]\n"
			 "-A INPUT -p tcp -g A\n-A INPUT -j DROP\n"
			 "-A FORWARD -j A\n-A FORWARD -p udp -j DROP\n"
			 "-A A -s fd00:1::/64 -j RETURN\n-A A -p udp -m udp "
			 "--dport 53 "
			 "-j RETURN\n-A A -j DROP\n" END,
	/* header chains that end too early, cut-off headers */
	FILTER("ACCEPT") "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n"
			 "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 1/4 -j "
			 "ACCEPT\n"
			 "-A FORWARD -p udp -m multiport --ports 22,53 -j "
			 "ACCEPT\n"
			 "-A FORWARD -p sctp -m sctp ! --sport 22 -j "
			 "DROP\n" END,
	FILTER("DROP") "-A INPUT ! -p tcp -j ACCEPT\n"
		       "-A FORWARD -p tcp -j ACCEPT\n-A FORWARD -p 59 -j "
		       "ACCEPT\n"
		       "-A FORWARD -p 47 -j ACCEPT\n-A FORWARD -p 50 -j "
		       "ACCEPT\n" END,
	/* masks with holes, everything turned round */
	FILTER("ACCEPT") "-A INPUT -s ::2/::ff -j DROP\n"
			 "-A INPUT ! -s fd00:1::/48 -d fd00:1::1/128 -p tcp -j "
			 "DROP\n"
			 "-A FORWARD -m iprange --dst-range fd00:2::-fd00:9::5 "
			 "-j DROP\n"
			 "-A FORWARD -m addrtype --src-type UNICAST -m length "
			 "--length 40:80 "
			 "-j DROP\n" END,
	"*raw\n:PREROUTING ACCEPT [0:0]\n"
	"-A PREROUTING -p udp -j CT --notrack\n"
	"-A PREROUTING -s 2001:db8::/32 -j DROP\n" END
	"*mangle\n:PREROUTING DROP [0:0]\n:INPUT ACCEPT [0:0]\n"
	":FORWARD ACCEPT [0:0]\n"
	"-A PREROUTING -m conntrack --ctstate NEW,UNTRACKED -j ACCEPT\n" END
		FILTER("ACCEPT") "-A FORWARD -m tos ! --tos 0x00/0x3f -j DROP\n"
				 "-A INPUT -m pkttype --pkt-type multicast -j "
				 "DROP\n" END,
	NULL,
};

const char *gen_rules_picked(enum family family, size_t index)
{
	return family == FAMILY_IPV4 ? picked4[index] : picked6[index];
}
