// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/num.h"
#include "fallback/watch.h"

#define LONG 100000 /* far beyond any debouncing */

static const struct watch_view usual = {
	.is_there = true,
	.ifindex = 7,
	.mtu = 1500,
	.ours = 42,
	.tier = TIER_NATIVE,
	.facts = WATCH_LOG_INVALID,
	.rules = 1000,
};

static struct watch_decision see(struct watch_state *state,
				 const struct watch_view *view, long time)
{
	return watch_decide(state, view, time);
}

static void planned(struct watch_state *state, const struct watch_view *view,
		    uint32_t prog_id, bool is_lesser, long time)
{
	const struct watch_outcome outcome = {
		.then = view,
		.prog_id = prog_id,
		.is_lesser = is_lesser,
		.took = 10,
	};

	watch_planned(state, &outcome, time);
}

/* As it is after a good plan at time 0. */
static struct watch_state kept(void)
{
	struct watch_state state = { 0 };

	assert_int_equal(see(&state, &usual, 0).acts & WATCH_PLAN, WATCH_PLAN);
	planned(&state, &usual, 42, false, 0);
	return state;
}

static void assert_stops(struct watch_decision decision, uint32_t prog_id,
			 enum watch_event event)
{
	assert_int_equal(decision.acts & WATCH_STOP, WATCH_STOP);
	assert_int_equal(decision.stopping, prog_id);
	assert_int_equal(decision.event, event);
}

static void assert_nothing(struct watch_decision decision)
{
	assert_int_equal(decision.acts, 0);
	assert_int_equal(decision.event, WATCH_EVENT_NONE);
}

static void nothing_new_is_nothing_to_do(void **state)
{
	struct watch_state watched = kept();

	(void)state;
	assert_nothing(see(&watched, &usual, LONG));
	assert_int_equal(watch_due(&watched), -1);
}

static void a_changed_rule_stops_at_once_and_plans_later(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;

	(void)state;
	now.rules++;
	struct watch_decision decision = see(&watched, &now, 1000);
	assert_stops(decision, 42, WATCH_EVENT_RULES_CHANGED);
	assert_false(decision.acts & WATCH_PLAN);
	assert_true(watch_due(&watched) > 1000);
	assert_int_equal(see(&watched, &now, watch_due(&watched)).acts,
			 WATCH_PLAN);
}

static void each_fact_stops(void **state)
{
	(void)state;
	for (int bit = 0; bit < 64; bit++) {
		struct watch_state watched = kept();
		struct watch_view now = usual;

		now.facts ^= UINT64_C(1) << bit;
		assert_stops(see(&watched, &now, 5), 42,
			     WATCH_EVENT_FACTS_CHANGED);
	}
}

static void who_else_takes_packets_stops(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;

	(void)state;
	now.master = 9;
	assert_stops(see(&watched, &now, 5), 42, WATCH_EVENT_USERS_CHANGED);
	watched = kept();
	now = usual;
	now.upper = 9;
	assert_stops(see(&watched, &now, 5), 42, WATCH_EVENT_USERS_CHANGED);
}

static void a_thousand_changes_are_one_plan(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;
	unsigned int stops = 0, plans = 0;
	long time = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		now.rules++;
		struct watch_decision decision = see(&watched, &now, ++time);

		stops += (decision.acts & WATCH_STOP) != 0;
		plans += (decision.acts & WATCH_PLAN) != 0;
	}
	for (int i = 0; i < 1000; i++) {
		struct watch_decision decision = see(&watched, &now, ++time);

		if (decision.acts & WATCH_PLAN) {
			plans++;
			planned(&watched, &now, 43, false, time);
			now.ours = 43;
		}
	}
	assert_int_equal(stops, 1);
	assert_int_equal(plans, 1);
}

static void what_never_rests_is_planned_all_the_same(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;
	long time = 0;

	(void)state;
	for (;;) {
		now.rules++;
		time += 10;
		if (see(&watched, &now, time).acts & WATCH_PLAN)
			break;
		assert_true(time < LONG);
	}
	assert_in_range(time, 1000, 3000);
}

