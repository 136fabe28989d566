// SPDX-License-Identifier: GPL-2.0-only
/*
 * What eval says of rules that the kernel cannot be asked about one by one:
 * sets of outcomes, effects, who decides. Everything that the kernel answers
 * is compared with it in tests/diff/kernel_diff.c.
 */
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rules/eval.h"
#include "rules/read.h"

/* 10.0.0.1:40000 > 192.0.2.1:22, SYN, TTL 64, 40 bytes. */
static const uint8_t syn[] = { 0x45, 0,		  0, 40, 0,    1,    0, 0,
			       64,   IPPROTO_TCP, 0, 0,	 10,   0,    0, 1,
			       192,  0,		  2, 1,	 0x9c, 0x40, 0, 22,
			       0,    0,		  0, 0,	 0,    0,    0, 0,
			       0x50, 0x02,	  0, 0,	 0,    0,    0, 0 };

static struct ruleset *read_text(const char *text)
{
	struct ruleset *ruleset = NULL;
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", FAMILY_IPV4, &ruleset, NULL,
		       &err))
		fail_msg("%s", err.text);
	return ruleset;
}

static struct situation new_input(void)
{
	return (struct situation){ .backend = BACKEND_LEGACY,
				   .state = CT_NEW,
				   .path = HOOK_INPUT,
				   .in = "eth0" };
}

/* The verdict's places refer to @ruleset. */
static struct verdict judge(const struct ruleset *ruleset,
			    const struct situation *situation, size_t length)
{
	struct packet packet = { .family = FAMILY_IPV4,
				 .data = syn,
				 .length = length,
				 .pkt_type = PACKET_HOST };
	struct verdict verdict;

	eval_packet(ruleset, &packet, situation, &verdict);
	return verdict;
}

static unsigned int outcomes_in(const char *text,
				const struct situation *situation)
{
	OWN(ruleset) struct ruleset *ruleset = read_text(text);

	return judge(ruleset, situation, sizeof(syn)).outcomes;
}

static unsigned int outcomes(const char *text)
{
	struct situation situation = new_input();

	return outcomes_in(text, &situation);
}

#define INPUT	"*filter\n:INPUT ACCEPT [0:0]\n:C - [0:0]\n:D - [0:0]\n"
#define UNKNOWN "-m u32 --u32 0=1 "

static void without_rules_everything_is_accepted(void **state)
{
	(void)state;
	assert_int_equal(outcomes("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"),
			 OUTCOME_ACCEPT);
	assert_int_equal(outcomes("*filter\n:INPUT DROP [0:0]\nCOMMIT\n"),
			 OUTCOME_DROP);
	assert_int_equal(outcomes("*filter\n:OUTPUT DROP [0:0]\nCOMMIT\n"),
			 OUTCOME_ACCEPT);
}

static void the_first_rule_that_matches_decides(void **state)
{
	struct situation situation = new_input();
	OWN(ruleset)
	struct ruleset *ruleset =
		read_text(INPUT "-A INPUT -p tcp --dport 23 -j ACCEPT\n"
				"-A INPUT -p tcp --dport 22 -j DROP\n"
				"-A INPUT -j ACCEPT\nCOMMIT\n");
	struct verdict verdict = judge(ruleset, &situation, sizeof(syn));

	(void)state;
	assert_int_equal(verdict.outcomes, OUTCOME_DROP);
	assert_int_equal(verdict.by.rule->line, 6);
	assert_int_equal(verdict.by.rule->number, 2);
	assert_string_equal(verdict.by.chain->name, "INPUT");
	assert_string_equal(verdict.by.table->name, "filter");
}

static void what_is_unknown_widens_the_set(void **state)
{
	(void)state;
	assert_int_equal(outcomes(INPUT "-A INPUT " UNKNOWN
					"-j DROP\nCOMMIT\n"),
			 OUTCOME_ACCEPT | OUTCOME_DROP);
	assert_int_equal(outcomes(INPUT "-A INPUT " UNKNOWN "-j DROP\n"
					"-A INPUT -j DROP\nCOMMIT\n"),
			 OUTCOME_DROP);
	assert_int_equal(outcomes(INPUT "-A INPUT " UNKNOWN "-j C\n"
					"-A INPUT -j DROP\n"
					"-A C -j ACCEPT\nCOMMIT\n"),
			 OUTCOME_ACCEPT | OUTCOME_DROP);
	assert_int_equal(outcomes(INPUT "-A INPUT " UNKNOWN "-g C\n"
					"-A INPUT -j DROP\nCOMMIT\n"),
			 OUTCOME_ACCEPT | OUTCOME_DROP);
}

