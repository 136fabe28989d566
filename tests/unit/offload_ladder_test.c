// SPDX-License-Identifier: GPL-2.0-only
#include <net/if_arp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/ladder.h"

static struct plan_tier native(const struct host_facts *facts,
			       bool accept_bypass)
{
	const struct plan_input input = {
		.iface = "eth0",
		.facts = facts,
		.wishes = { .max = TIER_HW, .accept_bypass = accept_bypass },
	};
	struct plan_tier tiers[TIER_COUNT];

	ladder_decide(&input, true, false, tiers);
	return tiers[TIER_NATIVE];
}

static void hooks_of_others_rule_out_every_tier(void **state)
{
	struct host_facts facts = { 0 };

	(void)state;
	fact_begin(&facts.has_foreign_hooks, "none");
	assert_true(native(&facts, false).is_candidate);
	fact_yes(&facts.has_foreign_hooks, "the table inet t");
	assert_false(native(&facts, false).is_candidate);
	assert_int_equal(native(&facts, false).reason, REASON_FOREIGN_HOOKS);
	assert_string_equal(native(&facts, false).text, "the table inet t");
	assert_true(native(&facts, true).is_candidate);
}

static void so_do_hooks_that_cannot_be_read(void **state)
{
	struct host_facts facts = { 0 };

	(void)state;
	fact_begin(&facts.has_foreign_hooks, "none");
	fact_unknown(&facts.has_foreign_hooks, "no permission");
	assert_false(native(&facts, false).is_candidate);
	assert_int_equal(native(&facts, false).reason, REASON_UNKNOWN_HOOKS);
	assert_true(native(&facts, true).is_candidate);
}

static void an_interface_with_a_vlan_is_refused(void **state)
{
	const struct link link = { .name = "eth0", .type = ARPHRD_ETHER };
	const struct link vlan = { .name = "eth0.5", .kind = "vlan" };
	struct plan_input input = {
		.iface = "eth0",
		.link = &link,
		.wishes = { .max = TIER_HW, .pinned = ~0u },
	};
	struct plan_tier tiers[TIER_COUNT];

	(void)state;
	ladder_decide(&input, true, false, tiers);
	assert_true(tiers[TIER_NATIVE].is_candidate);
	input.upper = &vlan;
	ladder_decide(&input, true, false, tiers);
	assert_int_equal(tiers[TIER_NATIVE].reason, REASON_HAS_UPPER);
	assert_string_equal(tiers[TIER_NATIVE].text,
			    "eth0.5 (vlan) stands on eth0");
	assert_int_equal(tiers[TIER_GENERIC].reason, REASON_HAS_UPPER);
	input.wishes.accept_bypass = true;
	ladder_decide(&input, true, false, tiers);
	assert_true(tiers[TIER_NATIVE].is_candidate);
}

static void a_yes_outweighs_what_cannot_be_read(void **state)
{
	struct fact fact;

	(void)state;
	fact_begin(&fact, "none");
	fact_unknown(&fact, "no permission");
	fact_yes(&fact, "first");
	fact_yes(&fact, "second");
	fact_unknown(&fact, "no permission");
	assert_true(fact.is_known);
	assert_true(fact.value);
	assert_string_equal(fact.text, "first");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hooks_of_others_rule_out_every_tier),
		cmocka_unit_test(so_do_hooks_that_cannot_be_read),
		cmocka_unit_test(an_interface_with_a_vlan_is_refused),
		cmocka_unit_test(a_yes_outweighs_what_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
