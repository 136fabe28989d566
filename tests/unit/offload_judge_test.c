// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/packet_text.h"
#include "offload/judge.h"
#include "rules/read.h"

static const char rules[] =
	"*raw\n"
	":PREROUTING ACCEPT [0:0]\n"
	"-A PREROUTING -s 10.0.0.0/8 -j DROP\n"
	"COMMIT\n"
	"*filter\n"
	":INPUT ACCEPT [0:0]\n"
	":FORWARD ACCEPT [0:0]\n"
	"-A INPUT -p tcp -m tcp --dport 23 -j DROP\n"
	"-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n"
	"-A INPUT -p tcp -m tcp --dport 24 -j DROP\n"
	"-A INPUT -p udp -j DROP\n"
	"-A FORWARD -p tcp -m tcp --dport 23 -j DROP\n"
	"-A FORWARD -s 11.0.0.0/8 -j DROP\n"
	"COMMIT\n";
static const char rules6[] = "*filter\n"
			     ":INPUT ACCEPT [0:0]\n"
			     ":FORWARD DROP [0:0]\n"
			     "-A INPUT -s 2001:db8::/32 -j DROP\n"
			     "-A INPUT -s fe80::/10 -j DROP\n"
			     "COMMIT\n";

struct fixture {
	struct ruleset *ipv4, *ipv6;
	struct plan *plan;
};

static struct ruleset *read_text(const char *text, enum family family)
{
	struct ruleset *ruleset = NULL;
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", family, &ruleset, NULL,
		       &err))
		fail_msg("%s", err.text);
	return ruleset;
}

static struct fixture make(const char *ipv4, bool strict_fragments)
{
	struct fixture fixture = {
		.ipv4 = read_text(ipv4, FAMILY_IPV4),
		.ipv6 = read_text(rules6, FAMILY_IPV6),
	};
	struct plan_input input = {
		.policy = { .ipv4 = fixture.ipv4, .ipv6 = fixture.ipv6 },
		.iface = "eth0",
		.wishes = { .max = TIER_HW,
			    .strict_fragments = strict_fragments },
	};
	struct err err = { 0 };

	if (plan_make(&input, &fixture.plan, &err))
		fail_msg("%s", err.text);
	return fixture;
}

static void release(struct fixture *fixture)
{
	plan_free(fixture->plan);
	ruleset_free(fixture->ipv4);
	ruleset_free(fixture->ipv6);
}

static struct judgement judge_in(const struct fixture *fixture,
				 const char *text, enum hook path,
				 enum ct_state state)
{
	OWN_MEM struct packet_bytes *bytes = NULL;
	struct judgement judgement;
	unsigned int states;
	struct err err = { 0 };

	if (packet_text_parse(text, &bytes, &states, &err))
		fail_msg("%s: %s", text, err.text);
	judge_packet(fixture->plan, &bytes->packet, path, state, &judgement);
	return judgement;
}

static struct judgement judge(const struct fixture *fixture, const char *text,
			      enum hook path)
{
	return judge_in(fixture, text, path, CT_NEW);
}

/* "drop REASON" or "pass REASON" on each of the ways. */
static void assert_judged(const struct fixture *fixture, const char *text,
			  const char *input, const char *forward)
{
	static const enum hook paths[] = { HOOK_INPUT, HOOK_FORWARD };
	const char *expected[] = { input, forward };

	for (int i = 0; i < 2; i++) {
		struct judgement judgement = judge(fixture, text, paths[i]);
		char found[64];

		snprintf(found, sizeof(found), "%s %s",
			 judgement.is_drop ? "drop" : "pass",
			 judge_name(&judgement));
		if (strcmp(found, expected[i]))
			fail_msg("%s on way %d: %s, expected %s", text, i,
				 found, expected[i]);
		assert_non_null(judge_sentence(&judgement));
	}
}

static void raw_drops_before_routing(void **state)
{
	struct fixture fixture = make(rules, false);

	(void)state;
	assert_judged(&fixture, "tcp 10.0.0.1:1 > 5.6.7.8:2 syn",
		      "drop dropped", "drop dropped");
	assert_judged(&fixture, "proto 47 10.0.0.1 > 224.0.0.1 ttl 1",
		      "drop dropped", "drop dropped");
	release(&fixture);
}

static void routing_chooses_the_chain(void **state)
{
	struct fixture fixture = make(rules, false);

	(void)state;
	assert_judged(&fixture, "tcp 1.2.3.4:1 > 5.6.7.8:23 syn",
		      "drop dropped", "drop dropped");
	assert_judged(&fixture, "proto 47 11.2.3.4 > 5.6.7.8", "pass accepted",
		      "drop dropped-forward");
	release(&fixture);
}

