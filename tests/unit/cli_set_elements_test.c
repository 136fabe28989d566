// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/set_elements.h"

static void check(const char *text, const char *const *wanted, size_t count)
{
	OWN_SET_ELEMENTS struct set_elements elements = { 0 };
	struct err err;

	buf_add(&elements.text, text);
	assert_int_equal(set_elements_cut("blocked", &elements, &err), 0);
	assert_int_equal(elements.count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(elements.items[i], wanted[i]);
}

static void a_blocklist_has_the_first_word_of_each_line(void **state)
{
	static const char *const wanted[] = { "192.0.2.7", "198.51.100.0/24",
					      "10.0.0.1-10.0.0.9" };

	(void)state;
	check("# whose\n192.0.2.7 why\r\n\n  198.51.100.0/24;SBL7\n; none\n"
	      "\t10.0.0.1-10.0.0.9",
	      wanted, 3);
}

static void of_saved_sets_the_one_of_the_name_is_read(void **state)
{
	static const char *const wanted[] = { "192.0.2.7,tcp:80" };

	(void)state;
	check("create blocked hash:ip,port family inet\n"
	      "add blocked 192.0.2.7,tcp:80 timeout 7\nadd other 10.0.0.1\n"
	      "add\nadd blocked\n",
	      wanted, 1);
}

static void nothing_behind_a_byte_0_is_left_out_in_silence(void **state)
{
	OWN_SET_ELEMENTS struct set_elements elements = { 0 };
	struct err err;

	(void)state;
	buf_addn(&elements.text, "192.0.2.7\n\0\n192.0.2.8\n", 22);
	assert_int_equal(set_elements_cut("blocked", &elements, &err), -EINVAL);
	assert_int_equal(elements.count, 0);
	assert_string_equal(err.text, "a byte 0 is in it: expected a list of "
				      "elements, one a line");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_blocklist_has_the_first_word_of_each_line),
		cmocka_unit_test(of_saved_sets_the_one_of_the_name_is_read),
		cmocka_unit_test(
			nothing_behind_a_byte_0_is_left_out_in_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
