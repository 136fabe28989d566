// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/draw.h"
#include "rules/read.h"

#define DRAWN 2000

static const char rules[] =
	"*filter\n"
	":INPUT DROP [0:0]\n"
	":WEB - [0:0]\n"
	"-A INPUT -i eth9 -s 66.66.66.66/32 -j DROP\n"
	"-A INPUT -s 203.0.113.0/24 -p tcp -j WEB\n"
	"-A INPUT -p udp -m udp ! --dport 4000 -j DROP\n"
	"-A WEB -p tcp -m tcp --dport 8099 --tcp-flags SYN,ACK SYN -j DROP\n"
	"COMMIT\n";

static struct ruleset *read_text(const char *text, enum family family)
{
	struct ruleset *ruleset = NULL;
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", family, &ruleset, NULL,
		       &err))
		fail_msg("%s", err.text);
	return ruleset;
}

static struct draw *begin(const struct ruleset *ruleset, uint64_t seed)
{
	struct draw *draw = draw_make(ruleset, "eth0", seed);

	assert_non_null(draw);
	return draw;
}

/* Of so many packets, those that @is_it. */
static unsigned int count_drawn(const struct ruleset *ruleset,
				bool (*is_it)(const struct packet_draft *))
{
	OWN(draw) struct draw *draw = begin(ruleset, 1);
	unsigned int count = 0;

	for (int i = 0; i < DRAWN; i++) {
		struct packet_draft draft;

		draw_next(draw, &draft);
		count += is_it(&draft);
	}
	return count;
}

static void the_same_seed_draws_the_same_packets(void **state)
{
	OWN(ruleset) struct ruleset *ruleset = read_text(rules, FAMILY_IPV4);
	OWN(draw) struct draw *one = begin(ruleset, 7);
	OWN(draw) struct draw *two = begin(ruleset, 7);
	OWN(draw) struct draw *other = begin(ruleset, 8);
	unsigned int equal = 0;

	(void)state;
	for (int i = 0; i < DRAWN; i++) {
		struct packet_draft a, b, c;

		draw_next(one, &a);
		draw_next(two, &b);
		draw_next(other, &c);
		assert_memory_equal(&a, &b, sizeof(a));
		equal += !memcmp(&a, &c, sizeof(a));
	}
	assert_true(equal < DRAWN / 100);
}

static bool is_web_attack(const struct packet_draft *draft)
{
	return draft->proto == 6 && draft->saddr >> 8 == 0xcb0071 &&
	       draft->dport == 8099 && (draft->tcp_flags & 0x12) == 0x02;
}

static bool is_beside_web(const struct packet_draft *draft)
{
	return draft->saddr >> 8 == 0xcb0070 && draft->dport == 8099;
}

static void packets_match_a_rule_and_its_callers_or_just_miss(void **state)
{
	OWN(ruleset) struct ruleset *ruleset = read_text(rules, FAMILY_IPV4);

	(void)state;
	assert_true(count_drawn(ruleset, is_web_attack) > DRAWN / 20);
	assert_true(count_drawn(ruleset, is_beside_web) > 0);
}

static bool is_from_eth9(const struct packet_draft *draft)
{
	return draft->saddr == 0x42424242;
}

static void rules_of_other_interfaces_are_not_drawn_from(void **state)
{
	OWN(ruleset) struct ruleset *ruleset = read_text(rules, FAMILY_IPV4);

	(void)state;
	assert_int_equal(count_drawn(ruleset, is_from_eth9), 0);
}

static bool is_negated_port(const struct packet_draft *draft)
{
	return draft->proto == 17 &&
	       (draft->dport == 3999 || draft->dport == 4001);
}

static void what_is_negated_is_missed(void **state)
{
	OWN(ruleset) struct ruleset *ruleset = read_text(rules, FAMILY_IPV4);

	(void)state;
	assert_true(count_drawn(ruleset, is_negated_port) > 0);
}

static bool is_syn(const struct packet_draft *draft)
{
	return draft->proto == 6 && draft->tcp_flags == 0x02;
}

static bool is_udp(const struct packet_draft *draft)
{
	return draft->proto == 17;
}

static void attacks_are_drawn_without_any_rule(void **state)
{
	OWN(ruleset)
	struct ruleset *ruleset =
		read_text("*filter\n:INPUT DROP [0:0]\nCOMMIT\n", FAMILY_IPV6);

	(void)state;
	assert_true(count_drawn(ruleset, is_syn) > DRAWN / 4);
	assert_true(count_drawn(ruleset, is_udp) > DRAWN / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_draws_the_same_packets),
		cmocka_unit_test(
			packets_match_a_rule_and_its_callers_or_just_miss),
		cmocka_unit_test(rules_of_other_interfaces_are_not_drawn_from),
		cmocka_unit_test(what_is_negated_is_missed),
		cmocka_unit_test(attacks_are_drawn_without_any_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
