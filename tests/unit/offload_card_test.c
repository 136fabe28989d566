// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/card.h"
#include "offload/judge.h"
#include "rules/read.h"
#include "tests/lib/frame.h"
#include "tests/lib/on_card.h"
#include "tests/lib/topology.h"

/* A plan, the rules that it refers to, and what it was made from. */
struct made {
	struct on_card card;
	struct ruleset *rules;
	struct plan *plan;
};

static void make(struct made *made, const char *text)
{
	struct err err = { .text = "" };

	if (read_rules(text, strlen(text), "test", FAMILY_IPV4, &made->rules,
		       NULL, &err))
		fail_msg("%s", err.text);
	made->card.input.policy.ipv4 = made->rules;
	assert_return_code(plan_make(&made->card.input, &made->plan, &err), 0);
}

static struct made *begin(void)
{
	struct made *made = calloc(1, sizeof(*made));

	assert_non_null(made);
	on_card_init(&made->card);
	return made;
}

static struct made *plan_for(const char *text)
{
	struct made *made = begin();

	make(made, text);
	return made;
}

static void forget(struct made *made)
{
	plan_free(made->plan);
	ruleset_free(made->rules);
	free(made);
}

#define LOCAL  0x0a010001 /* 10.1.0.1 */
#define REMOTE 0x0a020063

static bool drops(const struct made *made, u128 daddr, uint8_t proto,
		  uint16_t dport, uint8_t flags)
{
	const struct frame_spec spec = {
		.family = FAMILY_IPV4,
		.saddr = 0x0a010002,
		.daddr = daddr,
		.proto = proto,
		.ttl = 64,
		.dport = dport,
		.tcp_flags = flags,
	};
	uint8_t frame[FRAME_MAX];
	size_t length = frame_write(&spec, frame);
	struct judgement judged;
	struct packet packet;

	assert_true(packet_from_frame(&packet, frame, length, topology_mac));
	judge_on_card(made->plan, &packet, HOOK_INPUT, &judged);
	return judged.is_drop;
}

#define INPUT	 "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"
#define END	 "COMMIT\n"
#define UDP(p)	 17, p, 0
#define SYN(p)	 6, p, 0x02
#define OTHER(p) 6, p, 0x10

static void a_drop_in_input_holds_for_the_hosts_own_addresses(void **state)
{
	struct made *made = plan_for(
		INPUT "-A INPUT -p udp -m udp --dport 7 -j DROP\n" END);

	(void)state;
	assert_true(made->plan->tiers[TIER_HW].is_candidate);
	assert_true(drops(made, LOCAL, UDP(7)));
	assert_false(drops(made, LOCAL, UDP(8)));
	assert_false(drops(made, REMOTE, UDP(7)));
	assert_int_equal(made->plan->card_rule_count, 1);
	forget(made);
}

static void a_drop_before_routing_holds_for_all(void **state)
{
	struct made *made = plan_for(
		"*raw\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -p udp -m udp --dport 7 -j DROP\n" END INPUT
		"-A INPUT -p udp -m udp --dport 9 -j DROP\n" END);

	(void)state;
	assert_true(drops(made, LOCAL, UDP(7)));
	assert_true(drops(made, REMOTE, UDP(7)));
	assert_true(drops(made, LOCAL, UDP(9)));
	assert_false(drops(made, REMOTE, UDP(9)));
	forget(made);
}

/* Both chains drop, but what is forwarded may be answered before. */
static void a_drop_in_both_chains_is_none_for_others(void **state)
{
	struct made *made = plan_for(
		INPUT "-A INPUT -p udp -m udp --dport 7 -j DROP\n"
		      "-A FORWARD -p udp -m udp --dport 7 -j DROP\n" END);

	(void)state;
	assert_true(drops(made, LOCAL, UDP(7)));
	assert_false(drops(made, REMOTE, UDP(7)));
	forget(made);
}

