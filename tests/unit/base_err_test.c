// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void a_system_error_ends_with_the_systems_words(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_system(&err, ENOENT, "cannot open %s", "x"),
			 -ENOENT);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text,
			    "cannot open x: No such file or directory");
	assert_int_equal(err_system(&err, 0, "no reason given"), -EINVAL);
	assert_string_equal(err.text, "no reason given");
}

static void bad_input_has_only_its_own_words(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_input(&err, "%d is no port", 70000), -EINVAL);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_string_equal(err.text, "70000 is no port");
}

static void places_stand_in_front_the_outermost_first(void **state)
{
	struct err err;

	(void)state;
	err_input(&err, "70000 is no port");
	err_where(&err, "line %d", 2);
	err_where(&err, "rules.v4");
	assert_string_equal(err.text, "rules.v4: line 2: 70000 is no port");
	assert_int_equal(err.kind, ERR_INPUT);
}

static void a_sentence_that_is_too_long_loses_its_end(void **state)
{
	char word[4096];
	struct err err;

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	err_system(&err, ENOENT, "%s", word);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	err_where(&err, "here");
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_memory_equal(err.text, "here: xxx", 9);
	/* A place that leaves no room for the sentence is left out. */
	err_where(&err, "%s", word);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_system_error_ends_with_the_systems_words),
		cmocka_unit_test(bad_input_has_only_its_own_words),
		cmocka_unit_test(places_stand_in_front_the_outermost_first),
		cmocka_unit_test(a_sentence_that_is_too_long_loses_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
