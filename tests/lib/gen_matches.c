// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "tests/lib/gen_matches.h"
#include "tests/lib/gen_odd.h"
#include "tests/lib/gen_sets.h"
#include "tests/lib/topology.h"

/* One rule being written. */
struct writing {
	struct buf *out;
	struct random *rnd;
	const struct gen_rules_options *options;
	const char *chain;
	bool is_ipv4;
	/* What `-p` said, "" when it does not name a protocol as true. */
	const char *proto;
};

static const char *maybe_not(struct writing *w)
{
	return random_chance(w->rnd, 20) ? " !" : "";
}

/* Ports near each other, so that ranges overlap and touch. */
static unsigned int choose_port(struct random *rnd)
{
	static const unsigned int edges[] = { 0, 1, 22, 53, 65534, 65535 };

	if (random_chance(rnd, 30))
		return random_pick(rnd, edges);
	return 20 + random_below(rnd, 12);
}

static void add_port_range(struct writing *w)
{
	unsigned int min = choose_port(w->rnd), max = choose_port(w->rnd);

	if (min >= max || random_chance(w->rnd, 50))
		buf_addf(w->out, "%u", min);
	else
		buf_addf(w->out, "%u:%u", min, max);
}

static u128 choose_addr(struct writing *w)
{
	enum family family = w->options->family;
	size_t count = topology_addr_count(family);

	return topology_addr(family, random_below(w->rnd, count));
}

static void add_addr(struct writing *w, char letter)
{
	unsigned int bits = w->is_ipv4 ? 32 : 128;
	u128 addr = choose_addr(w);
	u128 mask;
	char text[64], mask_text[64];

	buf_addf(w->out, "%s -%c %s", maybe_not(w), letter,
		 topology_addr_text(w->options->family, addr, text));
	if (random_chance(w->rnd, 40))
		return;
	if (random_chance(w->rnd, 70)) {
		buf_addf(w->out, "/%u", 1 + random_below(w->rnd, bits));
		return;
	}
	mask = (u128)(1 + random_below(w->rnd, 255))
	       << (random_below(w->rnd, bits / 8) * 8);
	/* Open bits in one byte, or in all others. */
	if (random_chance(w->rnd, 70))
		mask ^= num_max(bits);
	buf_addf(w->out, "/%s",
		 topology_addr_text(w->options->family, mask, mask_text));
}

static void add_iface(struct writing *w, char letter)
{
	static const char *const names[] = { "eth0", "eth1", "eth+", "eth0+",
					     "lo",   "e+",   "wan0", "+",
					     "e+h0", "+eth", "ETH0" };
	const char *name = random_pick(w->rnd, names);

	buf_addf(w->out, "%s -%c %s", strcmp(name, "+") ? maybe_not(w) : "",
		 letter, name);
}

static void add_proto(struct writing *w)
{
	static const char *const named[] = { "tcp", "udp",  "icmp",    "tcp",
					     "udp", "sctp", "udplite", "dccp" };
	static const char *const others[] = {
		"47", "50", "1", "58", "17", "6"
	};
	const char *proto = random_chance(w->rnd, 85)
				    ? random_pick(w->rnd, named)
				    : random_pick(w->rnd, others);
	bool is_negated = random_chance(w->rnd, 10);

	if (!strcmp(proto, "icmp") && !w->is_ipv4)
		proto = "ipv6-icmp";
	buf_addf(w->out, "%s -p %s", is_negated ? " !" : "", proto);
	if (!is_negated)
		w->proto = proto;
}

static bool is_proto(const struct writing *w, const char *proto)
{
	return !strcmp(w->proto, proto);
}

static void add_tcp_flags(struct writing *w)
{
	static const char *const flags[] = {
		"FIN,SYN,RST,ACK SYN",
		"SYN,ACK ACK",
		"ALL NONE",
		"ALL ALL",
		"PSH,FIN PSH",
		"SYN,RST SYN,RST",
		"URG URG",
		"ALL FIN,URG,PSH",
		"ACK,FIN FIN",
	};

	buf_addf(w->out, "%s --tcp-flags %s", maybe_not(w),
		 random_pick(w->rnd, flags));
}

/* -m tcp, -m udp and their like with some of their options. */
static void add_port_module(struct writing *w)
{
	bool is_tcp = is_proto(w, "tcp");
	const char *odd = gen_odd_ports(w->rnd, w->proto);

	if (odd && !w->options->is_exact && random_chance(w->rnd, 15)) {
		buf_add(w->out, odd);
		return;
	}
	/* udplite's options are those of the module udp. */
	buf_addf(w->out, " -m %s", is_proto(w, "udplite") ? "udp" : w->proto);
	if (random_chance(w->rnd, 40)) {
		buf_addf(w->out, "%s --sport ", maybe_not(w));
		add_port_range(w);
	}
	if (random_chance(w->rnd, 60)) {
		buf_addf(w->out, "%s --dport ", maybe_not(w));
		add_port_range(w);
	}
	if (is_tcp && random_chance(w->rnd, 30))
		add_tcp_flags(w);
	if (is_tcp && !w->options->is_exact && random_chance(w->rnd, 12))
		buf_addf(w->out, "%s --tcp-option %u", maybe_not(w),
			 random_chance(w->rnd, 60)
				 ? 2
				 : 2 + random_below(w->rnd, 252));
}

