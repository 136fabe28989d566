// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/bind.h"
#include "rules/ipset_read.h"
#include "rules/read.h"

static struct ipsets *sets;

static int teardown(void **state)
{
	(void)state;
	ipsets_free(take(sets));
	return 0;
}

static const struct ipset *read_one(const char *text)
{
	struct err err = { 0 };

	ipsets_free(take(sets));
	if (ipset_read(text, strlen(text), "sets", &sets, &err))
		fail_msg("%s", err.text);
	return sets->items[sets->count - 1];
}

static void refuses(const char *text, const char *sentence)
{
	struct err err = { 0 };

	assert_int_equal(ipset_read(text, strlen(text), "sets", &sets, &err),
			 -EINVAL);
	assert_int_equal(err.kind, ERR_INPUT);
	if (!strstr(err.text, sentence))
		fail_msg("expected \"%s\" in: %s", sentence, err.text);
}

/* Is the IPv4 address @from, with TCP to port @port of @to, in the set? */
static bool has(const struct ipset *set, u128 from, u128 to, uint16_t port)
{
	const struct set_dims dims = { .count = 3, .sources = 1 };
	const struct ipset_probe probe = {
		.family = FAMILY_IPV4,
		.addrs = { from, to },
		.proto = 6,
		.ports = { 1000, port },
	};

	return ipset_has(set, &dims, &probe);
}

static void what_ipset_saves_is_read(void **state)
{
	const struct ipset *set = read_one(
		"create a hash:net family inet hashsize 1024 maxelem 65536 "
		"bucketsize 12 initval 0xb62eb434\n"
		"add a 192.0.2.0/25\n"
		"add a 198.51.100.7\n");

	(void)state;
	assert_string_equal(set->name, "a");
	assert_int_equal(set->element_count, 2);
	assert_true(has(set, 0xc0000201, 0, 0));
	assert_false(has(set, 0xc0000281, 0, 0));
	assert_true(has(set, 0xc6336407, 0, 0));
	assert_null(set->unknown);
}

static void the_most_specific_network_decides(void **state)
{
	const struct ipset *set = read_one("create a hash:net\n"
					   "add a 10.0.0.0/8\n"
					   "add a 10.1.0.0/16 nomatch\n"
					   "add a 10.1.2.0/24\n"
					   "add a 10.1.2.3 nomatch\n");

	(void)state;
	assert_true(has(set, 0x0a000000, 0, 0));
	assert_false(has(set, 0x0a010000, 0, 0));
	assert_true(has(set, 0x0a010200, 0, 0));
	assert_false(has(set, 0x0a010203, 0, 0));
	assert_true(has(set, 0x0a010204, 0, 0));
	assert_false(has(set, 0x0a01ffff, 0, 0));
	assert_true(has(set, 0x0affffff, 0, 0));
}

static void an_address_is_asked_for_without_its_host_bits(void **state)
{
	const struct ipset *set =
		read_one("create a hash:ip netmask 24\nadd a 10.1.2.3\n");

	(void)state;
	assert_true(has(set, 0x0a0102ff, 0, 0));
	assert_false(has(set, 0x0a010300, 0, 0));
}

static void the_address_0_is_in_no_hash_of_addresses(void **state)
{
	const struct ipset *set =
		read_one("create a hash:ip\nadd a 0.0.0.0-0.0.0.9\n");

	(void)state;
	assert_false(has(set, 0, 0, 0));
	assert_true(has(set, 1, 0, 0));
}

static void a_range_of_ports_without_protocol_is_of_tcp(void **state)
{
	const struct ipset *set =
		read_one("create a hash:ip,port\nadd a 10.0.0.1,80-82\n");

	(void)state;
	assert_int_equal(set->tuple_count, 3);
	assert_true(has(set, 0x0a000001, 0, 82));
	assert_false(has(set, 0x0a000001, 0, 83));
	assert_false(has(set, 0x0a000002, 0, 80));
}

