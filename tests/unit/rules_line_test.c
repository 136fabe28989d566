// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rulesets that are hard to draw out: deep ones, and those that make no sense.
 * What is wrong with one rule is said of that rule, and the others work.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/flatten.h"
#include "rules/packet_draft.h"
#include "rules/read.h"
#include "tests/lib/gen_nested.h"

/*
 * Steps that flattening may take for the nested rulesets: a bound that does
 * not depend on the machine. They need about a tenth of it; following every
 * part to its end took a hundred times as many.
 */
#define NESTED_STEPS 4000000

static const uint8_t any_state = CT_ALL;

struct fixture {
	struct ruleset *ruleset;
	struct flat *flat;
};

static struct fixture make(const char *text, bool is_fragment)
{
	const struct flatten_options options = {
		.iface = "eth0",
		.state_sets = &any_state,
		.state_set_count = 1,
		.is_fragment = is_fragment,
		.max_steps = NESTED_STEPS,
	};
	struct fixture fixture = { 0 };
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", FAMILY_IPV4,
		       &fixture.ruleset, NULL, &err))
		fail_msg("%s", err.text);
	assert_int_equal(flatten_make(fixture.ruleset, &options, &fixture.flat,
				      &err),
			 0);
	return fixture;
}

static void release(struct fixture *fixture)
{
	flat_free(fixture->flat);
	ruleset_free(fixture->ruleset);
}

/* The rule at @line, which drops. */
static const struct flat_rule *rule_at(const struct fixture *fixture,
				       unsigned int line)
{
	for (size_t i = 0; i < fixture->flat->rule_count; i++) {
		const struct flat_rule *rule = &fixture->flat->rules[i];

		if (rule->rule && rule->rule->line == line) {
			assert_true(rule->is_drop);
			return rule;
		}
	}
	fail_msg("no rule at line %u", line);
	return NULL;
}

static bool is_dropped(const struct fixture *fixture, const struct header *h)
{
	return worlds_states(flat_find(fixture->flat, h)->drop, STAGE_INPUT) ==
	       CT_ALL;
}

/* Does eval drop it, whatever it is a fragment of? */
static bool eval_drops(const struct fixture *fixture, const struct header *h)
{
	const struct packet_draft draft = {
		.family = FAMILY_IPV4,
		.proto = h->fields[FIELD_PROTO],
		.saddr = h->fields[FIELD_SADDR],
		.daddr = h->fields[FIELD_DADDR],
		.dport = h->fields[FIELD_DPORT],
		.ttl = PACKET_DRAFT_TTL,
	};
	const struct situation situation = { .state = CT_NEW,
					     .path = HOOK_INPUT,
					     .in = "eth0" };
	OWN_MEM struct packet_bytes *bytes = NULL;
	struct verdict verdict;
	struct err err;

	assert_int_equal(packet_draft_build(&draft, &bytes, &err), 0);
	eval_packet(fixture->ruleset, &bytes->packet, &situation, &verdict);
	return verdict.outcomes == OUTCOME_DROP;
}

static struct header some_header(struct random *rnd)
{
	struct header header = { 0 };

	header.fields[FIELD_PROTO] = random_chance(rnd, 60) ? 6 : 17;
	header.fields[FIELD_SADDR] = random_next(rnd) & UINT32_MAX;
	header.fields[FIELD_DADDR] = random_next(rnd) & UINT32_MAX;
	header.fields[FIELD_DPORT] = random_below(rnd, 1024);
	header.fields[FIELD_TTL] = PACKET_DRAFT_TTL;
	return header;
}

static void chains_nested_five_deep_are_followed_to_the_end(void **state)
{
	static const unsigned int jumps[] = { 20, 50, 80 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(jumps); i++) {
		struct random rnd = random_make(1, i);
		OWN_BUF struct buf text = BUF_INIT;

		gen_nested_add(&text, &rnd, jumps[i]);
		struct fixture whole = make(buf_text(&text), false);
		struct fixture fragments = make(buf_text(&text), true);

		assert_false(whole.flat->is_cut);
		assert_false(fragments.flat->is_cut);
		for (int p = 0; p < 3000; p++) {
			struct header header = some_header(&rnd);
			bool drops = eval_drops(&whole, &header);

			assert_int_equal(is_dropped(&whole, &header), drops);
			if (is_dropped(&fragments, &header))
				assert_true(drops);
		}
		release(&whole);
		release(&fragments);
	}
}

static void what_makes_no_sense_is_said_and_harms_nothing_else(void **state)
{
	struct fixture f =
		make("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"
		     ":A - [0:0]\n:B - [0:0]\n:C - [0:0]\n"
		     "-A INPUT -p tcp -m tcp --dport 23 -j A\n"
		     "-A INPUT -p udp -m set --match-set nosuch src -j DROP\n"
		     "-A INPUT -s 10.0.0.0/8 -j C\n"
		     "-A INPUT -p tcp -m tcp --dport 24 -j DROP\n"
		     "-A INPUT -p tcp -m tcp --dport 24 -j DROP\n"
		     "-A A -j B\n-A B -j A\n-A B -j DROP\n"
		     "-A C -s 12.0.0.0/8 -j DROP\nCOMMIT\n",
		     false);
	struct header header = { 0 };

	(void)state;
	assert_int_equal(rule_at(&f, 8)->why, WHY_STATEFUL_MATCH);
	assert_int_equal(rule_at(&f, 14)->why, WHY_LOOP);
	assert_int_equal(rule_at(&f, 15)->why, WHY_NO_PACKETS);
	assert_int_equal(rule_at(&f, 11)->why, WHY_NO_PACKETS);
	assert_int_equal(rule_at(&f, 10)->drop_regions, 1);
	header.fields[FIELD_PROTO] = 6;
	header.fields[FIELD_DPORT] = 24;
	assert_true(is_dropped(&f, &header));
	header.fields[FIELD_DPORT] = 23;
	assert_false(is_dropped(&f, &header));
	release(&f);
}

/* iptables-legacy takes chains of any depth. */
static void chains_that_are_too_deep_say_so(void **state)
{
	OWN_BUF struct buf text = BUF_INIT;

	(void)state;
	buf_add(&text, "*filter\n:INPUT ACCEPT [0:0]\n");
	for (int i = 0; i < 100; i++)
		buf_addf(&text, ":C%d - [0:0]\n", i);
	buf_add(&text, "-A INPUT -p udp -j C0\n-A INPUT -p tcp -j DROP\n");
	for (int i = 0; i < 99; i++)
		buf_addf(&text, "-A C%d -j C%d\n", i, i + 1);
	buf_add(&text, "-A C99 -j DROP\nCOMMIT\n");

	struct fixture f = make(buf_text(&text), false);
	struct header tcp = { 0 };

	tcp.fields[FIELD_PROTO] = 6;
	assert_true(is_dropped(&f, &tcp));
	assert_int_equal(rule_at(&f, 204)->why, WHY_LOOP);
	release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			chains_nested_five_deep_are_followed_to_the_end),
		cmocka_unit_test(
			what_makes_no_sense_is_said_and_harms_nothing_else),
		cmocka_unit_test(chains_that_are_too_deep_say_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