static void without_known_addresses_input_decides_nothing(void **state)
{
	struct made *made = begin();

	(void)state;
	made->card.input.locals = NULL;
	make(made, INPUT "-A INPUT -p udp -m udp --dport 7 -j DROP\n" END);
	assert_false(made->plan->tiers[TIER_HW].is_candidate);
	assert_int_equal(made->plan->tiers[TIER_HW].reason,
			 REASON_NOTHING_FOR_CARD);
	forget(made);
}

static void rules_that_reroute_take_input_away(void **state)
{
	struct made *made = plan_for(
		"*mangle\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff\n" END INPUT
		"-A INPUT -p udp -m udp --dport 7 -j DROP\n" END);

	(void)state;
	assert_int_equal(made->plan->tiers[TIER_HW].reason,
			 REASON_NOTHING_FOR_CARD);
	forget(made);
}

#define STATEFUL                                                               \
	INPUT "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED "           \
	      "-j ACCEPT\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\n" END

static void a_card_knows_no_connections(void **state)
{
	struct made *made = plan_for(STATEFUL);

	(void)state;
	assert_int_equal(made->plan->tiers[TIER_HW].reason,
			 REASON_NOTHING_FOR_CARD);
	assert_false(drops(made, LOCAL, SYN(23)));
	forget(made);
}

static void a_syn_that_is_new_is_dropped(void **state)
{
	struct made *made = begin();

	(void)state;
	made->card.input.wishes.syn_is_new = true;
	make(made, STATEFUL);
	assert_true(made->plan->tiers[TIER_HW].is_candidate);
	assert_true(drops(made, LOCAL, SYN(23)));
	assert_false(drops(made, LOCAL, SYN(24)));
	assert_false(drops(made, LOCAL, OTHER(23)));
	assert_false(drops(made, REMOTE, SYN(23)));
	forget(made);
}

static void counters_are_those_of_the_hosts_program(void **state)
{
	struct made *made = plan_for(
		INPUT "-A INPUT -p udp -m udp --dport 5 -j DROP\n"
		      "-A INPUT -m conntrack --ctstate INVALID -j DROP\n"
		      "-A INPUT -p udp -m udp --dport 7 -j DROP\n" END);
	const struct plan *plan = made->plan;

	(void)state;
	assert_true(plan->card->rule_count >= 2);
	for (size_t i = 0; i < plan->card->rule_count; i++) {
		const struct program_rule *on_card = &plan->card->rules[i];
		const struct program_rule *by_host = &plan->program->rules[i];

		if (i >= plan->program->rule_count)
			break;
		assert_int_equal(on_card->class, by_host->class);
		assert_int_equal(on_card->flat_rule, by_host->flat_rule);
	}
	forget(made);
}

static void what_is_logged_is_dropped_only_where_logs_are_given_up(void **state)
{
	const struct card_share without = { .keep = 2,
					    .of = 1,
					    .keeps_logs = true };
	static const char text[] =
		INPUT "-A INPUT -p udp -m udp --dport 1 -j LOG\n"
		      "-A INPUT -p udp -m udp --dport 1 -j DROP\n"
		      "-A INPUT -p udp -m udp --dport 2 -j DROP\n" END;
	struct made *made = plan_for(text);
	OWN(program) struct program *part = NULL;
	struct err err;

	(void)state;
	assert_false(drops(made, LOCAL, UDP(1)));
	forget(made);
	made = begin();
	made->card.input.wishes.log_sample = 10;
	make(made, text);
	assert_true(drops(made, LOCAL, UDP(1)));
	assert_true(drops(made, LOCAL, UDP(2)));
	assert_false(drops(made, LOCAL, UDP(3)));
	assert_int_equal(card_count_rules(made->plan, made->plan->card), 2);
	/* A card that cannot draw lots. */
	assert_return_code(card_shrink(made->plan, &without, &part, &err), 0);
	assert_int_equal(part->settings.log_rate, 0);
	assert_true(part->can_drop);
	for (size_t i = 0; i < part->outcome_count; i++)
		assert_int_equal(part->outcomes[i].logged, 0);
	assert_int_equal(card_count_rules(made->plan, part), 1);
	forget(made);
}