static void a_list_has_what_its_members_have(void **state)
{
	const struct ipset *set = read_one("create a hash:ip\n"
					   "create p bitmap:port range 0-99\n"
					   "create l list:set\n"
					   "add l a\nadd l p\n"
					   "add a 10.0.0.1\nadd p 22\n");

	(void)state;
	assert_true(has(set, 0x0a000001, 0, 0));
	assert_false(has(set, 0x0a000002, 0, 22)); /* the source's port */
	assert_int_equal(set->member_count, 2);
}

static void elements_that_expire_make_a_set_unknown(void **state)
{
	(void)state;
	assert_non_null(
		read_one("create a hash:ip timeout 60\nadd a 10.0.0.1\n")
			->unknown);
	teardown(NULL);
	assert_null(read_one("create a hash:ip timeout 60\n"
			     "add a 10.0.0.1 timeout 0\n")
			    ->unknown);
}

static void types_that_are_not_modelled_are_no_error(void **state)
{
	(void)state;
	assert_non_null(read_one("create a hash:mac\n"
				 "add a 02:00:00:00:00:01\n")
				->unknown);
	teardown(NULL);
	assert_non_null(
		read_one("create a hash:quux with 3 options\n")->unknown);
	teardown(NULL);
	assert_non_null(
		read_one("create a hash:ip quux 3\nadd a 10.0.0.1\n")->unknown);
}

static void errors_name_their_line(void **state)
{
	(void)state;
	refuses("create a hash:ip\nadd a 10.0.0.256\n", "sets: line 2: ");
	refuses("create a hash:ip\nadd b 10.0.0.1\n", "no set 'b'");
	refuses("create a hash:net\nadd a 192.0.2.0-24\n", "ends before it");
	refuses("create a hash:ip\ncreate a hash:ip\n", "line 2");
	refuses("add", "line 1");
	refuses("create a hash:ip family inet7\n", "expected inet or inet6");
	refuses("create a hash:ip netmask 33\n", "expected 1 to 32");
	refuses("create a hash:ip netmask\n", "needs a value");
	refuses("create a hash:net\nadd a 0.0.0.0/0\n", "length 0");
	refuses("create a hash:net\nadd a ::1/64\n", "IPv6 address");
	refuses("create a hash:ip,port\nadd a 10.0.0.1\n", "2 parts");
	refuses("create a hash:ip,port\nadd a 10.0.0.1,gre:5\n", "expected 0");
	refuses("create l list:set\nadd l x\n", "no set 'x' to be a member");
	refuses("create l list:set\nadd l l\n", "cannot be members");
	refuses("*filter\n", "not a line of ipset save");
	refuses("create a hash:ip,port\nadd a 10.0.0.0/8,1-65535\n",
		"more than");
}

static struct ruleset *read_rule(const char *rule)
{
	struct ruleset *ruleset = NULL;
	struct err err = { 0 };
	char text[512];

	snprintf(text, sizeof(text), "*filter\n-A INPUT %s\nCOMMIT\n", rule);
	if (read_rules(text, strlen(text), "rules", FAMILY_IPV4, &ruleset, NULL,
		       &err))
		fail_msg("%s", err.text);
	return ruleset;
}

/* Is the question that @rule asks bound to a set? */
static bool is_bound(const char *rule)
{
	OWN(ruleset) struct ruleset *ruleset = read_rule(rule);

	bind_sets(ruleset, sets);
	return ruleset->set_question_count == 1;
}

static void only_known_sets_are_bound(void **state)
{
	(void)state;
	read_one("create a hash:ip\ncreate t hash:ip timeout 1\n"
		 "add t 10.0.0.1\ncreate l list:set\nadd l t\n");
	assert_true(is_bound("-m set --match-set a src -j DROP"));
	assert_false(is_bound("-m set --match-set t src -j DROP"));
	assert_false(is_bound("-m set --match-set l src -j DROP"));
	assert_false(is_bound("-m set --match-set other src -j DROP"));
	assert_false(is_bound("-m set --match-set a src -j SET --add-set a "
			      "src"));
}

