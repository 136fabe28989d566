// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the interface, the kernel and the host allow a plan.
 */
#include <net/if_arp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/plan.h"
#include "rules/read.h"

#define FILTER                                                                 \
	"*filter\n:INPUT ACCEPT [0:0]\n"                                       \
	"-A INPUT -d 192.0.2.1/32 -j DROP\nCOMMIT\n"

static const struct link ethernet = { .name = "eth0", .type = ARPHRD_ETHER };
static const struct kernel_features newest = { .has_device = true,
					       .has_conntrack = true,
					       .has_zones = true };

static const struct wire_stamp everything = { .askable = UINT32_MAX };

static struct plan_input plain(void)
{
	return (struct plan_input){ .iface = "eth0",
				    .link = &ethernet,
				    .kernel = &newest,
				    .stamp = &everything,
				    .wishes = { .max = TIER_HW } };
}

struct result {
	struct plan_tier native;
	struct wire_settings settings;
	bool can_drop;
};

static struct result plan(const char *text, const struct plan_input *input)
{
	struct plan_input with_rules = *input;
	OWN(ruleset) struct ruleset *ruleset = NULL;
	OWN(plan) struct plan *plan = NULL;
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", FAMILY_IPV4, &ruleset, NULL,
		       &err))
		fail_msg("%s", err.text);
	with_rules.policy.ipv4 = ruleset;
	if (plan_make(&with_rules, &plan, &err))
		fail_msg("%s", err.text);
	return (struct result){ .native = plan->tiers[TIER_NATIVE],
				.settings = plan->program->settings,
				.can_drop = plan->program->can_drop };
}

static enum reason reason_on(const struct link *link)
{
	struct plan_input input = plain();

	input.link = link;
	return plan(FILTER, &input).native.reason;
}

static void a_plain_interface_is_taken(void **state)
{
	struct plan_input input = plain();

	(void)state;
	assert_true(plan(FILTER, &input).native.is_candidate);
	assert_int_equal(reason_on(&ethernet), REASON_NONE);
}

/* What the program cannot ask is seen by the watcher, while it lives. */
static void what_rests_on_the_watcher_needs_it(void **state)
{
	static const struct wire_stamp nothing = { .askable = 0 };
	static const struct host_facts facts = { 0 };
	struct plan_input input = plain();

	(void)state;
	input.facts = &facts;
	input.wishes.is_watched = true;
	assert_int_equal(plan(FILTER, &input).settings.needs_watcher, 0);
	input.stamp = &nothing;
	assert_int_equal(plan(FILTER, &input).settings.needs_watcher, 1);
	input.wishes.is_watched = false;
	assert_int_equal(plan(FILTER, &input).settings.needs_watcher, 0);
}

static void an_interface_that_cannot_be_filtered_is_refused(void **state)
{
	struct link loopback = ethernet, tunnel = ethernet, port = ethernet;

	(void)state;
	loopback.is_loopback = true;
	tunnel.type = ARPHRD_TUNNEL;
	port.master = 7;
	assert_int_equal(reason_on(&loopback), REASON_LOOPBACK);
	assert_int_equal(reason_on(&tunnel), REASON_NOT_ETHERNET);
	assert_int_equal(reason_on(&port), REASON_HAS_MASTER);
}

static void hooks_of_others_are_refused_unless_accepted(void **state)
{
	struct host_facts facts = { 0 };
	struct plan_input input = plain();

	(void)state;
	input.facts = &facts;
	assert_true(plan(FILTER, &input).native.is_candidate);
	facts.has_foreign_hooks.value = true;
	assert_int_equal(plan(FILTER, &input).native.reason,
			 REASON_UNKNOWN_HOOKS);
	facts.has_foreign_hooks.is_known = true;
	assert_int_equal(plan(FILTER, &input).native.reason,
			 REASON_FOREIGN_HOOKS);
	input.wishes.accept_bypass = true;
	assert_true(plan(FILTER, &input).native.is_candidate);
}

static void who_cannot_ask_the_device_needs_the_operators_word(void **state)
{
	const struct kernel_features old = { 0 };
	struct plan_input input = plain();

	(void)state;
	input.kernel = &old;
	assert_int_equal(plan(FILTER, &input).native.reason,
			 REASON_NO_DEVICE_CHECK);
	input.wishes.pinned = ~0u;
	assert_true(plan(FILTER, &input).native.is_candidate);
}

