// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/flatten.h"
#include "rules/read.h"

static const uint8_t any_state[] = { CT_ALL };
static const uint8_t new_state[] = { CT_NEW | CT_INVALID };

/* One ruleset, flattened as eth0 sees it. */
struct fixture {
	struct ruleset *ruleset;
	struct flat *flat;
};

static struct flatten_options default_options(void)
{
	return (struct flatten_options){ .iface = "eth0",
					 .state_sets = any_state,
					 .state_set_count = 1 };
}

static struct fixture make_with(const char *text,
				const struct flatten_options *options)
{
	struct fixture fixture = { 0 };
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", FAMILY_IPV4,
		       &fixture.ruleset, NULL, &err))
		fail_msg("%s", err.text);
	assert_int_equal(flatten_make(fixture.ruleset, options, &fixture.flat,
				      &err),
			 0);
	return fixture;
}

static struct fixture make(const char *text)
{
	struct flatten_options options = default_options();

	return make_with(text, &options);
}

static void release(struct fixture *fixture)
{
	flat_free(fixture->flat);
	ruleset_free(fixture->ruleset);
}

#define IP(a, b, c, d)                                                         \
	((u128)(a) << 24 | (unsigned int)(b) << 16 | (c) << 8 | (d))

static struct header tcp_to(uint16_t dport)
{
	struct header header = { 0 };

	header.fields[FIELD_PROTO] = IPPROTO_TCP;
	header.fields[FIELD_SADDR] = IP(10, 0, 0, 1);
	header.fields[FIELD_DADDR] = IP(192, 0, 2, 1);
	header.fields[FIELD_SPORT] = 40000;
	header.fields[FIELD_DPORT] = dport;
	header.fields[FIELD_TCP_FLAGS] = 0x02;
	header.fields[FIELD_LENGTH] = 60;
	header.fields[FIELD_TTL] = 64;
	return header;
}

static struct header from(u128 saddr)
{
	struct header header = tcp_to(80);

	header.fields[FIELD_SADDR] = saddr;
	return header;
}

static unsigned int dropped(const struct fixture *fixture, struct header header,
			    enum stage stage)
{
	return worlds_states(flat_find(fixture->flat, &header)->drop, stage);
}

/* The drop rule at this line of the text. */
static const struct flat_rule *rule_at(const struct fixture *fixture,
				       unsigned int line)
{
	for (size_t i = 0; i < fixture->flat->rule_count; i++) {
		const struct flat_rule *flat = &fixture->flat->rules[i];

		if (flat->rule && flat->rule->line == line)
			return flat;
	}
	fail_msg("no rule at line %u", line);
	return NULL;
}

#define FILTER "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"

static void a_drop_in_input_says_nothing_about_forward(void **state)
{
	struct fixture f =
		make(FILTER "-A INPUT -s 10.0.0.0/8 -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, from(IP(10, 1, 2, 3)), STAGE_INPUT),
			 CT_ALL);
	assert_int_equal(dropped(&f, from(IP(10, 1, 2, 3)), STAGE_FORWARD), 0);
	assert_int_equal(dropped(&f, from(IP(10, 1, 2, 3)), STAGE_PREROUTING),
			 0);
	assert_int_equal(dropped(&f, from(IP(11, 1, 2, 3)), STAGE_INPUT), 0);
	assert_int_equal(rule_at(&f, 4)->drop_regions, 1);
	release(&f);
}

static void a_drop_in_raw_holds_wherever_the_packet_goes(void **state)
{
	struct fixture f = make("*raw\n:PREROUTING ACCEPT [0:0]\n"
				"-A PREROUTING -p tcp --dport 23 -j DROP\n"
				"COMMIT\n");

	(void)state;
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		assert_int_equal(dropped(&f, tcp_to(23), stage), CT_ALL);
		assert_int_equal(dropped(&f, tcp_to(24), stage), 0);
	}
	release(&f);
}

