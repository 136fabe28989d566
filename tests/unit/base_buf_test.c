// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void an_empty_buffer_is_an_empty_text(void **state)
{
	OWN_BUF struct buf buf = BUF_INIT;

	(void)state;
	assert_string_equal(buf_text(&buf), "");
	char *text = buf_take(&buf);
	assert_string_equal(text, "");
	free(text);
}

static void text_grows_in_every_way_of_adding(void **state)
{
	OWN_BUF struct buf buf = BUF_INIT;
	size_t expected = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		buf_add(&buf, "ab");
		buf_addn(&buf, "cde", 2);
		buf_addf(&buf, "%d,", i);
		expected += 4 + (i < 10 ? 2 : i < 100 ? 3 : 4);
		assert_int_equal(buf.length, expected);
		assert_int_equal(strlen(buf_text(&buf)), expected);
	}
	assert_memory_equal(buf_text(&buf), "abcd0,abcd1,", 12);
	assert_false(buf.has_failed);
}

static void what_is_taken_is_gone_from_the_buffer(void **state)
{
	OWN_BUF struct buf buf = BUF_INIT;

	(void)state;
	buf_add(&buf, "one");
	char *text = buf_take(&buf);
	assert_string_equal(text, "one");
	assert_string_equal(buf_text(&buf), "");
	buf_add(&buf, "two");
	assert_string_equal(buf_text(&buf), "two");
	free(text);
}

static void a_failed_buffer_gives_nothing(void **state)
{
	OWN_BUF struct buf buf = BUF_INIT;

	(void)state;
	buf_add(&buf, "one");
	buf.has_failed = true;
	buf_add(&buf, "two");
	assert_string_equal(buf_text(&buf), "one");
	assert_null(buf_take(&buf));
	assert_false(buf.has_failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_buffer_is_an_empty_text),
		cmocka_unit_test(text_grows_in_every_way_of_adding),
		cmocka_unit_test(what_is_taken_is_gone_from_the_buffer),
		cmocka_unit_test(a_failed_buffer_gives_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