static void add_multiport(struct writing *w)
{
	static const char *const which[] = { "--sports", "--dports",
					     "--ports" };
	unsigned int count = 1 + random_below(w->rnd, 4);

	buf_addf(w->out, " -m multiport%s %s ", maybe_not(w),
		 random_pick(w->rnd, which));
	for (unsigned int i = 0; i < count; i++) {
		if (i)
			buf_add(w->out, ",");
		add_port_range(w);
	}
}

static void add_icmp(struct writing *w)
{
	static const char *const types4[] = { "8",    "0",   "3",   "3/1",
					      "11/0", "any", "13",  "3/255",
					      "255",  "5/1", "8/0", "12" };
	static const char *const types6[] = { "128", "129", "1",    "1/4",
					      "2",   "135", "136",  "3/0",
					      "133", "4/1", "128/0" };

	if (w->is_ipv4)
		buf_addf(w->out, " -m icmp%s --icmp-type %s", maybe_not(w),
			 random_pick(w->rnd, types4));
	else
		buf_addf(w->out, " -m icmp6%s --icmpv6-type %s", maybe_not(w),
			 random_pick(w->rnd, types6));
}

static void add_proto_options(struct writing *w)
{
	static const char *const with_ports[] = { "tcp", "udp", "sctp", "dccp",
						  "udplite" };

	if (is_proto(w, "icmp") || is_proto(w, "ipv6-icmp")) {
		if (random_chance(w->rnd, 75))
			add_icmp(w);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(with_ports); i++) {
		if (!is_proto(w, with_ports[i]))
			continue;
		/* -m udp refuses udplite, there is no module udplite. */
		if (random_chance(w->rnd, 70) && !is_proto(w, "udplite"))
			add_port_module(w);
		if (random_chance(w->rnd, 25))
			add_multiport(w);
	}
}

static void add_iprange(struct writing *w)
{
	u128 a = choose_addr(w), b = choose_addr(w);
	char min[64], max[64];

	if (a > b)
		b = a;
	else if (random_chance(w->rnd, 30))
		b = a | random_below(w->rnd, 16);
	buf_addf(w->out, " -m iprange%s --%s-range %s-%s", maybe_not(w),
		 random_chance(w->rnd, 50) ? "src" : "dst",
		 topology_addr_text(w->options->family, a, min),
		 topology_addr_text(w->options->family, b, max));
}

static void add_length(struct writing *w)
{
	unsigned int min = 20 + random_below(w->rnd, 80);

	buf_addf(w->out, " -m length%s --length %u:%u", maybe_not(w), min,
		 min + random_below(w->rnd, 60));
}

static void add_ttl(struct writing *w)
{
	static const char *const tests[] = { "eq", "lt", "gt" };
	const char *module = w->is_ipv4 ? "ttl" : "hl";
	const char *test = random_pick(w->rnd, tests);

	/* Only equality can be negated. */
	buf_addf(w->out, " -m %s%s --%s-%s %u", module,
		 *test == 'e' ? maybe_not(w) : "", module, test,
		 random_below(w->rnd, 80));
}

static void add_tos(struct writing *w)
{
	if (random_chance(w->rnd, 50))
		buf_addf(w->out, " -m dscp%s --dscp 0x%02x", maybe_not(w),
			 random_below(w->rnd, 4) * 8);
	else
		buf_addf(w->out, " -m tos%s --tos 0x%02x/0x%02x", maybe_not(w),
			 random_below(w->rnd, 4) * 4,
			 0x3f << random_below(w->rnd, 3) & 0xff);
}

static void add_ecn(struct writing *w)
{
	unsigned int die = random_below(w->rnd, is_proto(w, "tcp") ? 3 : 1);

	if (die == 0)
		buf_addf(w->out, " -m ecn%s --ecn-ip-ect %u", maybe_not(w),
			 random_below(w->rnd, 4));
	else
		buf_addf(w->out, " -m ecn%s --ecn-tcp-%s", maybe_not(w),
			 die == 1 ? "cwr" : "ece");
}

static void add_mac(struct writing *w)
{
	buf_addf(w->out, " -m mac%s --mac-source 02:00:00:00:01:%02X",
		 maybe_not(w), 1 + random_below(w->rnd, 3));
}

static void add_pkttype(struct writing *w)
{
	static const char *const types[] = { "unicast", "broadcast",
					     "multicast" };

	buf_addf(w->out, " -m pkttype%s --pkt-type %s", maybe_not(w),
		 random_pick(w->rnd, types));
}

