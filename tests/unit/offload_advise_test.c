// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/advise.h"
#include "rules/read.h"

struct fixture {
	struct ruleset *ruleset;
	struct plan *plan;
	struct advice_list list;
};

static struct fixture advise(const char *body)
{
	OWN_BUF struct buf text = BUF_INIT;
	struct fixture f = { 0 };
	struct plan_input input = { .iface = "eth0",
				    .wishes = { .max = TIER_HW } };
	struct measure measure;
	struct err err = { 0 };

	buf_addf(&text, "*filter\n%sCOMMIT\n", body);
	if (read_rules(buf_text(&text), text.length, "test", FAMILY_IPV4,
		       &f.ruleset, NULL, &err))
		fail_msg("%s", err.text);
	input.policy.ipv4 = f.ruleset;
	if (plan_make(&input, &f.plan, &err))
		fail_msg("%s", err.text);
	assert_int_equal(measure_plan(f.plan, FAMILY_IPV4, 1, &measure), 0);
	if (advise_plan(&input, f.plan, &measure, FAMILY_IPV4, &f.list, &err))
		fail_msg("%s", err.text);
	return f;
}

static void release(struct fixture *f)
{
	plan_free(f->plan);
	ruleset_free(f->ruleset);
}

static const struct advice *find(const struct fixture *f, enum advice_kind kind)
{
	for (size_t i = 0; i < f->list.count; i++) {
		if (f->list.items[i].kind == kind)
			return &f->list.items[i];
	}
	return NULL;
}

static void assert_gains(const struct fixture *f, enum advice_kind kind,
			 unsigned int permille)
{
	const struct advice *advice = find(f, kind);

	assert_non_null(advice);
	assert_int_equal(advice->after.dropped, advice->before.dropped);
	assert_true(measure_permille(&advice->after) >=
		    measure_permille(&advice->before) + permille);
}

static void where_all_dies_early_there_is_no_advice(void **state)
{
	struct fixture f = advise(":INPUT DROP [0:0]\n");

	(void)state;
	assert_int_equal(f.list.count, 0);
	release(&f);
}

static void log_lines_behind_a_limit_may_be_sampled(void **state)
{
	struct fixture f = advise(":INPUT DROP [0:0]\n"
				  "-A INPUT -m limit --limit 1/s -j LOG\n");

	(void)state;
	assert_gains(&f, ADVICE_LOG_SAMPLE, 900);
	assert_null(find(&f, ADVICE_NARROW));
	release(&f);
}

static void what_remembers_senders_may_see_fewer_of_them(void **state)
{
	struct fixture f =
		advise(":INPUT DROP [0:0]\n"
		       "-A INPUT -p tcp -m recent --set --name a --rsource\n"
		       "-A INPUT -p tcp -m recent --update --seconds 9 "
		       "--name a --rsource -j DROP\n"
		       "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n");
	struct fixture one =
		advise(":INPUT DROP [0:0]\n"
		       "-A INPUT -p tcp -m recent --update --seconds 9 "
		       "--name a --rsource -j DROP\n"
		       "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n");

	(void)state;
	/* Either rule alone still stands in the way of the other. */
	assert_null(find(&f, ADVICE_NARROW));
	assert_gains(&one, ADVICE_NARROW, 400);
	assert_int_equal(find(&one, ADVICE_NARROW)->place.rule->line, 3);
	/* Trying it changed nothing. */
	assert_int_equal(one.ruleset->tables[0].chains[0].rule_count, 2);
	release(&f);
	release(&one);
}

static void bogons_are_better_dropped_in_raw(void **state)
{
	struct fixture f =
		advise(":INPUT ACCEPT [0:0]\n"
		       "-A INPUT -p tcp -m limit --limit 9/s -j LOG\n"
		       "-A INPUT -s 10.0.0.0/8 -j DROP\n"
		       "-A INPUT -s 192.168.7.0/24 -j DROP\n");

	(void)state;
	assert_gains(&f, ADVICE_BOGONS_TO_RAW, 300);
	assert_int_equal(f.ruleset->table_count, 1);
	release(&f);
	/* A public address is no bogon. */
	f = advise(":INPUT ACCEPT [0:0]\n"
		   "-A INPUT -p tcp -m limit --limit 9/s -j LOG\n"
		   "-A INPUT -s 9.0.0.0/8 -j DROP\n");
	assert_null(find(&f, ADVICE_BOGONS_TO_RAW));
	release(&f);
}

static void who_drops_new_packets_should_drop_invalid_ones_too(void **state)
{
	struct fixture f =
		advise(":INPUT ACCEPT [0:0]\n"
		       "-A INPUT -m conntrack --ctstate NEW -j DROP\n");

	(void)state;
	assert_gains(&f, ADVICE_DROP_INVALID, 800);
	release(&f);
}

static void rules_without_a_target_may_count_less(void **state)
{
	struct fixture f = advise(":INPUT DROP [0:0]\n-A INPUT -p udp\n");

	(void)state;
	assert_gains(&f, ADVICE_IGNORE_COUNTERS, 200);
	release(&f);
}

static void what_gains_most_comes_first(void **state)
{
	struct fixture f = advise(":INPUT DROP [0:0]\n"
				  "-A INPUT -p tcp -j LOG\n"
				  "-A INPUT -p icmp\n");

	(void)state;
	assert_int_equal(f.list.count, 2);
	assert_int_equal(f.list.items[0].kind, ADVICE_LOG_SAMPLE);
	assert_int_equal(f.list.items[1].kind, ADVICE_IGNORE_COUNTERS);
	release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_all_dies_early_there_is_no_advice),
		cmocka_unit_test(log_lines_behind_a_limit_may_be_sampled),
		cmocka_unit_test(what_remembers_senders_may_see_fewer_of_them),
		cmocka_unit_test(bogons_are_better_dropped_in_raw),
		cmocka_unit_test(
			who_drops_new_packets_should_drop_invalid_ones_too),
		cmocka_unit_test(rules_without_a_target_may_count_less),
		cmocka_unit_test(what_gains_most_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