static void what_does_not_fit_is_given_up_from_the_end(void **state)
{
	struct made *made = plan_for(
		INPUT "-A INPUT -p udp -m udp --dport 1 -j DROP\n"
		      "-A INPUT -p udp -m udp --dport 2 -j DROP\n"
		      "-A INPUT -p udp -m udp --dport 3 -j DROP\n"
		      "-A INPUT -p udp -m udp --dport 4 -j DROP\n" END);
	struct plan *plan = made->plan;
	const struct card_share half = { .keep = 1, .of = 2 };
	struct program *part = NULL;
	struct err err;

	(void)state;
	assert_int_equal(card_count_rules(plan, plan->card), 4);
	assert_return_code(card_shrink(plan, &half, &part, &err), 0);
	program_free(plan->card);
	plan->card = part;
	assert_in_range(card_count_rules(plan, part), 1, 3);
	assert_true(drops(made, LOCAL, UDP(1)));
	assert_false(drops(made, LOCAL, UDP(4)));
	assert_true(part->insn_count > 0);
	forget(made);
}

static void a_card_may_drop_where_the_host_cannot(void **state)
{
	struct made *made = begin();

	(void)state;
	made->card.kernel.has_conntrack = false;
	made->card.input.wishes.syn_is_new = true;
	make(made, STATEFUL);
	assert_true(made->plan->tiers[TIER_HW].is_candidate);
	assert_int_equal(made->plan->tiers[TIER_NATIVE].reason,
			 REASON_NOTHING_TO_DROP);
	assert_true(drops(made, LOCAL, SYN(23)));
	forget(made);
}

static void a_shadow_is_no_work_for_a_card(void **state)
{
	struct made *made = begin();

	(void)state;
	made->card.input.wishes.is_shadow = true;
	make(made, INPUT "-A INPUT -p udp -m udp --dport 7 -j DROP\n" END);
	assert_int_equal(made->plan->tiers[TIER_HW].reason, REASON_CARD_SHADOW);
	assert_null(made->plan->card);
	forget(made);
}

static void packets_of_known_connections_may_not_die_on_a_card(void **state)
{
	struct made *made = begin();

	(void)state;
	made->card.input.wishes.strict_conntrack = true;
	make(made, INPUT "-A INPUT -p udp -m udp --dport 7 -j DROP\n" END);
	assert_int_equal(made->plan->tiers[TIER_HW].reason, REASON_CARD_STRICT);
	forget(made);
}

static void a_card_needs_the_operators_word(void **state)
{
	struct made *made = begin();

	(void)state;
	made->card.input.wishes.pinned = 0;
	make(made, INPUT "-A INPUT -p udp -m udp --dport 7 -j DROP\n" END);
	assert_int_equal(made->plan->tiers[TIER_HW].reason,
			 REASON_CARD_ASKS_NOBODY);
	assert_true(made->plan->tiers[TIER_NATIVE].is_candidate);
	forget(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_drop_in_input_holds_for_the_hosts_own_addresses),
		cmocka_unit_test(a_drop_before_routing_holds_for_all),
		cmocka_unit_test(a_drop_in_both_chains_is_none_for_others),
		cmocka_unit_test(without_known_addresses_input_decides_nothing),
		cmocka_unit_test(rules_that_reroute_take_input_away),
		cmocka_unit_test(a_card_knows_no_connections),
		cmocka_unit_test(a_syn_that_is_new_is_dropped),
		cmocka_unit_test(counters_are_those_of_the_hosts_program),
		cmocka_unit_test(
			what_is_logged_is_dropped_only_where_logs_are_given_up),
		cmocka_unit_test(what_does_not_fit_is_given_up_from_the_end),
		cmocka_unit_test(a_card_may_drop_where_the_host_cannot),
		cmocka_unit_test(a_shadow_is_no_work_for_a_card),
		cmocka_unit_test(
			packets_of_known_connections_may_not_die_on_a_card),
		cmocka_unit_test(a_card_needs_the_operators_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
