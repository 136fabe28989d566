// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/draw.h"
#include "offload/measure_cards.h"
#include "rules/read.h"
#include "tests/lib/on_card.h"
#include "tests/lib/topology.h"

/* A plan for a card, what it was made from, and what it is worth. */
struct made {
	struct on_card card;
	struct ruleset *rules;
	struct plan *plan;
	struct measure_cards *cards;
};

static void make(struct made *made, const char *text)
{
	struct err err = { .text = "" };

	if (read_rules(text, strlen(text), "test", FAMILY_IPV4, &made->rules,
		       NULL, &err))
		fail_msg("%s", err.text);
	made->card.input.policy.ipv4 = made->rules;
	assert_int_equal(plan_make(&made->card.input, &made->plan, &err), 0);
	assert_int_equal(measure_cards_make(&made->card.input, made->plan,
					    MEASURE_SEED, &made->cards, &err),
			 0);
}

static struct made *begin(void)
{
	struct made *made = calloc(1, sizeof(*made));

	assert_non_null(made);
	on_card_init(&made->card);
	return made;
}

static void forget(struct made *made)
{
	measure_cards_free(made->cards);
	plan_free(made->plan);
	ruleset_free(made->rules);
	free(made);
}

static const struct measure_path *path_of(const struct made *made,
					  bool syn_is_new, enum measure_way way)
{
	const struct measure_card *card = &made->cards->by_syn[syn_is_new];

	assert_true(card->is_known[0]);
	assert_false(card->is_known[1]);
	return &card->families[0].ways[way];
}

#define FILTER "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"
#define DROPS  "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n"
#define KNOWN  "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n"
#define END    "COMMIT\n"

static void
a_syn_may_be_of_a_connection_unless_it_is_taken_for_new(void **state)
{
	struct made *made = begin();

	(void)state;
	make(made, DROPS KNOWN END);
	const struct measure_path *without = path_of(made, false, 0),
				  *with = path_of(made, true, 0);

	assert_int_equal(without->protos[MEASURE_TCP].early, 0);
	assert_int_equal(without->losses[0].count + without->all.early,
			 without->all.dropped);
	assert_true(measure_permille(&with->protos[MEASURE_TCP]) > 700);
	/* An ACK is none. */
	assert_true(measure_permille(&with->protos[MEASURE_TCP]) < 1000);
	assert_int_equal(with->protos[MEASURE_UDP].early, 0);
	assert_true(with->protos[MEASURE_UDP].dropped > 0);
	forget(made);
}

static void what_stands_in_the_way_is_named_with_its_rule(void **state)
{
	struct made *made = begin();

	(void)state;
	make(made, FILTER "-A INPUT -p udp -m conntrack --ctstate ESTABLISHED "
			  "-j ACCEPT\n"
			  "-A INPUT -p udp -j DROP\n" END);
	const struct measure_path *input = path_of(made, false, MEASURE_INPUT);

	assert_true(input->all.dropped > 0);
	assert_int_equal(input->all.early, 0);
	assert_int_equal(input->losses[0].count, input->all.dropped);
	assert_string_equal(input->losses[0].name, "needs-conntrack");
	assert_int_equal(input->losses[0].rule->rule->number, 1);
	forget(made);
}

static void a_card_chooses_what_is_logged_where_that_is_wished(void **state)
{
	static const char text[] = FILTER "-A INPUT -p udp -j LOG\n"
					  "-A INPUT -p udp -j DROP\n" END;
	struct made *made = begin();

	(void)state;
	make(made, text);
	const struct measure_path *input = path_of(made, false, MEASURE_INPUT);

	assert_int_equal(input->all.early, 0);
	assert_string_equal(input->losses[0].name, "effect");
	assert_int_equal(input->losses[0].rule->rule->number, 1);
	forget(made);
	made = begin();
	made->card.input.wishes.log_sample = 10;
	make(made, text);
	input = path_of(made, false, MEASURE_INPUT);
	assert_true(input->all.early > input->all.dropped / 2);
	forget(made);
}