static void an_accepted_state_takes_the_later_drops_away(void **state)
{
	static const char text[] =
		FILTER "-A INPUT -m state --state ESTABLISHED -j ACCEPT\n"
		       "-A INPUT -p tcp --dport 23 -j DROP\nCOMMIT\n";
	struct fixture f = make(text);
	struct flatten_options options = default_options();

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT), 0);
	assert_int_equal(rule_at(&f, 5)->why, WHY_NEEDS_STATE);
	assert_int_equal(f.flat->rules[rule_at(&f, 5)->blocker].rule->line, 4);
	release(&f);

	/* With a lookup that tells new packets apart they are back. */
	options.state_sets = new_state;
	f = make_with(text, &options);
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT),
			 CT_ALL & ~CT_ESTABLISHED);
	assert_int_equal(dropped(&f, tcp_to(24), STAGE_INPUT), 0);
	release(&f);
}

static void invalid_may_be_dropped_early_in_the_list(void **state)
{
	struct fixture f =
		make(FILTER "-A INPUT -m conntrack --ctstate INVALID -j DROP\n"
			    "-A INPUT -p tcp --dport 23 -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT), CT_ALL);
	assert_int_equal(dropped(&f, tcp_to(24), STAGE_INPUT), 0);
	release(&f);
}

static void return_skips_the_rest_of_its_chain_only(void **state)
{
	struct fixture f =
		make(FILTER ":C - [0:0]\n-A INPUT -j C\n"
			    "-A INPUT -s 10.9.0.0/16 -j DROP\n"
			    "-A C -s 10.0.0.0/8 -j RETURN\n-A C -j DROP\n"
			    "COMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, from(IP(11, 0, 0, 1)), STAGE_INPUT),
			 CT_ALL);
	assert_int_equal(dropped(&f, from(IP(10, 0, 0, 1)), STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, from(IP(10, 9, 0, 1)), STAGE_INPUT),
			 CT_ALL);
	release(&f);
}

static void falling_off_a_goto_goes_to_the_policy(void **state)
{
	struct fixture f = make(FILTER ":C - [0:0]\n-A INPUT -p tcp -g C\n"
				       "-A INPUT -j DROP\n"
				       "-A C -p tcp --dport 22 -j DROP\n"
				       "COMMIT\n");
	struct header udp = tcp_to(53);

	(void)state;
	udp.fields[FIELD_PROTO] = IPPROTO_UDP;
	assert_int_equal(dropped(&f, tcp_to(22), STAGE_INPUT), CT_ALL);
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, udp, STAGE_INPUT), CT_ALL);
	release(&f);
}

static void an_unknown_accept_leaves_its_packets_to_the_host(void **state)
{
	struct fixture f = make(
		FILTER "-A INPUT -p tcp --dport 22 -m u32 --u32 0=1 -j ACCEPT\n"
		       "-A INPUT -p tcp -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(22), STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT), CT_ALL);
	release(&f);
}

static void an_unknown_drop_changes_nothing(void **state)
{
	struct fixture f =
		make(FILTER "-A INPUT -m u32 --u32 0=1 -j DROP\n"
			    "-A INPUT -p tcp --dport 22 -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(22), STAGE_INPUT), CT_ALL);
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT), 0);
	assert_int_equal(rule_at(&f, 4)->why, WHY_UNKNOWN_MATCH);
	release(&f);
}