static void nat_of_a_family_hides_destinations_of_that_family(void **state)
{
	struct host_facts facts = { 0 };
	struct plan_input input = plain();

	(void)state;
	input.facts = &facts;
	facts.has_nat[1].value = true;
	assert_true(plan(FILTER, &input).can_drop);
	facts.has_nat[0].value = true;
	assert_false(plan(FILTER, &input).can_drop);
}

static void states_are_asked_where_they_can_be(void **state)
{
	const struct kernel_features old = { .has_device = true };
	struct plan_input input = plain();

	(void)state;
	assert_true(plan(FILTER, &input).settings.has_lookup);
	input.kernel = &old;
	assert_false(plan(FILTER, &input).settings.has_lookup);
}

#define RAW "*raw\n:PREROUTING ACCEPT [0:0]\n"

static void zones_are_asked_where_they_can_be(void **state)
{
	const char *zoned = RAW "-A PREROUTING -j CT --zone 7\nCOMMIT\n" FILTER;
	const struct kernel_features old = { .has_device = true,
					     .has_conntrack = true };
	struct plan_input input = plain();
	struct wire_settings settings = plan(zoned, &input).settings;

	(void)state;
	assert_true(settings.has_lookup);
	assert_int_equal(settings.zone_count[0], 1);
	assert_int_equal(settings.zones[0][0].id, 7);
	/* Where no rule says so, too: a program that names one names all. */
	assert_int_equal(settings.zone_count[1], 1);
	assert_int_equal(settings.zones[1][0].id, 0);
	assert_int_equal(settings.zones[1][0].dir, WIRE_ZONE_BOTH);
	input.kernel = &old;
	assert_false(plan(zoned, &input).settings.has_lookup);
	assert_true(plan(FILTER, &input).settings.has_lookup);
	assert_int_equal(plan(FILTER, &input).settings.zone_count[0], 0);
	input.kernel = &newest;
	assert_false(plan(RAW
			  "-A PREROUTING -j CT --zone mark\nCOMMIT\n" FILTER,
			  &input)
			     .settings.has_lookup);
}

static void with_helpers_new_packets_may_be_expected(void **state)
{
	struct host_facts facts = { 0 };
	struct plan_input input = plain();

	(void)state;
	input.facts = &facts;
	assert_false(plan(FILTER, &input).settings.may_expect);
	facts.has_helpers.value = true;
	assert_true(plan(FILTER, &input).settings.may_expect);
}

static void marks_set_before_routing_may_change_the_way(void **state)
{
	struct plan_input input = plain();

	(void)state;
	assert_false(plan(FILTER, &input).settings.is_marked_routing);
	assert_true(plan("*nat\n:PREROUTING ACCEPT [0:0]\n"
			 "-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff\n"
			 "COMMIT\n" FILTER,
			 &input)
			    .settings.is_marked_routing);
	assert_true(plan("*mangle\n:PREROUTING ACCEPT [0:0]\n"
			 "-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff\n"
			 "COMMIT\n" FILTER,
			 &input)
			    .settings.is_marked_routing);
	/* Routing also reads the TOS, and answers by the TTL. */
	assert_true(plan("*mangle\n:PREROUTING ACCEPT [0:0]\n"
			 "-A PREROUTING -j TOS --set-tos 0x10/0xff\n"
			 "COMMIT\n" FILTER,
			 &input)
			    .settings.is_marked_routing);
	assert_true(plan("*mangle\n:PREROUTING ACCEPT [0:0]\n"
			 "-A PREROUTING -j TTL --ttl-set 1\n"
			 "COMMIT\n" FILTER,
			 &input)
			    .settings.is_marked_routing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_interface_is_taken),
		cmocka_unit_test(what_rests_on_the_watcher_needs_it),
		cmocka_unit_test(
			an_interface_that_cannot_be_filtered_is_refused),
		cmocka_unit_test(hooks_of_others_are_refused_unless_accepted),
		cmocka_unit_test(
			who_cannot_ask_the_device_needs_the_operators_word),
		cmocka_unit_test(
			nat_of_a_family_hides_destinations_of_that_family),
		cmocka_unit_test(states_are_asked_where_they_can_be),
		cmocka_unit_test(zones_are_asked_where_they_can_be),
		cmocka_unit_test(with_helpers_new_packets_may_be_expected),
		cmocka_unit_test(marks_set_before_routing_may_change_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