static void a_change_while_it_is_planned_stops_it(void **state)
{
	struct watch_state watched = kept();
	struct watch_view before = usual, after = usual;

	(void)state;
	before.rules = 2000;
	see(&watched, &before, 10);
	assert_true(see(&watched, &before, LONG).acts & WATCH_PLAN);
	planned(&watched, &before, 43, false, LONG + 1);
	after.rules = 3000;
	after.ours = 43;
	assert_stops(see(&watched, &after, LONG + 2), 43,
		     WATCH_EVENT_RULES_CHANGED);
}

static void a_plan_that_takes_long_stops_what_it_replaces(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;

	(void)state;
	watched.plan_ms = 3000;
	now.mtu = 9000;
	assert_int_equal(see(&watched, &now, 10).acts, 0);
	struct watch_decision decision = see(&watched, &now, LONG);
	assert_int_equal(decision.acts, WATCH_STOP | WATCH_PLAN);
	assert_int_equal(decision.stopping, 42);
}

static void another_mtu_is_planned_without_stopping(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;

	(void)state;
	now.mtu = 9000;
	struct watch_decision decision = see(&watched, &now, 10);
	assert_int_equal(decision.acts, 0);
	assert_int_equal(decision.event, WATCH_EVENT_DEVICE_CHANGED);
	assert_int_equal(see(&watched, &now, LONG).acts, WATCH_PLAN);
}

static void a_vanished_interface_takes_its_drops_along(void **state)
{
	static const struct watch_view gone = { .is_there = false };
	struct watch_state watched = kept();
	struct watch_view back = usual;

	(void)state;
	assert_stops(see(&watched, &gone, 10), 42, WATCH_EVENT_GONE);
	assert_nothing(see(&watched, &gone, 20));
	back.ifindex = 8;
	back.ours = 0;
	assert_int_equal(see(&watched, &back, 30).event, WATCH_EVENT_BACK);
	assert_int_equal(see(&watched, &back, LONG).acts, WATCH_PLAN);
}

static void one_that_never_was_is_no_news(void **state)
{
	static const struct watch_view gone = { .is_there = false };
	struct watch_state watched = { 0 };

	(void)state;
	assert_nothing(see(&watched, &gone, 10));
	assert_int_equal(see(&watched, &usual, 20).event, WATCH_EVENT_BACK);
}

static void another_one_of_the_name_is_seen(void **state)
{
	struct watch_state watched = kept();
	struct watch_view other = usual;

	(void)state;
	other.ifindex = 8;
	other.ours = 0;
	assert_stops(see(&watched, &other, 10), 42, WATCH_EVENT_BACK);
	assert_int_equal(see(&watched, &other, LONG).acts, WATCH_PLAN);
}

static void what_was_taken_off_stays_off(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;

	(void)state;
	now.ours = 0;
	assert_int_equal(see(&watched, &now, 10).event, WATCH_EVENT_REMOVED);
	now.rules++;
	assert_nothing(see(&watched, &now, LONG));
	now.ours = 50;
	assert_int_equal(see(&watched, &now, LONG + 1).event,
			 WATCH_EVENT_TAKEN_OVER);
	assert_true(see(&watched, &now, 2 * LONG).acts & WATCH_PLAN);
}

static void a_reload_forgets_that_it_was_taken_off(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;

	(void)state;
	now.ours = 0;
	see(&watched, &now, 10);
	watch_reset(&watched, 20);
	assert_int_equal(see(&watched, &now, LONG).acts, WATCH_PLAN);
}

/* 42 in the driver, 43 on the card. */
static struct watch_state kept_with_card(void)
{
	const struct watch_outcome outcome = {
		.then = &usual,
		.prog_id = 42,
		.card_id = 43,
	};
	struct watch_state watched = { 0 };

	see(&watched, &usual, 0);
	watch_planned(&watched, &outcome, 0);
	return watched;
}