static void a_target_that_is_not_known_may_do_anything(void **state)
{
	(void)state;
	assert_int_equal(outcomes(INPUT "-A INPUT -j TELEPORT\n"
					"-A INPUT -j DROP\nCOMMIT\n"),
			 OUTCOME_ANY);
}

static void a_goto_does_not_come_back(void **state)
{
	(void)state;
	assert_int_equal(outcomes(INPUT "-A INPUT -g C\n-A INPUT -j DROP\n"
					"COMMIT\n"),
			 OUTCOME_ACCEPT);
	/* ... but the jump before it does. */
	assert_int_equal(outcomes(INPUT "-A INPUT -j C\n-A INPUT -j DROP\n"
					"-A C -g D\n-A C -j ACCEPT\nCOMMIT\n"),
			 OUTCOME_DROP);
}

static void effects_are_told_with_the_verdict(void **state)
{
	struct situation situation = new_input();
	OWN(ruleset)
	struct ruleset *ruleset =
		read_text(INPUT "-A INPUT -p tcp -j LOG\n-A INPUT -j DROP\n"
				"COMMIT\n");
	struct verdict verdict = judge(ruleset, &situation, sizeof(syn));

	(void)state;
	assert_int_equal(verdict.outcomes, OUTCOME_EFFECT | OUTCOME_DROP);
	assert_int_equal(verdict.effect.rule->line, 5);
	assert_int_equal(verdict.by.rule->line, 6);
	situation.ignore_logs = true;
	verdict = judge(ruleset, &situation, sizeof(syn));
	assert_int_equal(verdict.outcomes, OUTCOME_DROP);
	assert_int_equal(outcomes(INPUT "-A INPUT -j REJECT\nCOMMIT\n"),
			 OUTCOME_EFFECT);
	assert_int_equal(outcomes(INPUT "-A INPUT -p udp -j LOG\n"
					"-A INPUT -j DROP\nCOMMIT\n"),
			 OUTCOME_DROP);
}

static void a_chain_of_log_rules_can_be_given_up_whole(void **state)
{
	struct situation situation = new_input();
	OWN(ruleset)
	struct ruleset *ruleset =
		read_text(INPUT "-A INPUT -m limit --limit 1/s -j C\n"
				"-A C -m limit --limit 1/s -j RETURN\n"
				"-A C -j LOG\n-A INPUT -j DROP\nCOMMIT\n");
	OWN(ruleset)
	struct ruleset *behind =
		read_text(INPUT "-A INPUT -j C\n-A C -j LOG\n"
				"-A INPUT -m limit --limit 1/s -j RETURN\n"
				"-A INPUT -j DROP\nCOMMIT\n");

	(void)state;
	assert_int_equal(judge(ruleset, &situation, sizeof(syn)).outcomes,
			 OUTCOME_EFFECT | OUTCOME_DROP);
	situation.ignore_logs = true;
	assert_int_equal(judge(ruleset, &situation, sizeof(syn)).outcomes,
			 OUTCOME_DROP);
	/* What comes behind the chain is asked as ever. */
	assert_int_equal(judge(behind, &situation, sizeof(syn)).outcomes,
			 OUTCOME_ANY);
}

static void nat_is_asked_about_new_connections_only(void **state)
{
	/* What may be taken out of tracking is not asked about then. */
	(void)state;
	assert_int_equal(
		outcomes("*raw\n:PREROUTING ACCEPT [0:0]\n"
			 "-A PREROUTING " UNKNOWN "-j CT --notrack\nCOMMIT\n"
			 "*nat\n:PREROUTING ACCEPT [0:0]\n"
			 "-A PREROUTING -m conntrack --ctstate UNTRACKED "
			 "-j LOG\nCOMMIT\n" INPUT "-A INPUT -j DROP\n"
			 "COMMIT\n"),
		OUTCOME_DROP);
}

