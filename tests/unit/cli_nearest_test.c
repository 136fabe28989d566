// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/num.h"
#include "cli/nearest.h"

static const char *const words[] = { "fmt", "apply", "status", "stats", "off" };

static const char *find(const char *word)
{
	return nearest_find(word, words, ARRAY_SIZE(words));
}

static void a_slip_of_the_finger_is_understood(void **state)
{
	(void)state;
	assert_string_equal(find("aply"), "apply");
	assert_string_equal(find("statsu"), "stats");
	assert_string_equal(find("statu"), "status");
	assert_string_equal(find("of"), "off");
}

static void something_else_is_not_guessed(void **state)
{
	(void)state;
	assert_null(find("frobnicate"));
	assert_null(find(""));
	assert_null(find("xyz"));
	assert_null(find("foo")); /* two letters of three are others */
	assert_null(find("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slip_of_the_finger_is_understood),
		cmocka_unit_test(something_else_is_not_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