static void the_state_of_the_connection_decides(void **state)
{
	static const char syn[] = "tcp 1.2.3.4:1 > 5.6.7.8:24 syn";
	static const char data[] = "tcp 1.2.3.4:1 > 5.6.7.8:24 ack psh";
	struct fixture fixture = make(rules, false);
	struct judgement judgement =
		judge_in(&fixture, data, HOOK_INPUT, CT_ESTABLISHED);

	(void)state;
	assert_false(judgement.is_drop);
	assert_string_equal(judge_name(&judgement), "state");
	assert_true(judge_in(&fixture, data, HOOK_INPUT, CT_NEW).is_drop);
	assert_true(judge_in(&fixture, data, HOOK_INPUT, CT_RELATED).is_drop);
	assert_true(judge_in(&fixture, syn, HOOK_INPUT, CT_INVALID).is_drop);
	/* A SYN may open a new connection, which the host would drop. */
	assert_false(
		judge_in(&fixture, syn, HOOK_INPUT, CT_ESTABLISHED).is_drop);
	release(&fixture);
}

/* GRE is tracked by keys, SCTP by tags: a program cannot ask about them. */
static void other_protocols_may_be_in_any_state(void **state)
{
	struct fixture fixture =
		make("*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n"
		     "-A INPUT -m state --state ESTABLISHED -j ACCEPT\n"
		     "COMMIT\n",
		     false);

	(void)state;
	assert_judged(&fixture, "udp 1.2.3.4:1 > 5.6.7.8:2",
		      "drop dropped-input", "pass accepted");
	assert_judged(&fixture, "proto 47 1.2.3.4 > 5.6.7.8", "pass state",
		      "pass accepted");
	assert_judged(&fixture, "udp 1.2.3.4:1 > 5.6.7.8:2 frag 0+",
		      "pass needs-conntrack", "pass accepted");
	assert_judged(&fixture, "icmp 1.2.3.4 > 5.6.7.8 type 3 code 1",
		      "drop dropped-input", "pass accepted");
	assert_judged(&fixture, "icmp 1.2.3.4 > 5.6.7.8 echo-request",
		      "pass state", "pass accepted");
	release(&fixture);
}

static void what_is_not_forwarded_is_not_dropped_there(void **state)
{
	struct fixture fixture = make(rules, false);

	(void)state;
	assert_judged(&fixture, "tcp 1.2.3.4:1 > 5.6.7.8:23 ttl 1",
		      "drop dropped", "pass answered");
	assert_judged(&fixture, "tcp 1.2.3.4:1 > 0.0.0.0:23", "pass nowhere",
		      "pass nowhere");
	assert_judged(&fixture, "tcp 1.2.3.4:1 > 255.255.255.255:23 broadcast",
		      "drop dropped", "drop dropped");
	assert_judged(&fixture, "icmp6 2001:db8::1 > ::2 type 135",
		      "drop dropped", "pass answered");
	assert_judged(&fixture, "proto 47 fe80::1 > ::2 len 48", "drop dropped",
		      "pass answered");
	release(&fixture);
}

static void what_is_sent_to_groups_meets_input(void **state)
{
	struct fixture fixture = make(rules, false);

	(void)state;
	assert_judged(&fixture, "tcp 1.2.3.4:1 > 224.0.0.1:23 multicast",
		      "drop dropped", "drop dropped");
	assert_judged(&fixture, "tcp 1.2.3.4:1 > 239.255.255.255:23 ttl 1",
		      "drop dropped", "drop dropped");
	assert_judged(&fixture, "tcp 1.2.3.4:1 > 240.0.0.1:23 ttl 1",
		      "drop dropped", "pass answered");
	assert_judged(&fixture, "proto 47 2001:db8::1 > ff02::1 len 48",
		      "drop dropped", "drop dropped");
	assert_judged(&fixture, "proto 47 2001:db8::1 > ff02::1 len 1281",
		      "pass group", "pass group");
	assert_judged(&fixture,
		      "proto 47 2001:db8::1 > ff02::1 len 1281 multicast",
		      "drop dropped", "drop dropped");
	release(&fixture);
}

