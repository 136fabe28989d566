// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nicdb/need.h"

/* A device of one's own: mtu 9000, 6 of 8 channels, LRO on. */
static bool look_up(void *context, const char *name, struct need_value *out)
{
	static const struct {
		const char *name;
		struct need_value value;
	} values[] = {
		{ "mtu", { 9000, "" } },
		{ "combined", { 6, "" } },
		{ "combined-max", { 8, "" } },
		{ "feature:rx-lro", { 1, "" } },
		{ "if", { 0, "eth0" } },
		{ "firmware-app", { 0, "nic" } },
		{ "bond-hash", { 0, "layer3+4" } },
	};

	(void)context;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		if (strcmp(values[i].name, name) != 0)
			continue;
		*out = values[i].value;
		return true;
	}
	return false;
}

static enum need_answer ask(const char *text)
{
	OWN(arena) struct arena *arena = arena_make();
	struct need_test test;
	struct err err = { 0 };

	assert_non_null(arena);
	if (need_parse(text, arena, &test, &err) < 0)
		fail_msg("%s: %s", text, err.text);
	assert_string_equal(test.text, text);
	return need_ask(&test, look_up, NULL);
}

static void sums_are_compared(void **state)
{
	(void)state;
	assert_int_equal(ask("mtu <= 9000"), NEED_MET);
	assert_int_equal(ask("mtu <= 8999"), NEED_NOT_MET);
	assert_int_equal(ask("mtu >= 9000"), NEED_MET);
	assert_int_equal(ask("mtu >= 9001"), NEED_NOT_MET);
	assert_int_equal(ask("feature:rx-lro = 0"), NEED_NOT_MET);
	assert_int_equal(ask("2*combined <= combined-max"), NEED_NOT_MET);
	assert_int_equal(ask("2 * combined - 4 <= combined-max"), NEED_MET);
	assert_int_equal(ask("combined + 2 = combined-max"), NEED_MET);
	assert_int_equal(ask("mtu <= 3498 + 10000*feature:rx-lro"), NEED_MET);
}

static void words_are_compared(void **state)
{
	(void)state;
	assert_int_equal(ask("firmware-app is ebpf"), NEED_NOT_MET);
	assert_int_equal(ask("firmware-app is ebpf nic"), NEED_MET);
	assert_int_equal(ask("bond-hash not vlan+srcmac"), NEED_MET);
	assert_int_equal(ask("bond-hash not layer2 layer3+4"), NEED_NOT_MET);
}

static void what_is_not_known_decides_nothing(void **state)
{
	(void)state;
	assert_int_equal(ask("rx <= 1"), NEED_UNKNOWN);
	assert_int_equal(ask("mtu <= 1 + rx"), NEED_UNKNOWN);
	assert_int_equal(ask("bond-mode is active-backup"), NEED_UNKNOWN);
	assert_int_equal(ask("bond-mode not active-backup"), NEED_UNKNOWN);
}

static void check_refused(const char *text, const char *sentence)
{
	OWN(arena) struct arena *arena = arena_make();
	struct need_test test;
	struct err err = { 0 };

	assert_non_null(arena);
	assert_int_equal(need_parse(text, arena, &test, &err), -EINVAL);
	assert_string_equal(err.text, sentence);
}

static void a_bad_need_is_refused_with_its_place(void **state)
{
	(void)state;
	check_refused("mtu", "expected <=, >=, =, is or not, seen \"\"");
	check_refused("mtu < 5", "expected <=, >=, =, is or not, seen \"< 5\"");
	check_refused("mtu <= 5 5", "expected the end of the line, seen \"5\"");
	check_refused("<= 5", "expected a name, like mtu, seen \"<= 5\"");
	check_refused("2*5 <= 5", "expected a name, like mtu, seen \"5 <= 5\"");
	check_refused("mtu <= 99999999999", "expected a number up to "
					    "1000000000, seen \"99999999999\"");
	check_refused("2*mtu is big",
		      "\"is\" and \"not\" stand behind one name");
	check_refused("a+b+c+d+e <= 1", "more than 4 terms on one side");
}

static bool fill(const char *template, const char *expected)
{
	OWN_BUF struct buf buf = BUF_INIT;
	OWN(arena) struct arena *arena = arena_make();
	struct need_test test;
	struct err err;

	assert_int_equal(need_parse("mtu <= 500*combined", arena, &test, &err),
			 0);
	bool is_complete = need_fill(&buf, template, &test, look_up, NULL);
	assert_string_equal(buf_text(&buf), expected);
	return is_complete;
}

static void a_fix_has_the_numbers_of_the_device(void **state)
{
	(void)state;
	assert_true(fill("ip link set dev {if} mtu {limit}",
			 "ip link set dev eth0 mtu 3000"));
	assert_true(fill("ethtool -L {if} combined {combined-max/2}",
			 "ethtool -L eth0 combined 4"));
	assert_true(fill("{combined-1} {combined+1} {combined*2}", "5 7 12"));
	assert_false(fill("ethtool -L {if} rx {peer-tx}",
			  "ethtool -L eth0 rx PEER-TX"));
}

static void a_template_is_checked(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(need_check_template("a {b} {c/2} d", &err), 0);
	assert_int_equal(need_check_template("a {b", &err), -EINVAL);
	assert_string_equal(err.text,
			    "expected {NAME} or {NAME/2}, seen \"{b\"");
	assert_int_equal(need_check_template("{}", &err), -EINVAL);
	assert_int_equal(need_check_template("{a/0}", &err), -EINVAL);
	assert_int_equal(need_check_template("{a%2}", &err), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_compared),
		cmocka_unit_test(words_are_compared),
		cmocka_unit_test(what_is_not_known_decides_nothing),
		cmocka_unit_test(a_bad_need_is_refused_with_its_place),
		cmocka_unit_test(a_fix_has_the_numbers_of_the_device),
		cmocka_unit_test(a_template_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
