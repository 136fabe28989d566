// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/host.h"
#include "offload/known.h"
#include "rules/read.h"

static const struct kernel_features newest = { .has_device = true };
static const struct kernel_features old = { .has_device = false };
static const struct wire_stamp everything = { .askable = UINT32_MAX };
static const struct wire_stamp nothing = { .askable = 0 };

static struct ruleset *read_any(enum family family)
{
	static const char text[] = "*filter\n:INPUT DROP [0:0]\nCOMMIT\n";
	struct ruleset *ruleset = NULL;
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", family, &ruleset, NULL,
		       &err))
		fail_msg("%s", err.text);
	return ruleset;
}

static void what_a_program_can_ask_it_asks(void **state)
{
	struct plan_input input = { .kernel = &newest, .stamp = &everything };
	OWN(ruleset) struct ruleset *rules = read_any(FAMILY_IPV4);

	(void)state;
	input.policy.ipv4 = rules;
	for (int about = 0; about < ABOUT_COUNT; about++)
		assert_int_equal(known_source(&input, about), FACT_PER_PACKET);
	assert_int_equal(known_checks(&input), WIRE_CHECK_INTERFACE |
						       WIRE_CHECK_HOOKS_IPV4 |
						       WIRE_CHECK_LOG_INVALID |
						       WIRE_CHECK_LOG_MARTIANS |
						       WIRE_CHECK_EXPECTATIONS);
}

static void hooks_are_asked_for_the_families_of_the_rules(void **state)
{
	struct plan_input input = { .kernel = &newest, .stamp = &everything };
	OWN(ruleset) struct ruleset *rules = read_any(FAMILY_IPV6);

	(void)state;
	input.policy.ipv6 = rules;
	assert_true(known_checks(&input) & WIRE_CHECK_HOOKS_IPV6);
	assert_false(known_checks(&input) & WIRE_CHECK_HOOKS_IPV4);
}

static void what_nobody_would_notice_is_not_relied_on(void **state)
{
	const struct host_facts facts = { 0 };
	struct plan_input input = { .kernel = &newest,
				    .stamp = &nothing,
				    .facts = &facts };
	OWN(ruleset) struct ruleset *rules = read_any(FAMILY_IPV4);
	const char *why;

	(void)state;
	input.policy.ipv4 = rules;
	for (int i = 0; i < 3; i++) {
		if (i == 1)
			input.stamp = NULL;
		if (i == 2)
			input.kernel = &old;
		assert_int_equal(known_source(&input, ABOUT_INTERFACE),
				 FACT_SHOWN);
		assert_int_equal(known_source(&input, ABOUT_OTHER_HOOKS),
				 FACT_SHOWN);
		assert_true(host_has_nat(&input, FAMILY_IPV4));
		assert_true(host_logs_invalid(&input));
		assert_true(host_logs_martians(&input));
		assert_true(host_may_expect(&input, &why));
	}
	assert_int_equal(known_source(&input, ABOUT_RECEIVERS), FACT_SHOWN);
}

static void what_is_pinned_or_watched_is_relied_on(void **state)
{
	const struct host_facts facts = { 0 };
	struct plan_input input = { .kernel = &old, .facts = &facts };
	const char *why;

	(void)state;
	input.wishes.pinned = 1u << ABOUT_NAT_IPV4;
	assert_int_equal(known_source(&input, ABOUT_NAT_IPV4), FACT_PINNED);
	assert_int_equal(known_source(&input, ABOUT_NAT_IPV6), FACT_SHOWN);
	assert_false(host_has_nat(&input, FAMILY_IPV4));
	assert_true(host_has_nat(&input, FAMILY_IPV6));
	input.wishes.is_watched = true;
	assert_int_equal(known_source(&input, ABOUT_NAT_IPV4), FACT_PINNED);
	assert_int_equal(known_source(&input, ABOUT_NAT_IPV6), FACT_WATCHED);
	assert_int_equal(known_source(&input, ABOUT_RECEIVERS), FACT_SHOWN);
	assert_false(host_has_nat(&input, FAMILY_IPV6));
	assert_false(host_logs_invalid(&input));
	assert_false(host_may_expect(&input, &why));
}

static void what_is_vouched_for_is_not_asked(void **state)
{
	struct plan_input input = { .kernel = &newest, .stamp = &everything };
	OWN(ruleset) struct ruleset *rules = read_any(FAMILY_IPV4);

	(void)state;
	input.policy.ipv4 = rules;
	input.wishes.pinned = 1u << ABOUT_NAT_IPV4;
	assert_true(known_checks(&input) & WIRE_CHECK_HOOKS_IPV4);
	input.wishes.accept_bypass = true;
	assert_false(known_checks(&input) & WIRE_CHECK_HOOKS_IPV4);
	assert_true(known_checks(&input) & WIRE_CHECK_LOG_INVALID);
	input.wishes.ignore_logs = true;
	assert_false(known_checks(&input) & WIRE_CHECK_LOG_INVALID);
	input.wishes.pinned = known_pinnable();
	assert_int_equal(known_checks(&input), 0);
}

static void logs_that_were_reckoned_with_may_stay(void **state)
{
	struct host_facts facts = { 0 };
	struct plan_input input = { .kernel = &newest,
				    .stamp = &everything,
				    .facts = &facts };

	(void)state;
	facts.logs_martians.value = true;
	assert_false(known_checks(&input) & WIRE_CHECK_LOG_MARTIANS);
	assert_true(known_checks(&input) & WIRE_CHECK_LOG_INVALID);
}

static void every_fact_has_a_name(void **state)
{
	(void)state;
	for (int about = 0; about < ABOUT_COUNT; about++)
		assert_int_equal(known_find(known_name(about)), about);
	assert_true(known_find("nat") < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_program_can_ask_it_asks),
		cmocka_unit_test(hooks_are_asked_for_the_families_of_the_rules),
		cmocka_unit_test(what_nobody_would_notice_is_not_relied_on),
		cmocka_unit_test(what_is_pinned_or_watched_is_relied_on),
		cmocka_unit_test(what_is_vouched_for_is_not_asked),
		cmocka_unit_test(logs_that_were_reckoned_with_may_stay),
		cmocka_unit_test(every_fact_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