static void both_ways_past_an_unknown_jump_must_drop(void **state)
{
	struct fixture f =
		make(FILTER ":C - [0:0]\n-A INPUT -m u32 --u32 0=1 -j C\n"
			    "-A INPUT -p tcp --dport 20:30 -j DROP\n"
			    "-A C -p tcp --dport 22 -j ACCEPT\n"
			    "-A C -p tcp --dport 23 -j DROP\n"
			    "-A C -p tcp --dport 23:40 -j ACCEPT\n"
			    "COMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(21), STAGE_INPUT), CT_ALL);
	assert_int_equal(dropped(&f, tcp_to(22), STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT), CT_ALL);
	assert_int_equal(dropped(&f, tcp_to(24), STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, tcp_to(35), STAGE_INPUT), 0);
	release(&f);
}

static void an_unknown_accept_in_raw_does_not_hide_filter(void **state)
{
	struct fixture f =
		make("*raw\n:PREROUTING ACCEPT [0:0]\n"
		     "-A PREROUTING -m u32 --u32 0=1 -j ACCEPT\n"
		     "-A PREROUTING -p tcp --dport 22 -j DROP\nCOMMIT\n" FILTER
		     "-A INPUT -p tcp --dport 22:23 -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(22), STAGE_PREROUTING), 0);
	assert_int_equal(dropped(&f, tcp_to(22), STAGE_INPUT), CT_ALL);
	assert_int_equal(dropped(&f, tcp_to(22), STAGE_FORWARD), 0);
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT), CT_ALL);
	release(&f);
}

