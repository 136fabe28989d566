// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

#include "net/locals.h"

static bool has(const struct locals_family *family, u128 address)
{
	for (size_t i = 0; i < family->count; i++) {
		if (address >= family->ranges[i].min &&
		    address <= family->ranges[i].max)
			return true;
	}
	return false;
}

static struct locals look(void)
{
	struct locals locals;

	locals_read(&locals);
	return locals;
}

/* The kernel adds an IPv6 address's route by itself, a little later. */
static void wait_for_ipv6(void)
{
	const u128 own = (u128)0x20010db800000000 << 64 | 1;
	struct locals locals;

	for (int i = 0; i < 200; i++) {
		locals_read(&locals);
		if (has(&locals.families[1], own))
			return;
		usleep(20 * 1000);
	}
}

static void make_host(void)
{
	netns_enter();
	assert_run("ip link set lo up");
	assert_run("ip link add v0 type veth peer name v0p");
	assert_run("ip link set v0 up");
	assert_run("ip addr add 192.0.2.1/24 dev v0");
	assert_run("ip -6 addr add 2001:db8::1/64 dev v0 nodad");
	wait_for_ipv6();
}

static void own_addresses_are_local(void **state)
{
	(void)state;
	make_host();
	struct locals locals = look();

	assert_true(has(&locals.families[0], 0xc0000201));
	assert_true(
		has(&locals.families[1], (u128)0x20010db800000000 << 64 | 1));
	assert_string_equal(locals.text, "");
}

static void others_are_not(void **state)
{
	(void)state;
	make_host();
	struct locals locals = look();

	assert_false(has(&locals.families[0], 0xc0000202));
	/* The subnet's broadcast, loopback. */
	assert_false(has(&locals.families[0], 0xc00002ff));
	assert_false(has(&locals.families[0], 0x7f000001));
	assert_false(
		has(&locals.families[1], (u128)0x20010db800000000 << 64 | 2));
	assert_false(has(&locals.families[1], 1));
}

static void a_prefix_may_be_local(void **state)
{
	(void)state;
	make_host();
	assert_run("ip route add local 198.51.100.0/25 dev lo");
	struct locals locals = look();

	assert_true(has(&locals.families[0], 0xc633647f));
	assert_false(has(&locals.families[0], 0xc6336480));
}

static void a_route_within_a_local_prefix_makes_it_unsure(void **state)
{
	(void)state;
	make_host();
	assert_run("ip route add local 198.51.100.0/25 dev lo");
	assert_run("ip route add 198.51.100.7 dev v0 table local");
	struct locals locals = look();

	assert_false(has(&locals.families[0], 0xc6336401));
	assert_true(has(&locals.families[0], 0xc0000201));
}

static void local_routes_of_other_tables_are_not_sure(void **state)
{
	(void)state;
	make_host();
	assert_run("ip route add local 198.51.100.0/25 dev lo table 100");
	struct locals locals = look();

	assert_false(has(&locals.families[0], 0xc6336401));
}

static void a_rule_before_the_local_table_makes_nothing_sure(void **state)
{
	(void)state;
	make_host();
	assert_run("ip rule add pref 1 lookup local");
	assert_run("ip rule add pref 0 iif v0 lookup 100");
	assert_run("ip rule del pref 0 lookup local");
	struct locals locals = look();

	assert_int_equal(locals.families[0].count, 0);
	assert_true(
		has(&locals.families[1], (u128)0x20010db800000000 << 64 | 1));
	assert_non_null(strstr(locals.text, "ip rule"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_addresses_are_local),
		cmocka_unit_test(others_are_not),
		cmocka_unit_test(a_prefix_may_be_local),
		cmocka_unit_test(a_route_within_a_local_prefix_makes_it_unsure),
		cmocka_unit_test(local_routes_of_other_tables_are_not_sure),
		cmocka_unit_test(
			a_rule_before_the_local_table_makes_nothing_sure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