static void a_match_that_remembers_is_an_effect_if_it_is_asked(void **state)
{
	(void)state;
	assert_int_equal(outcomes(INPUT
				  "-A INPUT -m limit --limit 1/s -j DROP\n"
				  "-A INPUT -j DROP\nCOMMIT\n"),
			 OUTCOME_EFFECT | OUTCOME_DROP);
	assert_int_equal(outcomes(INPUT "-A INPUT -p udp -m limit --limit 1/s "
					"-j DROP\n-A INPUT -j DROP\nCOMMIT\n"),
			 OUTCOME_DROP);
}

static void a_rule_without_a_target_counts(void **state)
{
	static const char text[] =
		INPUT "-A INPUT -p tcp\n-A INPUT -j DROP\nCOMMIT\n";
	struct situation situation = new_input();

	(void)state;
	assert_int_equal(outcomes_in(text, &situation),
			 OUTCOME_EFFECT | OUTCOME_DROP);
	situation.ignore_counters = true;
	assert_int_equal(outcomes_in(text, &situation), OUTCOME_DROP);
}

static void a_jump_of_some_packets_to_an_empty_chain_counts(void **state)
{
	static const char head[] = "*filter\n:INPUT ACCEPT [0:0]\n"
				   ":ACCT - [0:0]\n";
	struct situation situation = new_input();
	char text[256];

	(void)state;
	snprintf(text, sizeof(text),
		 "%s-A INPUT -p tcp -j ACCT\n-A INPUT -j DROP\nCOMMIT\n", head);
	assert_int_equal(outcomes_in(text, &situation),
			 OUTCOME_EFFECT | OUTCOME_DROP);
	situation.ignore_counters = true;
	assert_int_equal(outcomes_in(text, &situation), OUTCOME_DROP);
	situation.ignore_counters = false;
	snprintf(text, sizeof(text),
		 "%s-A INPUT -m comment --comment room -j ACCT\n"
		 "-A INPUT -j DROP\nCOMMIT\n",
		 head);
	assert_int_equal(outcomes_in(text, &situation), OUTCOME_DROP);
	snprintf(text, sizeof(text),
		 "%s-A INPUT -p tcp -j ACCT\n-A ACCT -j RETURN\n"
		 "-A INPUT -j DROP\nCOMMIT\n",
		 head);
	assert_int_equal(outcomes_in(text, &situation), OUTCOME_DROP);
}

static void a_cut_off_header_is_dropped_by_legacy_only(void **state)
{
	struct situation situation = new_input();
	OWN(ruleset)
	struct ruleset *ruleset = read_text(
		INPUT "-A INPUT -p tcp --dport 80 -j ACCEPT\nCOMMIT\n");

	(void)state;
	assert_int_equal(judge(ruleset, &situation, 39).outcomes, OUTCOME_DROP);
	situation.backend = BACKEND_NFT;
	assert_int_equal(judge(ruleset, &situation, 39).outcomes,
			 OUTCOME_ACCEPT);
}

static void states_are_what_the_situation_says_except_in_raw(void **state)
{
	static const char text[] =
		"*raw\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -m state --state NEW -j DROP\nCOMMIT\n" INPUT
		"-A INPUT -m state --state NEW -j DROP\nCOMMIT\n";
	struct situation situation = new_input();

	(void)state;
	assert_int_equal(outcomes_in(text, &situation), OUTCOME_DROP);
	situation.state = CT_ESTABLISHED;
	assert_int_equal(outcomes_in(text, &situation), OUTCOME_ACCEPT);
	situation.state = CT_INVALID;
	assert_int_equal(outcomes_in("*raw\n:PREROUTING ACCEPT [0:0]\n"
				     "-A PREROUTING -p tcp -j NOTRACK\n"
				     "COMMIT\n" INPUT
				     "-A INPUT -m conntrack --ctstate "
				     "UNTRACKED -j DROP\nCOMMIT\n",
				     &situation),
			 OUTCOME_DROP);
}

static void a_translated_destination_is_unknown_behind_routing(void **state)
{
	static const char text[] =
		"*nat\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -p tcp --dport 22 -j DNAT --to 10.9.9.9\n"
		"COMMIT\n" INPUT "-A INPUT -d 192.0.2.1 -j DROP\nCOMMIT\n";
	struct situation situation = new_input();

	(void)state;
	assert_int_equal(outcomes_in(text, &situation),
			 OUTCOME_ACCEPT | OUTCOME_DROP);
	situation.state = CT_ESTABLISHED;
	assert_int_equal(outcomes_in(text, &situation), OUTCOME_DROP);
	situation.is_nat_state = true;
	assert_int_equal(outcomes_in(text, &situation),
			 OUTCOME_ACCEPT | OUTCOME_DROP);
}