static void only_drops_before_routing_hold_for_what_is_forwarded(void **state)
{
	struct made *made = begin();

	(void)state;
	make(made, "*raw\n:PREROUTING ACCEPT [0:0]\n"
		   "-A PREROUTING -p udp -j DROP\n" END FILTER
		   "-A FORWARD -p tcp -j DROP\n" END);
	const struct measure_path *input = path_of(made, false, MEASURE_INPUT),
				  *forward =
					  path_of(made, false, MEASURE_FORWARD);

	/* All but DHCP. */
	assert_true(measure_permille(&input->all) > 990);
	assert_true(measure_permille(&forward->protos[MEASURE_UDP]) > 990);
	assert_true(forward->protos[MEASURE_TCP].dropped > 0);
	assert_int_equal(forward->protos[MEASURE_TCP].early, 0);
	assert_string_equal(forward->losses[0].name, "card");
	forget(made);
}

static void what_the_operator_does_not_vouch_for_yet_is_measured(void **state)
{
	struct made *made = begin();

	(void)state;
	made->card.input.wishes.pinned = 0;
	make(made, FILTER "-A INPUT -p tcp -j DROP\n" END);
	assert_null(made->plan->card);
	assert_int_equal(measure_permille(
				 &path_of(made, false, MEASURE_INPUT)->all),
			 1000);
	forget(made);
}

static void without_a_card_there_is_nothing_to_measure(void **state)
{
	struct made *made = begin();

	(void)state;
	made->card.caps.tiers[TIER_HW].able = CAPS_UNKNOWN;
	make(made, FILTER "-A INPUT -p udp -j DROP\n" END);
	assert_null(made->cards);
	forget(made);
	made = begin();
	made->card.input.wishes.max = TIER_NATIVE;
	make(made, FILTER "-A INPUT -p udp -j DROP\n" END);
	assert_null(made->cards);
	forget(made);
}

/* The destination decides: one that is the host's own, or none of its. */
static void compare(const struct made *made, enum measure_way way, u128 daddr)
{
	enum hook path = way == MEASURE_INPUT ? HOOK_INPUT : HOOK_FORWARD;
	const struct plan *supposed = &made->cards->by_syn[1].plans[way];
	OWN(draw) struct draw *draw = draw_make(made->rules, TOPOLOGY_IN, 7);
	unsigned int drops = 0;

	assert_non_null(draw);
	for (int i = 0; i < 2000; i++) {
		OWN_MEM struct packet_bytes *bytes = NULL;
		struct judgement real, said;
		struct packet_draft draft;
		struct err err;

		draw_next(draw, &draft);
		draft.daddr = daddr;
		assert_int_equal(packet_draft_build(&draft, &bytes, &err), 0);
		judge_on_card(made->plan, &bytes->packet, path, &real);
		judge_on_card(supposed, &bytes->packet, path, &said);
		assert_int_equal(said.is_drop, real.is_drop);
		drops += real.is_drop;
	}
	assert_true(drops > 100 && drops < 1900);
}

static void
what_is_supposed_is_what_the_card_does_with_its_addresses(void **state)
{
	struct made *made = begin();

	(void)state;
	made->card.input.wishes.syn_is_new = true;
	make(made,
	     "*raw\n:PREROUTING ACCEPT [0:0]\n"
	     "-A PREROUTING -p udp -m udp --sport 53 -j DROP\n"
	     "-A PREROUTING -p udp -m udp --sport 123 -j DROP\n" END DROPS KNOWN
	     "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n"
	     "-A INPUT -p tcp -m tcp --dport 23 -j LOG\n"
	     "-A FORWARD -p tcp -j DROP\n" END);
	compare(made, MEASURE_INPUT, 0x0a010001);   /* 10.1.0.1 */
	compare(made, MEASURE_FORWARD, 0x0a020063); /* 10.2.0.99 */
	forget(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_syn_may_be_of_a_connection_unless_it_is_taken_for_new),
		cmocka_unit_test(what_stands_in_the_way_is_named_with_its_rule),
		cmocka_unit_test(
			a_card_chooses_what_is_logged_where_that_is_wished),
		cmocka_unit_test(
			only_drops_before_routing_hold_for_what_is_forwarded),
		cmocka_unit_test(
			what_the_operator_does_not_vouch_for_yet_is_measured),
		cmocka_unit_test(without_a_card_there_is_nothing_to_measure),
		cmocka_unit_test(
			what_is_supposed_is_what_the_card_does_with_its_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