static void a_card_that_was_emptied_is_told_once(void **state)
{
	struct watch_state watched = kept_with_card();
	struct watch_view now = usual;

	(void)state;
	now.card = 43;
	assert_nothing(see(&watched, &now, 10));
	now.card = 0;
	struct watch_decision decision = see(&watched, &now, 20);
	assert_int_equal(decision.acts, 0);
	assert_int_equal(decision.event, WATCH_EVENT_CARD_REMOVED);
	assert_nothing(see(&watched, &now, LONG));
	/* The driver's program is looked after as before. */
	now.rules++;
	assert_stops(see(&watched, &now, LONG), 42, WATCH_EVENT_RULES_CHANGED);
}

static void what_a_card_drops_rests_on_the_addresses(void **state)
{
	struct watch_state watched = kept_with_card();
	struct watch_view now = usual;

	(void)state;
	now.card = 43;
	now.locals++;
	assert_int_not_equal(watch_mark(&watched.then), watch_mark(&now));
	assert_stops(see(&watched, &now, 10), 42, WATCH_EVENT_LOCALS_CHANGED);
	assert_int_equal(see(&watched, &now, LONG).acts, WATCH_PLAN);
}

/* By another name, or in another namespace, it would go on dropping. */
static void a_vanished_interface_takes_its_card_along(void **state)
{
	static const struct watch_view gone = { .is_there = false };
	struct watch_state watched = kept_with_card();
	struct watch_view other = usual;

	(void)state;
	struct watch_decision decision = see(&watched, &gone, 10);
	assert_stops(decision, 42, WATCH_EVENT_GONE);
	assert_int_equal(decision.card, 43);

	watched = kept_with_card();
	other.ifindex = 8;
	other.ours = 0;
	other.card = 77;
	decision = see(&watched, &other, 10);
	assert_stops(decision, 42, WATCH_EVENT_BACK);
	assert_int_equal(decision.card, 43);
}

static void what_is_on_the_card_by_now_stops(void **state)
{
	static const struct watch_view gone = { .is_there = false };
	struct watch_state watched = kept_with_card();
	struct watch_view now = usual;

	(void)state;
	now.card = 50;
	now.rules++;
	assert_int_equal(see(&watched, &now, 10).card, 50);

	/* Also one that nobody has planned here, and that went since. */
	watched = kept_with_card();
	now = usual;
	now.ours = 60;
	now.card = 61;
	assert_int_equal(see(&watched, &now, 10).event, WATCH_EVENT_TAKEN_OVER);
	struct watch_decision decision = see(&watched, &gone, 20);
	assert_stops(decision, 60, WATCH_EVENT_GONE);
	assert_int_equal(decision.card, 61);
}

static void a_card_without_addresses_waits_for_them(void **state)
{
	const struct watch_outcome outcome = {
		.then = &usual,
		.prog_id = 42,
		.awaits_locals = true,
	};
	struct watch_state watched = { 0 };
	struct watch_view now = usual;

	(void)state;
	see(&watched, &usual, 0);
	watch_planned(&watched, &outcome, 0);
	assert_nothing(see(&watched, &now, LONG));
	now.locals++;
	struct watch_decision decision = see(&watched, &now, LONG);
	assert_int_equal(decision.acts, 0);
	assert_int_equal(decision.event, WATCH_EVENT_RETRY);
	assert_int_equal(see(&watched, &now, 2 * LONG).acts, WATCH_PLAN);
}

static void without_a_card_addresses_matter_not(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;

	(void)state;
	now.locals++;
	assert_int_equal(watch_mark(&usual), watch_mark(&now));
	assert_nothing(see(&watched, &now, LONG));
}

static void a_foreign_program_is_not_fought(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;

	(void)state;
	now.ours = 0;
	now.foreign = 77;
	assert_int_equal(see(&watched, &now, 10).event, WATCH_EVENT_FOREIGN);
	assert_nothing(see(&watched, &now, LONG));
	now.foreign = 0;
	assert_int_equal(see(&watched, &now, LONG + 1).event, WATCH_EVENT_FREE);
	assert_int_equal(see(&watched, &now, 2 * LONG).acts, WATCH_PLAN);
}

