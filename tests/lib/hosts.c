// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "tests/lib/effects.h"
#include "tests/lib/hosts.h"
#include "tests/lib/netns.h"

#define FORWARDING(n)                                                          \
	"sysctl -qw net.ipv4.ip_forward=" n " net.ipv6.conf.all.forwarding=" n \
	"\n"
#define RP_FILTER(n) "sysctl -qw net.ipv4.conf.eth0.rp_filter=" n "\n"

static const struct host hosts[] = {
	{ "a router", "", "" },
	{ "no router", FORWARDING("0"), FORWARDING("1") },
	{ "a narrow link", "ip link set eth1 mtu 1280\n",
	  "ip link set eth1 mtu 1500\n" },
	{ "strict reverse paths", RP_FILTER("1"), RP_FILTER("0") },
	{ "log lines for what tracking refuses",
	  "sysctl -qw net.netfilter.nf_conntrack_log_invalid=255\n",
	  "sysctl -qw net.netfilter.nf_conntrack_log_invalid=0\n" },
	{ "no default route", "ip route del default\nip -6 route del default\n",
	  "ip route add default via 10.2.0.2\n"
	  "ip -6 route add default via fd00:2::2 dev eth1\n" },
	{ "routes that are local, and such that refuse",
	  "ip route add local 198.51.100.0/24 dev lo\n"
	  "ip route add prohibit 203.0.113.0/24\n"
	  "ip route add blackhole 192.0.2.0/24\n"
	  "ip -6 route add local 2001:db8:7::/48 dev lo\n"
	  "ip -6 route add prohibit fd00:9::/32\n",
	  "ip route del local 198.51.100.0/24 dev lo\n"
	  "ip route del prohibit 203.0.113.0/24\n"
	  "ip route del blackhole 192.0.2.0/24\n"
	  "ip -6 route del local 2001:db8:7::/48 dev lo\n"
	  "ip -6 route del prohibit fd00:9::/32\n" },
	{ "a table of its own for some",
	  "ip rule add from 10.1.0.0/24 lookup 77\n"
	  "ip route add default via 10.1.0.2 table 77\n"
	  "ip -6 rule add from fd00:1::/64 lookup 77\n"
	  "ip -6 route add default via fd00:1::2 dev eth0 table 77\n",
	  "ip rule del from 10.1.0.0/24 lookup 77\n"
	  "ip route flush table 77\n"
	  "ip -6 rule del from fd00:1::/64 lookup 77\n"
	  "ip -6 route flush table 77\n" },
};

const char hosts_forget[] =
	"sysctl -qw net.ipv4.route.flush=1 net.ipv6.route.flush=1\n";

const struct host *hosts_choose(enum family family, struct random *rnd)
{
	(void)family;
	/* The first is what most are. */
	return random_chance(rnd, 40)
		       ? &hosts[0]
		       : &hosts[random_below(rnd, ARRAY_SIZE(hosts))];
}

#define NAT "*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n"

static const char *const nat4[] = {
	NAT "-A POSTROUTING -o eth1 -j MASQUERADE\nCOMMIT\n",
	NAT "-A PREROUTING -i eth0 -p tcp --dport 22 -j DNAT --to-destination "
	    "10.2.0.9\n"
	    "COMMIT\n",
	NAT "-A PREROUTING -d 203.0.113.5/32 -j DNAT --to-destination "
	    "10.1.0.1\n-A PREROUTING -p udp --dport 22:25 -j REDIRECT "
	    "--to-ports 53\n"
	    "COMMIT\n",
	NAT "-A POSTROUTING -o eth1 -j SNAT --to-source 203.0.113.5\nCOMMIT\n",
};
static const char *const nat6[] = {
	NAT "-A POSTROUTING -o eth1 -j MASQUERADE\nCOMMIT\n",
	NAT "-A PREROUTING -i eth0 -p tcp --dport 22 -j DNAT --to-destination "
	    "fd00:2::9\n"
	    "COMMIT\n",
	NAT "-A PREROUTING -d fd00:9::5/128 -j DNAT --to-destination "
	    "fd00:1::1\n-A PREROUTING -p udp --dport 22:25 -j REDIRECT "
	    "--to-ports 53\n"
	    "COMMIT\n",
	NAT "-A POSTROUTING -o eth1 -j SNAT --to-source fd00:9::5\nCOMMIT\n",
};

const char *hosts_nat(enum family family, size_t index)
{
	return family == FAMILY_IPV4 ? nat4[index % ARRAY_SIZE(nat4)]
				     : nat6[index % ARRAY_SIZE(nat6)];
}

void hosts_add_missing_tables(struct buf *out, const char *rules, bool has_nat)
{
	static const char *const tables[][2] = {
		{ "*raw\n", ":PREROUTING ACCEPT\n:OUTPUT ACCEPT\n" },
		{ "*mangle\n", ":PREROUTING ACCEPT\n:INPUT ACCEPT\n"
			       ":FORWARD ACCEPT\n:OUTPUT ACCEPT\n"
			       ":POSTROUTING ACCEPT\n" },
		{ "*filter\n", ":INPUT ACCEPT\n:FORWARD ACCEPT\n"
			       ":OUTPUT ACCEPT\n" },
		{ "*nat\n", ":PREROUTING ACCEPT\n:POSTROUTING ACCEPT\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(tables) - !has_nat; i++)
		if (!strstr(rules, tables[i][0]))
			buf_addf(out, "%s%sCOMMIT\n", tables[i][0],
				 tables[i][1]);
}

/*
 * A rule without a target exists to count; a log line, an answer, a mark on the
 * connection are effects. Others only say what becomes of the packet.
 */
static bool counts(const char *rule, size_t length)
{
	static const char *const effects[] = { " -j LOG", " -j NFLOG",
					       " -j REJECT", " -j TRACE",
					       " -j CONNMARK" };
	OWN_MEM char *text = strndup(rule, length);

	if (!text)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(effects); i++)
		if (strstr(text, effects[i]))
			return true;
	return !strstr(text, " -j ") && !strstr(text, " -g ");
}

/* Lines are [PACKETS:BYTES] -A CHAIN ... */
static void add_counters(struct buf *out, const char *saved)
{
	while (*saved) {
		size_t length = strcspn(saved, "\n");

		if (*saved == '[' && counts(saved, length)) {
			buf_addn(out, saved, length);
			buf_add(out, "\n");
		}
		saved += length + (saved[length] == '\n');
	}
}

char *hosts_aftermath(enum family family, const char *save_command,
		      struct err *err)
{
	static const char recent_command[] =
		"cat /proc/net/xt_recent/* 2>/dev/null | "
		"sed 's/ .*//' | sort";
	OWN_BUF struct buf text = BUF_INIT;
	OWN_MEM char *saved = netns_read(save_command, err);
	OWN_MEM char *connections = NULL;
	OWN_MEM char *recent = NULL;

	if (saved)
		connections = effects_connections(family, err);
	if (connections)
		recent = netns_read(recent_command, err);
	if (!recent)
		return NULL;
	add_counters(&text, saved);
	buf_add(&text, connections);
	buf_add(&text, recent);
	if (text.has_failed) {
		err_no_memory(err);
		return NULL;
	}
	return buf_take(&text);
}
