// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/loaded.h"
#include "rules/read.h"

static struct ruleset *read_text(const char *text)
{
	struct ruleset *rules = NULL;
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", FAMILY_IPV4, &rules, NULL,
		       &err))
		fail_msg("%s", err.text);
	return rules;
}

static void assert_differs(const char *text, const char *loaded, bool differs)
{
	OWN(ruleset) struct ruleset *rules = read_text(text);
	OWN(ruleset)
	struct ruleset *host = loaded ? read_text(loaded) : NULL;

	assert_int_equal(loaded_differs(rules, host), differs);
}

static const char rules[] = "*filter\n"
			    ":INPUT DROP [0:0]\n"
			    ":FORWARD ACCEPT [0:0]\n"
			    ":mine - [0:0]\n"
			    "-A INPUT -s 10.0.0.1/32 -j ACCEPT\n"
			    "-A mine -j DROP\n"
			    "COMMIT\n";

static void equal_rules_do_not_differ(void **state)
{
	(void)state;
	assert_differs(rules, rules, false);
}

static void order_counters_comments_and_other_tables_do_not_matter(void **state)
{
	(void)state;
	assert_differs(rules,
		       "# Generated\n"
		       "*raw\n"
		       ":PREROUTING ACCEPT [0:0]\n"
		       "-A PREROUTING -j DROP\n"
		       "COMMIT\n"
		       "*filter\n"
		       ":mine - [0:0]\n"
		       ":INPUT DROP [7:7]\n"
		       ":OUTPUT DROP [0:0]\n"
		       "[9:9] -A mine -j DROP\n"
		       "[1:2] -A INPUT -s 10.0.0.1/32 -j ACCEPT\n"
		       "COMMIT\n",
		       false);
}

static void a_policy_a_rule_or_a_chain_makes_a_difference(void **state)
{
	(void)state;
	assert_differs(rules,
		       "*filter\n"
		       ":INPUT ACCEPT [0:0]\n"
		       ":mine - [0:0]\n"
		       "-A INPUT -s 10.0.0.1/32 -j ACCEPT\n"
		       "-A mine -j DROP\n"
		       "COMMIT\n",
		       true);
	assert_differs(rules,
		       "*filter\n"
		       ":INPUT DROP [0:0]\n"
		       ":mine - [0:0]\n"
		       "-A INPUT -s 10.0.0.2/32 -j ACCEPT\n"
		       "-A mine -j DROP\n"
		       "COMMIT\n",
		       true);
	assert_differs(rules,
		       "*filter\n"
		       ":INPUT DROP [0:0]\n"
		       "-A INPUT -s 10.0.0.1/32 -j ACCEPT\n"
		       "COMMIT\n",
		       true);
}

static void nothing_loaded_is_a_difference_unless_nothing_is_asked(void **state)
{
	(void)state;
	assert_differs(rules, NULL, true);
	assert_differs("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", NULL, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_rules_do_not_differ),
		cmocka_unit_test(
			order_counters_comments_and_other_tables_do_not_matter),
		cmocka_unit_test(a_policy_a_rule_or_a_chain_makes_a_difference),
		cmocka_unit_test(
			nothing_loaded_is_a_difference_unless_nothing_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
