// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/measure.h"
#include "rules/read.h"

/* Plan for the rules of one filter table, and measure. */
static struct measure measure(const char *body, enum family family)
{
	OWN_BUF struct buf text = BUF_INIT;
	OWN(ruleset) struct ruleset *ruleset = NULL;
	OWN(plan) struct plan *plan = NULL;
	struct plan_input input = { .iface = "eth0",
				    .wishes = { .max = TIER_HW } };
	struct measure result;
	struct err err = { 0 };

	buf_addf(&text, "*filter\n%sCOMMIT\n", body);
	if (read_rules(buf_text(&text), text.length, "test", family, &ruleset,
		       NULL, &err))
		fail_msg("%s", err.text);
	input.policy.ipv4 = family == FAMILY_IPV4 ? ruleset : NULL;
	input.policy.ipv6 = family == FAMILY_IPV6 ? ruleset : NULL;
	if (plan_make(&input, &plan, &err))
		fail_msg("%s", err.text);
	assert_int_equal(measure_plan(plan,
				      family == FAMILY_IPV4 ? FAMILY_IPV6
							    : FAMILY_IPV4,
				      1, &result),
			 -ENOENT);
	assert_int_equal(measure_plan(plan, family, 1, &result), 0);
	/* Rules and reasons die with the plan: only numbers are looked at. */
	return result;
}

static void assert_all_early(const struct measure_share *share)
{
	assert_true(share->dropped > 0);
	assert_int_equal(share->early, share->dropped);
	assert_int_equal(measure_permille(share), 1000);
}

static void a_host_that_drops_everything_loses_nothing(void **state)
{
	(void)state;
	for (int family = FAMILY_IPV4; family <= FAMILY_IPV6; family += 2) {
		struct measure found = measure(":INPUT DROP [0:0]\n"
					       ":FORWARD ACCEPT [0:0]\n",
					       family);
		const struct measure_path *input = &found.ways[MEASURE_INPUT];

		assert_int_equal(input->all.dropped, found.drawn);
		assert_all_early(&input->protos[MEASURE_TCP]);
		assert_all_early(&input->protos[MEASURE_UDP]);
		assert_all_early(&input->protos[MEASURE_ICMP]);
		assert_int_equal(found.ways[MEASURE_FORWARD].all.dropped, 0);
	}
}

static void what_a_program_cannot_tell_is_a_loss_with_its_reason(void **state)
{
	/* GRE may belong to a connection, which only TCP and UDP can be asked
	 * about. */
	struct measure found = measure(
		":INPUT DROP [0:0]\n"
		"-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n",
		FAMILY_IPV4);
	const struct measure_path *input = &found.ways[MEASURE_INPUT];
	size_t lost = 0;

	(void)state;
	/* Resets may stand in one batch with a SYN; the rest dies. */
	assert_true(measure_permille(&input->protos[MEASURE_TCP]) > 950);
	assert_true(input->protos[MEASURE_TCP].early <
		    input->protos[MEASURE_TCP].dropped);
	assert_true(measure_permille(&input->protos[MEASURE_UDP]) > 950);
	assert_int_equal(input->protos[MEASURE_OTHER].early, 0);
	assert_true(input->protos[MEASURE_OTHER].dropped > 0);
	for (size_t i = 0; i < input->loss_count; i++) {
		lost += input->losses[i].count;
		assert_true(!i || input->losses[i - 1].count >=
					  input->losses[i].count);
	}
	assert_int_equal(lost + input->others,
			 input->all.dropped - input->all.early);
}

static void what_is_logged_before_it_is_dropped_is_lost(void **state)
{
	struct measure found = measure(":INPUT DROP [0:0]\n"
				       "-A INPUT -p udp -j LOG\n",
				       FAMILY_IPV4);
	const struct measure_path *input = &found.ways[MEASURE_INPUT];

	(void)state;
	assert_all_early(&input->protos[MEASURE_TCP]);
	assert_true(input->protos[MEASURE_UDP].dropped > 0);
	assert_int_equal(input->protos[MEASURE_UDP].early, 0);
	assert_string_equal(input->losses[0].name, "effect");
}

static void what_is_accepted_or_answered_is_no_drop_of_the_host(void **state)
{
	struct measure found = measure(
		":INPUT ACCEPT [0:0]\n"
		"-A INPUT -p tcp -j REJECT --reject-with tcp-reset\n"
		"-A INPUT -p udp -m string --algo bm --string x -j DROP\n",
		FAMILY_IPV4);

	(void)state;
	assert_int_equal(found.ways[MEASURE_INPUT].all.dropped, 0);
	assert_int_equal(measure_permille(&found.ways[MEASURE_INPUT].all), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_that_drops_everything_loses_nothing),
		cmocka_unit_test(
			what_a_program_cannot_tell_is_a_loss_with_its_reason),
		cmocka_unit_test(what_is_logged_before_it_is_dropped_is_lost),
		cmocka_unit_test(
			what_is_accepted_or_answered_is_no_drop_of_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
