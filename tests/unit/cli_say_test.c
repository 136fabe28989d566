// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/say.h"

static void a_line_of_the_log_is_one_line(void **state)
{
	int place = memfd_create("said", 0), stderr_before = dup(STDERR_FILENO);
	char text[256] = "";

	(void)state;
	assert_true(place >= 0 && stderr_before >= 0);
	fflush(stderr);
	dup2(place, STDERR_FILENO);
	say_line("failed", "eth0: a driver says\nwirewall: [applied] \033[2J");
	fflush(stderr);
	dup2(stderr_before, STDERR_FILENO);
	assert_true(pread(place, text, sizeof(text) - 1, 0) > 0);
	close(place);
	close(stderr_before);
	assert_string_equal(text, "wirewall: [failed] eth0: a driver says\\x0a"
				  "wirewall: [applied] \\x1b[2J\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_of_the_log_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