static void add_addrtype(struct writing *w)
{
	static const char *const types[] = { "LOCAL", "UNICAST", "BROADCAST",
					     "MULTICAST", "LOCAL,BROADCAST" };
	/* IPv6 knows no broadcast. */
	static const char *const types6[] = { "LOCAL", "UNICAST", "MULTICAST",
					      "UNICAST,LOCAL" };

	buf_addf(w->out, " -m addrtype%s --%s-type %s", maybe_not(w),
		 random_chance(w->rnd, 50) ? "src" : "dst",
		 w->is_ipv4 ? random_pick(w->rnd, types)
			    : random_pick(w->rnd, types6));
}

static void add_mss(struct writing *w)
{
	unsigned int min = random_chance(w->rnd, 50)
				   ? 536
				   : 1400 + random_below(w->rnd, 90);

	if (!is_proto(w, "tcp"))
		return;
	buf_addf(w->out, " -m tcpmss%s --mss %u", maybe_not(w), min);
	if (random_chance(w->rnd, 70))
		buf_addf(w->out, ":%u",
			 random_chance(w->rnd, 50)
				 ? 65535
				 : min + random_below(w->rnd, 60));
}

static void add_extension(struct writing *w)
{
	static const char *const matches[] = {
		" -m rt --rt-type 0",
		" -m rt ! --rt-type 0",
		" -m rt",
		" -m frag",
		" -m frag ! --fragid 1:9",
		" -m frag --fragfirst",
		" -m hbh",
		" -m hbh ! --hbh-len 8",
		" -m dst ! --dst-len 8",
		" -m ah",
		" -m ah ! --ahspi 500",
		" -m srh",
	};

	if (!w->is_ipv4)
		buf_add(w->out, random_pick(w->rnd, matches));
}

static void add_comment(struct writing *w)
{
	buf_add(w->out, " -m comment --comment \"a \\\"word\\\"\"");
}

static void add_state(struct writing *w)
{
	static const char *const names[] = { "NEW", "ESTABLISHED", "RELATED",
					     "INVALID", "UNTRACKED" };
	unsigned int chosen = 1 + random_below(w->rnd, 31);
	const char *comma = "";

	buf_addf(w->out, " -m conntrack%s --ctstate ", maybe_not(w));
	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(chosen >> i & 1))
			continue;
		buf_addf(w->out, "%s%s", comma, names[i]);
		comma = ",";
	}
}

static void add_unknown(struct writing *w)
{
	static const char *const unknown[] = {
		" -m string --string \"GET\" --algo bm --to 65535",
		" -m mark --mark 0x1",
		" -m limit --limit 1/hour",
		" -m recent --name x --rcheck",
		" -m recent --name x --set",
		" -m statistic --mode nth --every 2 --packet 0",
		" -m quota --quota 300",
		" -m time --weekdays Mon",
	};

	buf_add(w->out, random_pick(w->rnd, unknown));
}

static void add_set(struct writing *w)
{
	unsigned int number = random_below(w->rnd, GEN_SETS_COUNT);
	unsigned int way = w->options->set_seed >> number;

	buf_addf(w->out, " -m set%s --match-set s%u ", maybe_not(w), number);
	for (unsigned int i = 0; i <= way % 3; i++)
		buf_addf(w->out, "%s%s", i ? "," : "",
			 way >> (3 + i) & 1 ? "src" : "dst");
}

static void add_modules(struct writing *w)
{
	static void (*const modules[])(struct writing *) = {
		add_iprange, add_length,    add_ttl,	 add_tos,
		add_ecn,     add_mac,	    add_pkttype, add_addrtype,
		add_comment, add_extension, add_mss,
	};
	const struct gen_rules_options *options = w->options;

	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		/* The world outside the header, and CWR or ECE: not exact. */
		if (options->is_exact &&
		    (modules[i] == add_addrtype || modules[i] == add_ecn))
			continue;
		if (random_chance(w->rnd, 5))
			modules[i](w);
	}
	if (!options->no_state && !options->is_exact &&
	    random_chance(w->rnd, 20))
		add_state(w);
	if (options->set_seed && random_chance(w->rnd, 40))
		add_set(w);
	if (options->has_unknown && random_chance(w->rnd, 12))
		add_unknown(w);
}

void gen_matches_add(struct buf *out, struct random *rnd,
		     const struct gen_rules_options *options, const char *chain)
{
	struct writing w = {
		.out = out,
		.rnd = rnd,
		.options = options,
		.chain = chain,
		.is_ipv4 = options->family == FAMILY_IPV4,
		.proto = "",
	};

	if (random_chance(rnd, 25))
		add_addr(&w, 's');
	if (random_chance(rnd, 30))
		add_addr(&w, 'd');
	if (random_chance(rnd, 15))
		add_iface(&w, 'i');
	if (!strcmp(chain, "FORWARD") && random_chance(rnd, 15))
		add_iface(&w, 'o');
	if (random_chance(rnd, 60))
		add_proto(&w);
	if (w.is_ipv4 && random_chance(rnd, 5))
		buf_addf(out, "%s -f", maybe_not(&w));
	if (*w.proto)
		add_proto_options(&w);
	add_modules(&w);
	if (!options->is_exact && random_chance(rnd, 15))
		buf_add(out, gen_odd_match(rnd, options->family, w.proto));
}