static void unusual_packets_are_left_to_the_host(void **state)
{
	struct fixture fixture = make(rules, false);

	(void)state;
	assert_judged(&fixture, "tcp 10.0.0.1:1 > 5.6.7.8:2 options",
		      "pass ip-options", "pass ip-options");
	assert_judged(&fixture, "tcp 10.0.0.1:1 > 5.6.7.8:2 len 39",
		      "pass truncated", "pass truncated");
	assert_judged(&fixture, "udp 10.0.0.1:1 > 5.6.7.8:67", "pass dhcp",
		      "pass dhcp");
	assert_judged(&fixture, "udp 10.0.0.1:67 > 5.6.7.8:1", "drop dropped",
		      "drop dropped");
	assert_judged(&fixture, "udp [2001:db8::1]:1 > [::2]:547", "pass dhcp",
		      "pass dhcp");
	assert_judged(&fixture, "tcp [2001:db8::1]:1 > [::2]:5 options",
		      "pass extension-header", "pass extension-header");
	assert_judged(&fixture, "tcp [2001:db8::1]:1 > [::2]:5 frag 0+",
		      "pass extension-header", "pass extension-header");
	release(&fixture);
}

static void fragments_have_no_ports(void **state)
{
	struct fixture fixture = make(rules, false);

	(void)state;
	assert_judged(&fixture, "udp 10.0.0.1:1 > 5.6.7.8:2 frag 0+",
		      "drop dropped", "drop dropped");
	assert_judged(&fixture, "udp 10.0.0.1:1 > 5.6.7.8:67 frag 0+",
		      "pass dhcp", "pass dhcp");
	assert_judged(&fixture, "tcp 10.0.0.1 > 5.6.7.8 frag 8", "drop dropped",
		      "drop dropped");
	assert_false(judge(&fixture, "tcp 1.2.3.4:1 > 5.6.7.8:23 frag 0+",
			   HOOK_INPUT)
			     .is_drop);
	release(&fixture);
}

static void strict_fragments_pass(void **state)
{
	struct fixture fixture = make(rules, true);

	(void)state;
	assert_judged(&fixture, "udp 10.0.0.1:1 > 5.6.7.8:2 frag 0+",
		      "pass strict-fragments", "pass strict-fragments");
	release(&fixture);
}

static void known_connections_pass_when_asked_for(void **state)
{
	struct fixture fixture = make(rules, false);
	struct wire_settings *settings = &fixture.plan->program->settings;

	(void)state;
	settings->strict_conntrack = 1;
	assert_judged(&fixture, "tcp 10.0.0.1:1 > 5.6.7.8:2 syn",
		      "drop dropped", "drop dropped");
	assert_judged(&fixture, "proto 47 10.0.0.1 > 5.6.7.8", "pass known",
		      "pass known");
	for (int i = 0; i < CT_STATE_COUNT; i++) {
		enum ct_state one = (enum ct_state)(1 << i);
		struct judgement judgement =
			judge_in(&fixture, "udp 10.0.0.1:1 > 5.6.7.8:2",
				 HOOK_INPUT, one);

		assert_int_equal(judgement.is_drop,
				 one != CT_ESTABLISHED && one != CT_RELATED);
	}
	release(&fixture);
}

static void a_mark_may_lead_either_way(void **state)
{
	static const char marked[] =
		"*mangle\n"
		":PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -s 12.0.0.0/8 -j MARK --set-xmark 0x1/0x1\n"
		"COMMIT\n"
		"*filter\n"
		":INPUT ACCEPT [0:0]\n"
		":FORWARD ACCEPT [0:0]\n"
		"-A INPUT -p tcp -j DROP\n"
		"-A FORWARD -p tcp -m tcp --dport 23 -j DROP\n"
		"COMMIT\n";
	struct fixture fixture = make(marked, false);

	(void)state;
	assert_judged(&fixture, "tcp 1.2.3.4:1 > 5.6.7.8:23", "drop dropped",
		      "pass rerouted");
	assert_judged(&fixture, "tcp 1.2.3.4:1 > 5.6.7.8:24",
		      "drop dropped-input", "pass accepted");
	release(&fixture);
}

static void no_packet_at_all_passes(void **state)
{
	struct fixture fixture = make(rules, false);
	struct judgement judgement;

	(void)state;
	judge_packet(fixture.plan, NULL, HOOK_INPUT, CT_NEW, &judgement);
	assert_false(judgement.is_drop);
	assert_string_equal(judge_name(&judgement), "not-ip");
	release(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw_drops_before_routing),
		cmocka_unit_test(routing_chooses_the_chain),
		cmocka_unit_test(the_state_of_the_connection_decides),
		cmocka_unit_test(other_protocols_may_be_in_any_state),
		cmocka_unit_test(what_is_not_forwarded_is_not_dropped_there),
		cmocka_unit_test(what_is_sent_to_groups_meets_input),
		cmocka_unit_test(unusual_packets_are_left_to_the_host),
		cmocka_unit_test(fragments_have_no_ports),
		cmocka_unit_test(strict_fragments_pass),
		cmocka_unit_test(known_connections_pass_when_asked_for),
		cmocka_unit_test(a_mark_may_lead_either_way),
		cmocka_unit_test(no_packet_at_all_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
