// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/known.h"
#include "report/record.h"
#include "rules/read.h"

static const char rules[] = "*raw\n"
			    ":PREROUTING ACCEPT [0:0]\n"
			    "-A PREROUTING -s 10.0.0.0/8 -j DROP\n"
			    "-A PREROUTING -p udp -m udp --dport 53 -j DROP\n"
			    "COMMIT\n";

struct fixture {
	struct ruleset *ruleset;
	struct plan *plan;
};

static struct fixture make(void)
{
	struct fixture fixture = { 0 };
	struct err err = { 0 };

	if (read_rules(rules, strlen(rules), "rules.v4", FAMILY_IPV4,
		       &fixture.ruleset, NULL, &err))
		fail_msg("%s", err.text);

	struct plan_input input = {
		.policy = { .ipv4 = fixture.ruleset },
		.iface = "eth0",
		.wishes = { .max = TIER_GENERIC, .pinned = known_pinnable() },
	};
	if (plan_make(&input, &fixture.plan, &err))
		fail_msg("%s", err.text);
	return fixture;
}

static void release(struct fixture *fixture)
{
	plan_free(fixture->plan);
	ruleset_free(fixture->ruleset);
}

static void a_record_comes_back_as_it_was_made(void **state)
{
	const struct record_step step = { "generic", "refused",
					  "the kernel refused", "no \"room\"" };
	struct fixture fixture = make();
	OWN_MEM char *text = NULL;
	struct err err;

	(void)state;
	assert_int_equal(record_make(fixture.plan, 1000000000, &step, 1, NULL,
				     &text, &err),
			 0);
	OWN(record) struct record *record = record_parse(text);
	assert_non_null(record);
	assert_string_equal(record->iface, "eth0");
	assert_string_equal(record->applied, "2001-09-09T01:46:40Z");
	assert_string_equal(record->rules[0].source, "rules.v4");
	assert_int_equal(strlen(record->rules[0].digest), 64);
	assert_int_equal(record->rules[0].table_count, 1);
	assert_string_equal(record->rules[0].tables[0], "raw");
	assert_null(record->rules[1].source);
	assert_null(record->rules[1].digest);
	assert_true(record->assumed_count > 0);
	assert_string_equal(record->assumed[0], "routing");
	assert_int_equal(record->wish_count, 2);
	assert_string_equal(record->wishes[0], "--max generic");
	assert_string_equal(record->wishes[1], "--static");
	/* hw and native were ruled out by the plan. */
	assert_int_equal(record->step_count, 3);
	assert_string_equal(record->steps[1].tier, "native");
	assert_string_equal(record->steps[1].reason, "above-max");
	assert_string_equal(record->steps[2].text, "no \"room\"");
	assert_int_equal(record->counter_count, 2);
	assert_int_equal(record->counters[1].family, 4);
	assert_string_equal(record->counters[1].table, "raw");
	assert_string_equal(record->counters[1].chain, "PREROUTING");
	assert_int_equal(record->counters[1].number, 2);
	assert_int_equal(record->counters[1].line, 4);
	assert_string_equal(record->counters[1].text,
			    "-p udp -m udp --dport 53 -j DROP");
	release(&fixture);
}

static void where_the_hosts_counters_stood_comes_back(void **state)
{
	struct record_host_rule rule = {
		.family = 4,
		.table = "filter",
		.chain = "INPUT",
		.number = 3,
		.text = "-p udp -j DROP",
		.reason = "passed",
		.sentence = "a \"sentence\"",
		.packets = UINT64_C(1) << 40,
	};
	const struct record_host host = {
		.since = "2001-09-09T01:46:40Z",
		.early = 7,
		.rules = &rule,
		.rule_count = 1,
	};
	struct fixture fixture = make();
	OWN_MEM char *text = NULL;
	struct err err;

	(void)state;
	assert_int_equal(record_make(fixture.plan, 0, NULL, 0, &host, &text,
				     &err),
			 0);
	OWN(record) struct record *record = record_parse(text);
	assert_non_null(record);
	assert_string_equal(record->host.since, host.since);
	assert_null(record->host.unknown);
	assert_int_equal(record->host.early, 7);
	assert_int_equal(record->host.rule_count, 1);
	assert_string_equal(record->host.rules[0].chain, "INPUT");
	assert_int_equal(record->host.rules[0].number, 3);
	assert_string_equal(record->host.rules[0].text, rule.text);
	assert_string_equal(record->host.rules[0].reason, rule.reason);
	assert_string_equal(record->host.rules[0].sentence, rule.sentence);
	assert_true(record->host.rules[0].packets == rule.packets);
	release(&fixture);
}