static void another_program_of_ours_is_watched_like_it(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;

	(void)state;
	now.ours = 50;
	assert_int_equal(see(&watched, &now, 10).event, WATCH_EVENT_TAKEN_OVER);
	now.facts ^= WATCH_NAT_IPV4;
	assert_stops(see(&watched, &now, 11), 50, WATCH_EVENT_FACTS_CHANGED);
}

static void who_waits_for_a_confirmation_is_not_disturbed(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;

	(void)state;
	now.ours = 50;
	now.is_taken = true;
	see(&watched, &now, 10);
	assert_nothing(see(&watched, &now, LONG));
	now.is_taken = false;
	assert_int_equal(see(&watched, &now, LONG + 1).acts, WATCH_PLAN);
}

static void a_lesser_tier_is_tried_again_ever_later(void **state)
{
	struct watch_state watched = { 0 };
	long time = 0, before = 0;

	(void)state;
	see(&watched, &usual, 0);
	planned(&watched, &usual, 42, true, 0);
	for (int i = 0; i < 5; i++) {
		long due = watch_due(&watched);

		assert_true(due - time > before);
		before = due - time;
		assert_nothing(see(&watched, &usual, due - 1));
		assert_int_equal(see(&watched, &usual, due).event,
				 WATCH_EVENT_RETRY);
		time = due + 1000;
		assert_int_equal(see(&watched, &usual, time).acts, WATCH_PLAN);
		planned(&watched, &usual, 42, true, time);
	}
}

static void a_device_that_changes_is_tried_at_once(void **state)
{
	struct watch_state watched = { 0 };
	struct watch_view now = usual;

	(void)state;
	see(&watched, &usual, 0);
	for (int i = 0; i < 10; i++)
		planned(&watched, &usual, 42, true, 0);
	assert_true(watch_due(&watched) > 100000);
	now.device++;
	assert_int_equal(see(&watched, &now, 10).event,
			 WATCH_EVENT_DEVICE_CHANGED);
	assert_true(watch_due(&watched) < 1000);
}

static void a_failed_plan_leaves_it_stopped_and_is_tried_again(void **state)
{
	struct watch_state watched = kept();
	struct watch_view now = usual;
	struct watch_outcome failed = { .then = &now, .has_failed = true };

	(void)state;
	now.facts = WATCH_HOOKS;
	see(&watched, &now, 10);
	assert_true(see(&watched, &now, LONG).acts & WATCH_PLAN);
	watch_planned(&watched, &failed, LONG);
	assert_true(watched.is_stopped);
	assert_nothing(see(&watched, &now, LONG + 1));
	assert_int_equal(see(&watched, &now, watch_due(&watched)).event,
			 WATCH_EVENT_RETRY);
}

static void a_new_watcher_leaves_what_is_as_it_was(void **state)
{
	struct watch_state watched = { 0 };
	struct watch_view now = usual;

	(void)state;
	now.planned = watch_mark(&usual);
	struct watch_decision decision = see(&watched, &now, 0);
	assert_int_equal(decision.acts, WATCH_PLAN);
	assert_int_equal(decision.event, WATCH_EVENT_NONE);
	/* What changes while it plans for the first time is seen. */
	now.rules++;
	assert_stops(see(&watched, &now, 50), 42, WATCH_EVENT_RULES_CHANGED);
}

static void a_new_watcher_stops_what_has_changed_meanwhile(void **state)
{
	static const size_t offsets[] = {
		offsetof(struct watch_view, rules),
		offsetof(struct watch_view, facts),
		offsetof(struct watch_view, master),
		offsetof(struct watch_view, upper),
		offsetof(struct watch_view, ifindex),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct watch_state watched = { 0 };
		struct watch_view now = usual;

		((char *)&now)[offsets[i]]++;
		now.planned = watch_mark(&usual);
		assert_int_equal(see(&watched, &now, 0).acts & WATCH_STOP,
				 WATCH_STOP);
	}
	struct watch_state watched = { 0 };
	assert_int_equal(see(&watched, &usual, 0).acts & WATCH_STOP,
			 WATCH_STOP);
}

