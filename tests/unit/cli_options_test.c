// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/options.h"
#include "offload/known.h"

#define ALL_OPTIONS ((UINT64_C(1) << OPTION_COUNT) - 1)

static struct options parse(char **argv, size_t count)
{
	struct options options;
	struct err err = { 0 };

	if (options_parse(argv, count, ALL_OPTIONS, &options, &err))
		fail_msg("%s", err.text);
	return options;
}

#define PARSE(...)                                                             \
	parse((char *[]){ __VA_ARGS__ },                                       \
	      sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *))

static void assert_error(char *word, char *value, uint64_t accepted,
			 const char *sentence)
{
	char *argv[] = { word, value };
	struct options options;
	struct err err = { 0 };

	assert_int_equal(options_parse(argv, value ? 2 : 1, accepted, &options,
				       &err),
			 -EINVAL);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_string_equal(err.text, sentence);
}

static void nothing_given_wishes_for_the_best(void **state)
{
	struct options options;
	struct err err;

	(void)state;
	assert_int_equal(options_parse(NULL, 0, ALL_OPTIONS, &options, &err),
			 0);
	assert_int_equal(options.wishes.max, TIER_HW);
	assert_int_equal(options.wishes.require, TIER_NONE);
	assert_int_equal(options.path, PATH_BOTH);
	assert_int_equal(options.arg_count, 0);
	assert_false(options.json);
}

static void a_value_stands_behind_its_option_or_an_equals_sign(void **state)
{
	struct options options = PARSE("--rules", "a", "--rules6=b=c", "--max",
				       "generic", "--require=native");

	(void)state;
	assert_string_equal(options.rules, "a");
	assert_string_equal(options.rules6, "b=c");
	assert_int_equal(options.wishes.max, TIER_GENERIC);
	assert_int_equal(options.wishes.require, TIER_NATIVE);
}

static void flags_are_wishes(void **state)
{
	struct options options = PARSE("--strict-fragments", "--static",
				       "--accept-bypass", "--ignore-counters",
				       "--require-coverage", "full", "--json");

	(void)state;
	assert_true(options.wishes.strict_fragments);
	assert_int_equal(options.wishes.pinned, known_pinnable());
	assert_true(options.wishes.accept_bypass);
	assert_true(options.wishes.ignore_counters);
	assert_true(options.wishes.require_full_coverage);
	assert_true(options.json);
}

static void facts_are_vouched_for_by_name(void **state)
{
	struct options options = PARSE("--static=nat-ipv4,receivers", "eth0");

	(void)state;
	assert_int_equal(options.wishes.pinned,
			 1u << ABOUT_NAT_IPV4 | 1u << ABOUT_RECEIVERS);
	/* Without "=" what follows is an argument. */
	options = PARSE("--static", "receivers");
	assert_int_equal(options.wishes.pinned, known_pinnable());
	assert_int_equal(options.arg_count, 1);
	for (int i = 0; i < 2; i++) {
		static char *const words[] = { "--static=nat-ipv4,nat",
					       "--static=connections" };
		char sentence[256];

		snprintf(sentence, sizeof(sentence),
			 "%s: expected facts that a program may have to be "
			 "told, like nat-ipv4,other-hooks: wirewall plan lists "
			 "them",
			 words[i]);
		assert_error(words[i], NULL, ALL_OPTIONS, sentence);
	}
	assert_error("--static=", NULL, ALL_OPTIONS,
		     "--static needs a value: facts that a program may have to "
		     "be told, like nat-ipv4,other-hooks: wirewall plan lists "
		     "them");
}

static void arguments_may_stand_anywhere(void **state)
{
	char *argv[] = { "eth0", "--rules", "-", "eth1", "--", "--json" };
	struct options options = parse(argv, 6);

	(void)state;
	assert_string_equal(options.rules, "-");
	assert_int_equal(options.arg_count, 3);
	assert_string_equal(options.args[0], "eth0");
	assert_string_equal(options.args[1], "eth1");
	assert_string_equal(options.args[2], "--json");
	assert_false(options.json);
}

static void errors_say_what_was_expected(void **state)
{
	(void)state;
	assert_error("--rulse", "f", ALL_OPTIONS,
		     "unknown option --rulse: did you mean --rules?");
	assert_error("--frobnicate", NULL, ALL_OPTIONS,
		     "unknown option --frobnicate: --help lists them");
	assert_error("--rules", NULL, ALL_OPTIONS,
		     "--rules needs a value: FILE");
	assert_error("--rules=", NULL, ALL_OPTIONS,
		     "--rules needs a value: FILE");
	assert_error("--rules", "", ALL_OPTIONS, "--rules needs a value: FILE");
	assert_error("--count", "0", ALL_OPTIONS,
		     "--count 0: expected a number from 1 to 1000000");
	assert_error("--every", "1000001", ALL_OPTIONS,
		     "--every 1000001: expected a number from 1 to 1000000");
	assert_error("--confirm", "86401", ALL_OPTIONS,
		     "--confirm 86401: expected whole seconds, from 1 to 86400 "
		     "(a day)");
	assert_error("--json=yes", NULL, ALL_OPTIONS, "--json takes no value");
	assert_error("--max", "none", ALL_OPTIONS,
		     "--max none: expected hw|native|generic");
	assert_error("--path", "output", ALL_OPTIONS,
		     "--path output: expected input|forward");
	assert_error("--require-coverage", "most", ALL_OPTIONS,
		     "--require-coverage most: expected full");
	assert_error("-x", NULL, ALL_OPTIONS,
		     "unknown option -x: options are whole words, like "
		     "--rules");
	assert_error("--pcap", "f", OPTION_BIT(JSON),
		     "--pcap is not for this command: --help lists what is");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_given_wishes_for_the_best),
		cmocka_unit_test(
			a_value_stands_behind_its_option_or_an_equals_sign),
		cmocka_unit_test(flags_are_wishes),
		cmocka_unit_test(facts_are_vouched_for_by_name),
		cmocka_unit_test(arguments_may_stand_anywhere),
		cmocka_unit_test(errors_say_what_was_expected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
