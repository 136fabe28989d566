// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/host.h"
#include "rules/read.h"

#define FILTER "*filter\n:INPUT DROP [0:0]\nCOMMIT\n"
#define RAW    "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"

static bool may_expect(const char *text, const struct host_facts *facts)
{
	struct plan_input input = { .iface = "eth0", .facts = facts };
	struct ruleset *ruleset = NULL;
	const char *why = NULL;
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", FAMILY_IPV4, &ruleset, NULL,
		       &err))
		fail_msg("%s", err.text);
	input.policy.ipv4 = ruleset;
	bool result = host_may_expect(&input, &why);
	assert_non_null(why);
	ruleset_free(ruleset);
	return result;
}

static void without_helpers_nothing_is_expected(void **state)
{
	const struct host_facts facts = { 0 };

	(void)state;
	assert_false(may_expect(FILTER, NULL));
	assert_false(may_expect(FILTER, &facts));
	assert_false(may_expect(RAW "-A PREROUTING -p tcp -j CT --notrack\n"
				    "COMMIT\n",
				&facts));
}

static void a_helper_in_any_chain_counts(void **state)
{
	(void)state;
	assert_true(may_expect(RAW "-A OUTPUT -p tcp -m tcp --dport 21 -j CT "
				   "--helper ftp\nCOMMIT\n" FILTER,
			       NULL));
	assert_true(may_expect("*raw\n:mine - [0:0]\n"
			       "-A mine -p tcp -j CT --helper=ftp\nCOMMIT\n",
			       NULL));
	assert_true(may_expect(RAW "-A OUTPUT -p tcp -j CT --help ftp\n"
				   "COMMIT\n",
			       NULL));
}

static void helpers_of_the_host_count(void **state)
{
	struct host_facts facts = { 0 };

	(void)state;
	facts.has_helpers.value = true;
	assert_true(may_expect(FILTER, &facts));
}

static void a_raw_table_that_was_not_given_may_have_helpers(void **state)
{
	struct host_facts facts = { 0 };

	(void)state;
	facts.has_raw[1].value = true;
	assert_false(may_expect(FILTER, &facts));
	facts.has_raw[0].value = true;
	assert_true(may_expect(FILTER, &facts));
	assert_false(may_expect(RAW "COMMIT\n" FILTER, &facts));
}

static void log_lines_count_unless_they_are_given_up(void **state)
{
	struct host_facts facts = { 0 };
	struct plan_input input = { .facts = &facts };

	(void)state;
	facts.logs_invalid.value = true;
	assert_true(host_logs_invalid(&input));
	assert_false(host_logs_martians(&input));
	facts.logs_martians.value = true;
	assert_true(host_logs_martians(&input));
	input.wishes.ignore_logs = true;
	assert_false(host_logs_invalid(&input));
	assert_false(host_logs_martians(&input));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_helpers_nothing_is_expected),
		cmocka_unit_test(a_helper_in_any_chain_counts),
		cmocka_unit_test(helpers_of_the_host_count),
		cmocka_unit_test(
			a_raw_table_that_was_not_given_may_have_helpers),
		cmocka_unit_test(log_lines_count_unless_they_are_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