static void a_record_knows_its_plan(void **state)
{
	struct fixture fixture = make();
	OWN_MEM char *text = NULL;
	struct err err;

	(void)state;
	assert_int_equal(record_make(fixture.plan, 0, NULL, 0, NULL, &text,
				     &err),
			 0);
	OWN(record) struct record *record = record_parse(text);
	assert_true(record_is_of(record, fixture.plan->digest));
	fixture.plan->digest[31] ^= 1;
	assert_false(record_is_of(record, fixture.plan->digest));
	release(&fixture);
}

static void what_was_loaded_is_compared_in_all_tables(void **state)
{
	struct fixture fixture = make();
	OWN_MEM char *text = NULL;
	struct err err;

	(void)state;
	fixture.ruleset->is_loaded = true;
	assert_int_equal(record_make(fixture.plan, 0, NULL, 0, NULL, &text,
				     &err),
			 0);
	OWN(record) struct record *record = record_parse(text);
	assert_non_null(record->rules[0].digest);
	assert_null(record->rules[0].tables);
	release(&fixture);
}

static void a_broken_record_is_none(void **state)
{
	(void)state;
	assert_null(record_parse(""));
	assert_null(record_parse("{"));
	assert_null(record_parse("[]"));
	assert_null(record_parse("{\"version\": 1}"));
	assert_null(record_parse("{\"version\": 2, \"kind\": \"record\"}"));
	assert_null(record_parse("{\"version\": 1, \"kind\": \"plan\"}"));
}

static void every_field_is_optional(void **state)
{
	OWN(record)
	struct record *record =
		record_parse("{\"version\": 1, \"kind\": \"record\"}");

	(void)state;
	assert_non_null(record);
	assert_null(record->iface);
	assert_int_equal(record->counter_count, 0);
	assert_false(record_is_of(record, (const uint8_t[32]){ 0 }));
}

static void fields_of_other_types_are_absent(void **state)
{
	OWN(record)
	struct record *record = record_parse(
		"{\"version\": 1, \"kind\": \"record\", \"interface\": 7,"
		" \"wishes\": [null, \"--static\"], \"steps\": 3,"
		" \"counters\": [\"a\", {\"number\": -1, \"line\": \"x\","
		" \"family\": 99, \"table\": \"raw\"}]}");

	(void)state;
	assert_non_null(record);
	assert_null(record->iface);
	assert_int_equal(record->wish_count, 2);
	assert_null(record->wishes[0]);
	assert_int_equal(record->step_count, 0);
	assert_int_equal(record->counter_count, 2);
	assert_null(record->counters[0].table);
	assert_int_equal(record->counters[1].number, 0);
	assert_int_equal(record->counters[1].line, 0);
	assert_int_equal(record->counters[1].family, 0);
	assert_string_equal(record->counters[1].table, "raw");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_comes_back_as_it_was_made),
		cmocka_unit_test(where_the_hosts_counters_stood_comes_back),
		cmocka_unit_test(a_record_knows_its_plan),
		cmocka_unit_test(what_was_loaded_is_compared_in_all_tables),
		cmocka_unit_test(a_broken_record_is_none),
		cmocka_unit_test(every_field_is_optional),
		cmocka_unit_test(fields_of_other_types_are_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