/* What is not known may be another world also where all of this one is zero. */
static void a_new_watcher_stops_what_nobody_knows(void **state)
{
	struct watch_state watched = { 0 };
	struct watch_view now = usual;

	(void)state;
	now.rules = 0;
	now.facts = 0;
	now.card = 43;
	struct watch_decision decision = see(&watched, &now, 0);
	assert_stops(decision, 42, WATCH_EVENT_FACTS_CHANGED);
	assert_int_equal(decision.card, 43);
	assert_true(decision.acts & WATCH_PLAN);
}

static void every_event_has_a_name_and_a_sentence(void **state)
{
	(void)state;
	for (int i = 0; i < WATCH_EVENT_COUNT; i++) {
		assert_true(*watch_event_name(i) != '\0');
		assert_true(*watch_event_sentence(i) != '\0');
	}
}

static void facts_are_bits(void **state)
{
	struct host_facts facts = { 0 };

	(void)state;
	assert_int_equal(watch_facts(&facts), 0);
	facts.has_nat[1].value = true;
	facts.has_helpers.value = true;
	assert_int_equal(watch_facts(&facts), WATCH_NAT_IPV6 | WATCH_HELPERS);
	facts.nft_tables[0] = HOST_TABLE_FILTER;
	assert_true(watch_facts(&facts) >> 32 != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_new_is_nothing_to_do),
		cmocka_unit_test(a_changed_rule_stops_at_once_and_plans_later),
		cmocka_unit_test(each_fact_stops),
		cmocka_unit_test(who_else_takes_packets_stops),
		cmocka_unit_test(a_thousand_changes_are_one_plan),
		cmocka_unit_test(what_never_rests_is_planned_all_the_same),
		cmocka_unit_test(a_change_while_it_is_planned_stops_it),
		cmocka_unit_test(a_plan_that_takes_long_stops_what_it_replaces),
		cmocka_unit_test(another_mtu_is_planned_without_stopping),
		cmocka_unit_test(a_vanished_interface_takes_its_drops_along),
		cmocka_unit_test(one_that_never_was_is_no_news),
		cmocka_unit_test(another_one_of_the_name_is_seen),
		cmocka_unit_test(what_was_taken_off_stays_off),
		cmocka_unit_test(a_reload_forgets_that_it_was_taken_off),
		cmocka_unit_test(a_card_that_was_emptied_is_told_once),
		cmocka_unit_test(what_a_card_drops_rests_on_the_addresses),
		cmocka_unit_test(a_vanished_interface_takes_its_card_along),
		cmocka_unit_test(what_is_on_the_card_by_now_stops),
		cmocka_unit_test(a_card_without_addresses_waits_for_them),
		cmocka_unit_test(without_a_card_addresses_matter_not),
		cmocka_unit_test(a_foreign_program_is_not_fought),
		cmocka_unit_test(another_program_of_ours_is_watched_like_it),
		cmocka_unit_test(who_waits_for_a_confirmation_is_not_disturbed),
		cmocka_unit_test(a_lesser_tier_is_tried_again_ever_later),
		cmocka_unit_test(a_device_that_changes_is_tried_at_once),
		cmocka_unit_test(
			a_failed_plan_leaves_it_stopped_and_is_tried_again),
		cmocka_unit_test(a_new_watcher_leaves_what_is_as_it_was),
		cmocka_unit_test(
			a_new_watcher_stops_what_has_changed_meanwhile),
		cmocka_unit_test(a_new_watcher_stops_what_nobody_knows),
		cmocka_unit_test(every_event_has_a_name_and_a_sentence),
		cmocka_unit_test(facts_are_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
