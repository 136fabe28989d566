// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/block.h"
#include "rules/digest.h"
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

static struct digest digest_of(const char *text, const char *table)
{
	OWN(ruleset) struct ruleset *rules = read_text(text);
	struct digest digest;

	assert_int_equal(digest_make(rules, table ? &table : NULL, 1, &digest),
			 0);
	return digest;
}

static void assert_same(const char *a, const char *b, const char *table)
{
	const struct digest left = digest_of(a, table);
	const struct digest right = digest_of(b, table);

	assert_string_equal(left.hex, right.hex);
}

static void assert_other(const char *a, const char *b)
{
	const struct digest left = digest_of(a, NULL);
	const struct digest right = digest_of(b, NULL);

	assert_string_not_equal(left.hex, right.hex);
}

static const char filter[] = "*filter\n"
			     ":INPUT DROP [0:0]\n"
			     ":mine - [0:0]\n"
			     "-A INPUT -s 10.0.0.1/32 -j ACCEPT\n"
			     "-A INPUT -j mine\n"
			     "-A mine -j DROP\n"
			     "COMMIT\n";

static void it_does_not_depend_on_order_counters_and_comments(void **state)
{
	(void)state;
	assert_same(filter,
		    "# Generated\n"
		    "*raw\n"
		    ":PREROUTING ACCEPT [3:4]\n"
		    "COMMIT\n"
		    "*filter\n"
		    ":mine - [0:0]\n"
		    ":INPUT DROP [7:7]\n"
		    ":OUTPUT ACCEPT [1:1]\n"
		    "[9:9] -A mine -j DROP\n"
		    "[1:2] -A INPUT -s 10.0.0.1/32 -j ACCEPT\n"
		    "[1:2] -A INPUT -j mine\n"
		    "COMMIT\n",
		    NULL);
}

static void every_rule_chain_policy_and_table_counts(void **state)
{
	static const char *const others[] = {
		"*filter\n:INPUT ACCEPT\n:mine -\n-A INPUT -s 10.0.0.1/32 -j "
		"ACCEPT\n-A INPUT -j mine\n-A mine -j DROP\nCOMMIT\n",
		"*filter\n:INPUT DROP\n:mine -\n-A INPUT -s 10.0.0.2/32 -j "
		"ACCEPT\n-A INPUT -j mine\n-A mine -j DROP\nCOMMIT\n",
		"*filter\n:INPUT DROP\n:mine -\n-A INPUT -j mine\n-A INPUT -s "
		"10.0.0.1/32 -j ACCEPT\n-A mine -j DROP\nCOMMIT\n",
		"*filter\n:INPUT DROP\n:mine -\n:more -\n-A INPUT -s "
		"10.0.0.1/32 -j ACCEPT\n-A INPUT -j mine\n-A mine -j DROP\n"
		"COMMIT\n",
		"*filter\n:INPUT DROP\n:FORWARD DROP\n:mine -\n-A INPUT -s "
		"10.0.0.1/32 -j ACCEPT\n-A INPUT -j mine\n-A mine -j DROP\n"
		"COMMIT\n",
		"*mangle\n:INPUT DROP\n:mine -\n-A INPUT -s 10.0.0.1/32 -j "
		"ACCEPT\n-A INPUT -j mine\n-A mine -j DROP\nCOMMIT\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_other(filter, others[i]);
}

static void only_the_tables_asked_for_count(void **state)
{
	OWN_BUF struct buf more = BUF_INIT;

	(void)state;
	buf_addf(&more, "%s*raw\n:PREROUTING DROP\nCOMMIT\n", filter);
	assert_same(filter, buf_text(&more), "filter");
	assert_other(filter, buf_text(&more));
}

static void nothing_at_all_is_as_good_as_what_accepts_all(void **state)
{
	const struct digest accepting =
		digest_of("*filter\n:INPUT ACCEPT\nCOMMIT\n", NULL);
	struct digest nothing;

	(void)state;
	assert_int_equal(digest_make(NULL, NULL, 0, &nothing), 0);
	assert_string_equal(nothing.hex, accepting.hex);
}

static void a_blocklist_in_front_is_not_part_of_the_rules(void **state)
{
	static const char networks[] = "192.0.2.0/24\n";
	OWN(ruleset) struct ruleset *rules = read_text(filter);
	OWN(block_list) struct block_list *list = NULL;
	const struct digest before = digest_of(filter, NULL);
	struct digest after;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(block_read(networks, strlen(networks), "test", &list,
				    &err),
			 0);
	assert_int_equal(block_insert(rules, list->ipv4), 0);
	assert_int_equal(digest_make(rules, NULL, 0, &after), 0);
	assert_string_equal(before.hex, after.hex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			it_does_not_depend_on_order_counters_and_comments),
		cmocka_unit_test(every_rule_chain_policy_and_table_counts),
		cmocka_unit_test(only_the_tables_asked_for_count),
		cmocka_unit_test(nothing_at_all_is_as_good_as_what_accepts_all),
		cmocka_unit_test(a_blocklist_in_front_is_not_part_of_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
