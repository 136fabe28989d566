// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/unstopped.h"

/* No program has such an id. */
#define NOBODY 0x7ffffff0u

static void no_program_is_none(void **state)
{
	struct unstopped unstopped = { 0 };

	(void)state;
	unstopped_add(&unstopped, 0);
	assert_false(unstopped_has_any(&unstopped));
}

static void one_is_kept_until_it_is_right_again(void **state)
{
	struct unstopped unstopped = { 0 };

	(void)state;
	unstopped_add(&unstopped, 42);
	unstopped_add(&unstopped, 42);
	unstopped_add(&unstopped, 43);
	unstopped_forget(&unstopped, 42);
	assert_true(unstopped_has_any(&unstopped));
	unstopped_forget(&unstopped, 43);
	assert_false(unstopped_has_any(&unstopped));
}

static void of_too_many_the_last_is_kept(void **state)
{
	struct unstopped unstopped = { 0 };

	(void)state;
	for (uint32_t id = 1; id <= UNSTOPPED_MAX + 1; id++)
		unstopped_add(&unstopped, id);
	unstopped_add(&unstopped, 0);
	for (uint32_t id = 2; id <= UNSTOPPED_MAX; id++)
		unstopped_forget(&unstopped, id);
	assert_true(unstopped_has_any(&unstopped));
	unstopped_forget(&unstopped, UNSTOPPED_MAX + 1);
	assert_false(unstopped_has_any(&unstopped));
}

static void what_is_no_more_needs_no_stopping(void **state)
{
	struct unstopped unstopped = { 0 };

	(void)state;
	unstopped_add(&unstopped, NOBODY);
	unstopped_try(&unstopped, "eth0");
	assert_false(unstopped_has_any(&unstopped));
	assert_true(unstopped.due > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_program_is_none),
		cmocka_unit_test(one_is_kept_until_it_is_right_again),
		cmocka_unit_test(of_too_many_the_last_is_kept),
		cmocka_unit_test(what_is_no_more_needs_no_stopping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
