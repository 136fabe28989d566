// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/share.h"

static unsigned int permille(uint64_t early, uint64_t host, bool is_shadow)
{
	const struct share share = { .early = early, .host = host };

	return share_permille(&share, is_shadow);
}

static void a_packet_is_early_or_the_hosts(void **state)
{
	(void)state;
	assert_int_equal(permille(30, 12, false), 714);
	assert_int_equal(permille(1, 0, false), 1000);
	assert_int_equal(permille(0, 1, false), 0);
	/* All but one is not all. */
	assert_int_equal(permille(99999, 1, false), 999);
}

static void what_a_shadow_would_drop_is_the_hosts_too(void **state)
{
	(void)state;
	assert_int_equal(permille(10, 20, true), 500);
	assert_int_equal(permille(20, 20, true), 1000);
	/* Read a moment later than the host's. */
	assert_int_equal(permille(21, 20, true), 1000);
}

static void of_nothing_there_is_no_share(void **state)
{
	(void)state;
	assert_int_equal(permille(0, 0, false), 0);
	assert_int_equal(permille(5, 0, true), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_packet_is_early_or_the_hosts),
		cmocka_unit_test(what_a_shadow_would_drop_is_the_hosts_too),
		cmocka_unit_test(of_nothing_there_is_no_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