static void a_ttl_that_rules_set_may_run_out_at_routing(void **state)
{
	static const char text[] =
		"*mangle\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -j TTL --ttl-set 1\nCOMMIT\n"
		"*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\nCOMMIT\n";
	struct situation situation = new_input();

	(void)state;
	assert_int_equal(outcomes_in(text, &situation), OUTCOME_DROP);
	situation.path = HOOK_FORWARD;
	assert_int_equal(outcomes_in(text, &situation),
			 OUTCOME_DROP | OUTCOME_EFFECT);
}

static uint8_t all_local(void *context, enum family family, u128 addr)
{
	(void)context;
	(void)family;
	(void)addr;
	return RTN_LOCAL;
}

static void address_types_need_the_host(void **state)
{
	static const char text[] =
		INPUT "-A INPUT -m addrtype --dst-type LOCAL -j DROP\nCOMMIT\n";
	struct situation situation = new_input();

	(void)state;
	assert_int_equal(outcomes_in(text, &situation),
			 OUTCOME_ACCEPT | OUTCOME_DROP);
	situation.addr_type = all_local;
	assert_int_equal(outcomes_in(text, &situation), OUTCOME_DROP);
	assert_int_equal(outcomes(INPUT
				  "-A INPUT -m addrtype --dst-type MULTICAST "
				  "-j DROP\nCOMMIT\n"),
			 OUTCOME_ACCEPT | OUTCOME_DROP);
}

/* The kernel refuses the first; ways through the second double 40 times. */
static void ways_without_end_are_given_up(void **state)
{
	char text[8192] = "*filter\n:INPUT ACCEPT [0:0]\n";
	size_t length;

	(void)state;
	assert_int_equal(outcomes("*filter\n:INPUT ACCEPT [0:0]\n:A - [0:0]\n"
				  "-A INPUT -j A\n"
				  "-A A -m statistic --mode random -j A\n"
				  "-A A -m statistic --mode random -j A\n"
				  "COMMIT\n") &
				 OUTCOME_ANY,
			 OUTCOME_ANY);
	length = strlen(text);
	for (int i = 0; i <= 40; i++)
		length += snprintf(text + length, sizeof(text) - length,
				   ":A%d - [0:0]\n", i);
	length += snprintf(text + length, sizeof(text) - length,
			   "-A INPUT -j A0\n");
	for (int i = 0; i < 80; i++)
		length += snprintf(text + length, sizeof(text) - length,
				   "-A A%d -m statistic --mode random -j A%d\n",
				   i / 2, i / 2 + 1);
	snprintf(text + length, sizeof(text) - length,
		 "-A A40 -j RETURN\nCOMMIT\n");
	assert_int_equal(outcomes(text) & OUTCOME_ANY, OUTCOME_ANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_rules_everything_is_accepted),
		cmocka_unit_test(the_first_rule_that_matches_decides),
		cmocka_unit_test(what_is_unknown_widens_the_set),
		cmocka_unit_test(a_target_that_is_not_known_may_do_anything),
		cmocka_unit_test(a_goto_does_not_come_back),
		cmocka_unit_test(effects_are_told_with_the_verdict),
		cmocka_unit_test(a_chain_of_log_rules_can_be_given_up_whole),
		cmocka_unit_test(nat_is_asked_about_new_connections_only),
		cmocka_unit_test(
			a_match_that_remembers_is_an_effect_if_it_is_asked),
		cmocka_unit_test(a_rule_without_a_target_counts),
		cmocka_unit_test(
			a_jump_of_some_packets_to_an_empty_chain_counts),
		cmocka_unit_test(a_cut_off_header_is_dropped_by_legacy_only),
		cmocka_unit_test(
			states_are_what_the_situation_says_except_in_raw),
		cmocka_unit_test(
			a_translated_destination_is_unknown_behind_routing),
		cmocka_unit_test(a_ttl_that_rules_set_may_run_out_at_routing),
		cmocka_unit_test(address_types_need_the_host),
		cmocka_unit_test(ways_without_end_are_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