static void a_match_that_remembers_is_bounded_by_those_before_it(void **state)
{
	struct fixture f =
		make(FILTER "-A INPUT -p tcp --dport 22 -m recent --set "
			    "--name a --rsource -s 10.0.0.0/8 -j DROP\n"
			    "-A INPUT -p tcp -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(22), STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT), CT_ALL);
	release(&f);
}

static void a_log_line_keeps_its_packets(void **state)
{
	struct fixture f = make(FILTER "-A INPUT -s 10.1.0.0/16 -j LOG\n"
				       "-A INPUT -s 10.0.0.0/8 -j DROP\n"
				       "COMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, from(IP(10, 1, 0, 1)), STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, from(IP(10, 2, 0, 1)), STAGE_INPUT),
			 CT_ALL);
	release(&f);
}

static void a_rule_without_a_target_counts_unless_told_otherwise(void **state)
{
	static const char text[] = FILTER "-A INPUT -s 10.1.0.0/16\n"
					  "-A INPUT -j DROP\nCOMMIT\n";
	struct flatten_options options = default_options();
	struct fixture f = make(text);

	(void)state;
	assert_int_equal(dropped(&f, from(IP(10, 1, 0, 1)), STAGE_INPUT), 0);
	release(&f);
	options.ignore_counters = true;
	f = make_with(text, &options);
	assert_int_equal(dropped(&f, from(IP(10, 1, 0, 1)), STAGE_INPUT),
			 CT_ALL);
	release(&f);
}

static void a_jump_of_some_packets_to_an_empty_chain_counts(void **state)
{
	struct fixture f = make("*filter\n:INPUT ACCEPT [0:0]\n:ACCT - [0:0]\n"
				"-A INPUT -j ACCT\n"
				"-A INPUT -s 10.1.0.0/16 -j ACCT\n"
				"-A INPUT -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, from(IP(10, 1, 0, 1)), STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, from(IP(10, 2, 0, 1)), STAGE_INPUT),
			 CT_ALL);
	release(&f);
}

/* What connection tracking tells of packets that no connection knows. */
static const uint8_t unknown_states = CT_NEW | CT_INVALID | CT_UNTRACKED;

static struct fixture make_with_lookup(const char *text)
{
	struct flatten_options options = {
		.iface = "eth0",
		.state_sets = &unknown_states,
		.state_set_count = 1,
	};

	return make_with(text, &options);
}

/* Replies go to others, by routes of their own, or there may be no route. */
static void masquerading_leaves_replies_to_the_host(void **state)
{
	struct fixture f = make_with_lookup(
		"*nat\n:POSTROUTING ACCEPT [0:0]\n"
		"-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n" FILTER
		"-A INPUT -p tcp --dport 23 -j DROP\n"
		"-A INPUT -s 10.0.0.0/8 -j DROP\n"
		"-A FORWARD -s 10.0.0.0/9 -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT), unknown_states);
	assert_int_equal(dropped(&f, from(IP(10, 200, 0, 1)), STAGE_INPUT),
			 unknown_states);
	assert_int_equal(dropped(&f, from(IP(10, 1, 0, 1)), STAGE_INPUT),
			 unknown_states);
	assert_int_equal(dropped(&f, from(IP(10, 1, 0, 1)), STAGE_FORWARD),
			 unknown_states);
	release(&f);
}

/* Where it goes then, there may be no route, or its TTL runs out. */
static void what_dnat_takes_is_left_to_the_host(void **state)
{
	struct fixture f =
		make_with_lookup("*nat\n:PREROUTING ACCEPT [0:0]\n:A - [0:0]\n"
				 "-A PREROUTING -p tcp --dport 23 -j A\n"
				 "-A A -j DNAT --to-destination 10.9.9.9\n"
				 "COMMIT\n*filter\n:INPUT DROP [0:0]\n"
				 ":FORWARD DROP [0:0]\nCOMMIT\n");

	(void)state;
	assert_false(dropped(&f, tcp_to(23), STAGE_INPUT) & CT_NEW);
	assert_false(dropped(&f, tcp_to(23), STAGE_FORWARD) & CT_NEW);
	assert_int_equal(dropped(&f, tcp_to(24), STAGE_INPUT), unknown_states);
	release(&f);
}

static void masquerading_hides_ports_of_replies(void **state)
{
	struct fixture f =
		make("*nat\n:POSTROUTING ACCEPT [0:0]\n"
		     "-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n" FILTER
		     "-A INPUT -p tcp --dport 23 -j DROP\n"
		     "-A FORWARD -p tcp --dport 23 -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(23), STAGE_INPUT), 0);
	assert_int_equal(rule_at(&f, 8)->drop_regions, 0);
	release(&f);
}

/* The packet that opens a connection is logged there, whatever drops it. */
static void what_nat_notes_keeps_new_packets(void **state)
{
	struct fixture f =
		make_with_lookup("*nat\n:PREROUTING ACCEPT [0:0]\n"
				 "-A PREROUTING -p tcp --dport 23 -j LOG\n"
				 "COMMIT\n*filter\n:INPUT DROP [0:0]\n"
				 ":FORWARD DROP [0:0]\nCOMMIT\n");

	(void)state;
	assert_false(dropped(&f, tcp_to(23), STAGE_INPUT) & CT_NEW);
	assert_int_equal(dropped(&f, tcp_to(24), STAGE_INPUT), unknown_states);
	release(&f);
}

/* It is asked about by the packet that opens a connection, not by the next. */
static void a_policy_of_nat_drops_no_packet_for_sure(void **state)
{
#define NAT                                                                    \
	"*nat\n:PREROUTING DROP [0:0]\n"                                       \
	"-A PREROUTING -p tcp --dport 23 -j ACCEPT\nCOMMIT\n"                  \
	"*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"
	struct fixture f = make_with_lookup(
		NAT "-A INPUT -m conntrack ! --ctstate NEW -j DROP\nCOMMIT\n");

	(void)state;
	assert_false(dropped(&f, tcp_to(24), STAGE_INPUT) & CT_NEW);
	release(&f);

	f = make_with_lookup(NAT "-A INPUT -j DROP\nCOMMIT\n");
	assert_true(dropped(&f, tcp_to(24), STAGE_INPUT) & CT_NEW);
	release(&f);
#undef NAT
}

static void flags_that_gro_merges_are_not_certain(void **state)
{
	struct fixture f =
		make(FILTER "-A INPUT -p tcp --tcp-flags PSH PSH -j DROP\n"
			    "-A INPUT -p tcp ! --syn -j DROP\nCOMMIT\n");
	struct header syn = tcp_to(80), push = tcp_to(80), ack = tcp_to(80);

	(void)state;
	push.fields[FIELD_TCP_FLAGS] = 0x18;
	ack.fields[FIELD_TCP_FLAGS] = 0x10;
	assert_int_equal(dropped(&f, syn, STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, push, STAGE_INPUT), CT_ALL);
	assert_int_equal(dropped(&f, ack, STAGE_INPUT), CT_ALL);
	release(&f);

	f = make(FILTER "-A INPUT -p tcp --tcp-flags PSH PSH -j DROP\n"
			"-A INPUT -p tcp --tcp-flags SYN,PSH SYN -j DROP\n"
			"COMMIT\n");
	assert_int_equal(dropped(&f, push, STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, syn, STAGE_INPUT), CT_ALL);
	syn.fields[FIELD_TCP_FLAGS] = 0x0a; /* never merged: PSH is PSH */
	assert_int_equal(dropped(&f, syn, STAGE_INPUT), CT_ALL);
	release(&f);
}

static void a_length_holds_for_everything_that_gro_may_make(void **state)
{
	struct fixture f = make(
		FILTER "-A INPUT -p udp -m length --length 0:100 -j DROP\n"
		       "-A INPUT -p icmp -m length --length 0:100 -j DROP\n"
		       "-A INPUT -p udp -m length --length 500:65535 "
		       "-j DROP\nCOMMIT\n");
	struct header header = tcp_to(80);

	(void)state;
	header.fields[FIELD_PROTO] = IPPROTO_UDP;
	assert_int_equal(dropped(&f, header, STAGE_INPUT), 0);
	header.fields[FIELD_LENGTH] = 500;
	assert_int_equal(dropped(&f, header, STAGE_INPUT), CT_ALL);
	header.fields[FIELD_PROTO] = IPPROTO_ICMP;
	assert_int_equal(dropped(&f, header, STAGE_INPUT), 0);
	header.fields[FIELD_LENGTH] = 100;
	assert_int_equal(dropped(&f, header, STAGE_INPUT), CT_ALL);
	release(&f);
}

static void fragments_are_judged_by_addresses_and_protocol(void **state)
{
	struct flatten_options options = default_options();

	(void)state;
	options.is_fragment = true;
	struct fixture f =
		make_with(FILTER "-A INPUT -p tcp --dport 22 -j ACCEPT\n"
				 "-A INPUT -p udp --dport 53 -j DROP\n"
				 "-A INPUT -s 10.0.0.0/8 -j DROP\nCOMMIT\n",
			  &options);
	struct header header = tcp_to(0);

	assert_int_equal(dropped(&f, header, STAGE_INPUT), 0);
	header.fields[FIELD_PROTO] = IPPROTO_UDP;
	assert_int_equal(dropped(&f, header, STAGE_INPUT), CT_ALL);
	header.fields[FIELD_SADDR] = IP(11, 0, 0, 1);
	assert_int_equal(dropped(&f, header, STAGE_INPUT), 0);
	release(&f);
}

static void either_port_of_multiport_counts(void **state)
{
	struct fixture f = make(
		FILTER "-A INPUT -p tcp -m multiport --ports 22,40000 -j DROP\n"
		       "-A FORWARD -p tcp -m multiport ! --ports 22 -j DROP\n"
		       "COMMIT\n");
	struct header header = tcp_to(22);

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(80), STAGE_INPUT), CT_ALL);
	assert_int_equal(dropped(&f, tcp_to(80), STAGE_FORWARD), CT_ALL);
	assert_int_equal(dropped(&f, header, STAGE_FORWARD), 0);
	header.fields[FIELD_SPORT] = 1;
	assert_int_equal(dropped(&f, header, STAGE_INPUT), CT_ALL);
	header.fields[FIELD_DPORT] = 2;
	assert_int_equal(dropped(&f, header, STAGE_INPUT), 0);
	release(&f);
}

static void a_rule_of_another_interface_is_not_ours(void **state)
{
	struct fixture f = make(FILTER "-A INPUT -i eth1 -j DROP\n"
				       "-A INPUT -i eth+ -p udp -j DROP\n"
				       "-A INPUT ! -i eth0 -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(80), STAGE_INPUT), 0);
	assert_int_equal(rule_at(&f, 4)->why, WHY_OTHER_INTERFACE);
	assert_int_equal(rule_at(&f, 5)->drop_regions, 1);
	assert_int_equal(rule_at(&f, 6)->why, WHY_OTHER_INTERFACE);
	release(&f);
}

static void in_raw_every_packet_is_invalid_unless_untracked(void **state)
{
	struct fixture f = make(
		"*raw\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -m state --state NEW -j ACCEPT\n"
		"-A PREROUTING -m state --state INVALID -s 10.0.0.0/8 -j DROP\n"
		"COMMIT\n");

	(void)state;
	assert_int_equal(dropped(&f, tcp_to(80), STAGE_PREROUTING), CT_ALL);
	release(&f);
	f = make("*raw\n:PREROUTING ACCEPT [0:0]\n"
		 "-A PREROUTING -p udp -j NOTRACK\n"
		 "-A PREROUTING -m state --state INVALID -j DROP\nCOMMIT\n");
	assert_int_equal(dropped(&f, tcp_to(80), STAGE_PREROUTING), 0);
	release(&f);
}

static void a_field_that_rules_rewrite_is_unknown_from_there_on(void **state)
{
	struct fixture f =
		make("*mangle\n:PREROUTING ACCEPT [0:0]\n"
		     "-A PREROUTING -m ttl --ttl-eq 64 -p udp -j DROP\n"
		     "-A PREROUTING -j TTL --ttl-set 9\n"
		     "-A PREROUTING -m ttl --ttl-eq 64 -j DROP\n"
		     "COMMIT\n");
	struct header udp = tcp_to(53);

	(void)state;
	udp.fields[FIELD_PROTO] = IPPROTO_UDP;
	assert_int_equal(dropped(&f, udp, STAGE_PREROUTING), CT_ALL);
	assert_int_equal(dropped(&f, tcp_to(80), STAGE_PREROUTING), 0);
	release(&f);
}

/* Raw drops everything from 10/8, mangle from 11/8, INPUT and FORWARD TCP. */
static const char early_and_late[] =
	"*raw\n:PREROUTING ACCEPT [0:0]\n"
	"-A PREROUTING -s 10.0.0.0/8 -j DROP\nCOMMIT\n"
	"*mangle\n:PREROUTING ACCEPT [0:0]\n"
	"-A PREROUTING -s 11.0.0.0/8 -j DROP\nCOMMIT\n" FILTER
	"-A INPUT -p tcp -j DROP\n"
	"-A FORWARD -p tcp -j DROP\nCOMMIT\n";

static void what_tracking_logs_is_dropped_in_raw_or_by_the_host(void **state)
{
	struct flatten_options options = default_options();

	(void)state;
	options.logs_invalid = true;
	struct fixture f = make_with(early_and_late, &options);
	struct header late = from(IP(12, 1, 1, 1));
	const struct region *region = flat_find(f.flat, &late);

	assert_int_equal(dropped(&f, from(IP(10, 1, 1, 1)), STAGE_PREROUTING),
			 CT_ALL);
	assert_int_equal(dropped(&f, from(IP(10, 1, 1, 1)), STAGE_FORWARD),
			 CT_ALL);
	assert_int_equal(dropped(&f, from(IP(11, 1, 1, 1)), STAGE_PREROUTING),
			 0);
	assert_int_equal(dropped(&f, late, STAGE_INPUT), 0);
	assert_int_equal(region->why[STAGE_INPUT], WHY_LOG_SYSCTL);
	assert_int_equal(region->why[STAGE_FORWARD], WHY_LOG_SYSCTL);
	assert_int_equal(rule_at(&f, 7)->why, WHY_LOG_SYSCTL);
	assert_int_equal(rule_at(&f, 12)->why, WHY_LOG_SYSCTL);
	assert_int_equal(rule_at(&f, 13)->blocker, NO_RULE);
	release(&f);
}

static void tracking_logs_also_where_raw_is_empty(void **state)
{
	struct flatten_options options = default_options();

	(void)state;
	options.logs_invalid = true;
	struct fixture f =
		make_with(FILTER "-A INPUT -j DROP\nCOMMIT\n", &options);
	assert_int_equal(dropped(&f, tcp_to(80), STAGE_INPUT), 0);
	release(&f);
}

static void untracked_packets_are_not_logged_by_tracking(void **state)
{
	static const uint8_t untracked[] = { CT_UNTRACKED };
	struct flatten_options options = default_options();

	(void)state;
	options.logs_invalid = true;
	options.state_sets = untracked;
	struct fixture f = make_with(early_and_late, &options);
	assert_int_equal(dropped(&f, from(IP(12, 1, 1, 1)), STAGE_INPUT),
			 CT_UNTRACKED);
	release(&f);
}

static void what_routing_logs_is_dropped_before_it_or_by_the_host(void **state)
{
	struct flatten_options options = default_options();

	(void)state;
	options.logs_martians = true;
	struct fixture f = make_with(early_and_late, &options);

	assert_int_equal(dropped(&f, from(IP(10, 1, 1, 1)), STAGE_PREROUTING),
			 CT_ALL);
	assert_int_equal(dropped(&f, from(IP(11, 1, 1, 1)), STAGE_PREROUTING),
			 CT_ALL);
	assert_int_equal(dropped(&f, from(IP(11, 1, 1, 1)), STAGE_INPUT),
			 CT_ALL);
	assert_int_equal(dropped(&f, from(IP(12, 1, 1, 1)), STAGE_INPUT), 0);
	assert_int_equal(dropped(&f, from(IP(12, 1, 1, 1)), STAGE_FORWARD), 0);
	assert_int_equal(rule_at(&f, 12)->why, WHY_LOG_SYSCTL);
	release(&f);

	options.is_fragment = true;
	f = make_with(early_and_late, &options);
	assert_int_equal(dropped(&f, from(IP(12, 1, 1, 1)), STAGE_INPUT), 0);
	release(&f);
}

static void routing_logs_no_ipv6_packets(void **state)
{
	static const char text[] = FILTER "-A INPUT -j DROP\nCOMMIT\n";
	struct flatten_options options = default_options();
	struct ruleset *ruleset = NULL;
	struct flat *flat = NULL;
	struct header header = { 0 };
	struct err err = { 0 };

	(void)state;
	options.logs_martians = true;
	assert_int_equal(read_rules(text, strlen(text), "test", FAMILY_IPV6,
				    &ruleset, NULL, &err),
			 0);
	assert_int_equal(flatten_make(ruleset, &options, &flat, &err), 0);
	assert_int_equal(worlds_states(flat_find(flat, &header)->drop,
				       STAGE_INPUT),
			 CT_ALL);
	flat_free(flat);
	ruleset_free(ruleset);
}

static void beyond_a_bound_everything_passes(void **state)
{
	struct flatten_options options = default_options();

	(void)state;
	options.max_regions = 3;
	struct fixture f =
		make_with(FILTER "-A INPUT -s 10.0.0.1 -j DROP\n"
				 "-A INPUT -s 10.0.0.2 -j DROP\n"
				 "-A INPUT -s 10.0.0.3 -j DROP\n"
				 "-A INPUT -s 10.0.0.4 -j DROP\n"
				 "-A INPUT -s 10.0.0.5 -j DROP\nCOMMIT\n",
			  &options);

	assert_true(f.flat->is_cut);
	assert_int_equal(dropped(&f, from(IP(10, 0, 0, 1)), STAGE_INPUT),
			 CT_ALL);
	assert_int_equal(dropped(&f, from(IP(10, 0, 0, 5)), STAGE_INPUT), 0);
	assert_int_equal(rule_at(&f, 8)->why, WHY_BOUND);
	release(&f);
}

static void nested_calls_end_at_a_bound_and_pass(void **state)
{
	/* Ten chains that call the next one ten times: ten thousand million
	 * rules when drawn out. */
	char text[8192] = FILTER;
	size_t length;

	(void)state;
	for (int i = 0; i < 10; i++)
		sprintf(text + strlen(text), ":C%d - [0:0]\n", i);
	strcat(text, "-A INPUT -s 10.0.0.1 -j DROP\n-A INPUT -j C0\n");
	for (int i = 0; i < 9; i++) {
		for (int j = 0; j < 10; j++)
			sprintf(text + strlen(text),
				"-A C%d -p tcp --dport %d:60000 -j C%d\n", i, j,
				i + 1);
	}
	strcat(text, "-A C9 -j DROP\nCOMMIT\n");
	length = strlen(text);
	assert_true(length < sizeof(text));

	struct fixture f = make(text);
	assert_int_equal(dropped(&f, from(IP(10, 0, 0, 1)), STAGE_INPUT),
			 CT_ALL);
	release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_drop_in_input_says_nothing_about_forward),
		cmocka_unit_test(a_drop_in_raw_holds_wherever_the_packet_goes),
		cmocka_unit_test(an_accepted_state_takes_the_later_drops_away),
		cmocka_unit_test(invalid_may_be_dropped_early_in_the_list),
		cmocka_unit_test(return_skips_the_rest_of_its_chain_only),
		cmocka_unit_test(falling_off_a_goto_goes_to_the_policy),
		cmocka_unit_test(
			an_unknown_accept_leaves_its_packets_to_the_host),
		cmocka_unit_test(an_unknown_drop_changes_nothing),
		cmocka_unit_test(both_ways_past_an_unknown_jump_must_drop),
		cmocka_unit_test(an_unknown_accept_in_raw_does_not_hide_filter),
		cmocka_unit_test(
			a_match_that_remembers_is_bounded_by_those_before_it),
		cmocka_unit_test(a_log_line_keeps_its_packets),
		cmocka_unit_test(
			a_rule_without_a_target_counts_unless_told_otherwise),
		cmocka_unit_test(
			a_jump_of_some_packets_to_an_empty_chain_counts),
		cmocka_unit_test(masquerading_leaves_replies_to_the_host),
		cmocka_unit_test(what_dnat_takes_is_left_to_the_host),
		cmocka_unit_test(masquerading_hides_ports_of_replies),
		cmocka_unit_test(what_nat_notes_keeps_new_packets),
		cmocka_unit_test(a_policy_of_nat_drops_no_packet_for_sure),
		cmocka_unit_test(flags_that_gro_merges_are_not_certain),
		cmocka_unit_test(
			a_length_holds_for_everything_that_gro_may_make),
		cmocka_unit_test(
			fragments_are_judged_by_addresses_and_protocol),
		cmocka_unit_test(either_port_of_multiport_counts),
		cmocka_unit_test(a_rule_of_another_interface_is_not_ours),
		cmocka_unit_test(
			in_raw_every_packet_is_invalid_unless_untracked),
		cmocka_unit_test(
			a_field_that_rules_rewrite_is_unknown_from_there_on),
		cmocka_unit_test(
			what_tracking_logs_is_dropped_in_raw_or_by_the_host),
		cmocka_unit_test(tracking_logs_also_where_raw_is_empty),
		cmocka_unit_test(untracked_packets_are_not_logged_by_tracking),
		cmocka_unit_test(
			what_routing_logs_is_dropped_before_it_or_by_the_host),
		cmocka_unit_test(routing_logs_no_ipv6_packets),
		cmocka_unit_test(beyond_a_bound_everything_passes),
		cmocka_unit_test(nested_calls_end_at_a_bound_and_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