static void what_rules_change_is_not_bound_under_any_name(void **state)
{
	OWN(ruleset) struct ruleset *other = NULL;

	(void)state;
	read_one("create a hash:ip\ncreate l list:set\nadd l a\n"
		 "create p bitmap:port range 1-9\ncreate b hash:ip\n");
	assert_false(is_bound("-m set --match-set a src -j SET --add-set l "
			      "src"));
	read_one("create a hash:ip\ncreate l list:set\nadd l a\n"
		 "create p bitmap:port range 1-9\ncreate b hash:ip\n");
	assert_false(is_bound("-m set --match-set l src -j SET --del-set a "
			      "src"));
	assert_true(is_bound("-m set --match-set b src -j SET --add-set a "
			     "src"));
	assert_true(is_bound("-p tcp -m set --match-set p dst -j DROP"));
	other = read_rule("-p tcp -j SET --add-set p dst");
	bind_note_changes(other, sets);
	assert_false(is_bound("-p tcp -m set --match-set p dst -j DROP"));
}

static void a_set_that_counts_leaves_traces(void **state)
{
	static const struct {
		const char *rule;
		bool is_tracing;
	} rules[] = {
		{ "-m set --match-set c src -j DROP", true },
		{ "-m set --match-set c src ! --update-counters -j DROP",
		  false },
		{ "-m set --match-set a src -j DROP", false },
		{ "-m set --match-set other src -j DROP", true },
	};

	(void)state;
	read_one("create a hash:ip\ncreate c hash:ip counters\n");
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		OWN(ruleset) struct ruleset *ruleset = read_rule(rules[i].rule);
		const struct rule *rule =
			&ruleset->tables[0].chains[0].rules[0];

		bind_sets(ruleset, sets);
		assert_int_equal(rule->matches[1].kind, MATCH_SET);
		assert_int_equal(rule->matches[1].set.is_tracing,
				 rules[i].is_tracing);
	}
}

static void questions_beyond_the_bound_stay_unknown(void **state)
{
	OWN_BUF struct buf text = BUF_INIT, rules = BUF_INIT;
	OWN(ruleset) struct ruleset *ruleset = NULL;
	struct err err = { 0 };

	(void)state;
	buf_add(&rules, "*filter\n");
	for (int i = 0; i < SET_QUESTIONS_MAX + 1; i++) {
		buf_addf(&text, "create s%d hash:ip\n", i);
		buf_addf(&rules,
			 "-A INPUT -m set --match-set s%d src -j DROP\n", i);
	}
	buf_add(&rules, "COMMIT\n");
	read_one(buf_text(&text));
	assert_int_equal(read_rules(buf_text(&rules), rules.length, "rules",
				    FAMILY_IPV4, &ruleset, NULL, &err),
			 0);
	bind_sets(ruleset, sets);
	assert_int_equal(ruleset->set_question_count, SET_QUESTIONS_MAX);

	const struct chain *chain = &ruleset->tables[0].chains[0];
	const struct rule *last = &chain->rules[SET_QUESTIONS_MAX];
	assert_int_equal(last->matches[1].set.index, NO_SET_QUESTION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(what_ipset_saves_is_read, teardown),
		cmocka_unit_test_teardown(the_most_specific_network_decides,
					  teardown),
		cmocka_unit_test_teardown(
			an_address_is_asked_for_without_its_host_bits,
			teardown),
		cmocka_unit_test_teardown(
			the_address_0_is_in_no_hash_of_addresses, teardown),
		cmocka_unit_test_teardown(
			a_range_of_ports_without_protocol_is_of_tcp, teardown),
		cmocka_unit_test_teardown(a_list_has_what_its_members_have,
					  teardown),
		cmocka_unit_test_teardown(
			elements_that_expire_make_a_set_unknown, teardown),
		cmocka_unit_test_teardown(
			types_that_are_not_modelled_are_no_error, teardown),
		cmocka_unit_test_teardown(errors_name_their_line, teardown),
		cmocka_unit_test_teardown(only_known_sets_are_bound, teardown),
		cmocka_unit_test_teardown(
			what_rules_change_is_not_bound_under_any_name,
			teardown),
		cmocka_unit_test_teardown(a_set_that_counts_leaves_traces,
					  teardown),
		cmocka_unit_test_teardown(
			questions_beyond_the_bound_stay_unknown, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
