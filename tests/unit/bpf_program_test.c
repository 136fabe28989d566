// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/bpf_hand.h"

static const worlds_t input = WORLDS(STAGE_INPUT, CT_ALL);
static const worlds_t forward = WORLDS(STAGE_FORWARD, CT_ALL);

static struct program *make_by(const struct flat *ipv4,
			       const struct flat *fragment,
			       const struct flat *ipv6,
			       const struct target *target,
			       const struct classifier *classifier)
{
	const struct flat *flats[WIRE_CLASS_COUNT] = {
		[WIRE_IPV4] = ipv4,
		[WIRE_FRAGMENT] = fragment,
		[WIRE_IPV6] = ipv6,
	};
	struct program *program = NULL;
	struct err err;

	assert_return_code(program_make_by(flats, &hand_settings, target,
					   classifier, &program, &err),
			   0);
	return program;
}

static struct program *make(const struct flat *ipv4,
			    const struct flat *fragment,
			    const struct flat *ipv6,
			    const struct target *target)
{
	return make_by(ipv4, fragment, ipv6, target, NULL);
}

static struct program *make_one(const struct hand *hand)
{
	return make(&hand->flat, NULL, NULL, &target_software);
}

static void nothing_to_drop_is_a_program_that_passes(void **state)
{
	struct hand hand = hand_make(FAMILY_IPV4);

	(void)state;
	hand_add(&hand, 0);

	OWN(program)
	struct program *none = make(NULL, NULL, NULL, &target_software);
	OWN(program) struct program *passing = make_one(&hand);
	assert_false(none->can_drop);
	assert_int_equal(none->insn_count, 2);
	assert_false(passing->can_drop);
	assert_int_equal(passing->outcome_count, 1);
	assert_int_equal(passing->rule_count, 0);
	assert_int_equal(passing->kept[WIRE_IPV4], 1);
	hand_free(&hand);
}

static void a_stage_that_names_no_rule_drops_nothing(void **state)
{
	struct hand hand = hand_make(FAMILY_IPV4);
	struct region *region;

	(void)state;
	region = hand_add(&hand, WORLDS(STAGE_INPUT, CT_ALL & ~CT_ESTABLISHED) |
					 WORLDS(STAGE_FORWARD, CT_INVALID));
	region->rules[STAGE_FORWARD] = NO_RULE;

	OWN(program) struct program *program = make_one(&hand);
	assert_true(program->can_drop);
	assert_int_equal(program->outcomes[1].drop,
			 WORLDS(STAGE_INPUT, CT_ALL & ~CT_ESTABLISHED));
	assert_int_equal(program->rule_count, 1);
	region->rules[STAGE_INPUT] = NO_RULE;

	OWN(program) struct program *passing = make_one(&hand);
	assert_false(passing->can_drop);
	hand_free(&hand);
}

static void equal_outcomes_are_one(void **state)
{
	struct hand hand = hand_make(FAMILY_IPV4);

	(void)state;
	for (int i = 0; i < 10; i++) {
		struct region *region = hand_add(&hand, input);

		hand_where(&hand, FIELD_DPORT, i, i);
		region->rules[STAGE_INPUT] = i % 2;
	}

	OWN(program) struct program *program = make_one(&hand);
	assert_true(program->can_drop);
	assert_int_equal(program->outcome_count, 3);
	assert_int_equal(program->rule_count, 2);
	assert_int_equal(program->outcomes[0].drop, 0);
	assert_int_equal(program->outcomes[1].drop, input);
	hand_free(&hand);
}

static void each_stage_counts_for_its_own_rule(void **state)
{
	struct hand hand = hand_make(FAMILY_IPV4);

	(void)state;
	hand_add(&hand, 0);
	hand_where(&hand, FIELD_DPORT, 1, 1);

	struct region *region = hand_add(&hand, input | forward);
	region->rules[STAGE_INPUT] = 1;
	region->rules[STAGE_FORWARD] = 0;

	OWN(program) struct program *program = make_one(&hand);
	const struct wire_outcome *outcome = &program->outcomes[1];
	assert_int_equal(program->rule_count, 2);
	assert_int_equal(program->rules[outcome->rules[WIRE_INPUT]].flat_rule,
			 1);
	assert_int_equal(program->rules[outcome->rules[WIRE_FORWARD]].flat_rule,
			 0);
	hand_free(&hand);
}

static void fragments_share_the_counters_of_their_rules(void **state)
{
	struct hand whole = hand_make(FAMILY_IPV4);
	struct hand fragment = hand_make(FAMILY_IPV4);
	struct hand ipv6 = hand_make(FAMILY_IPV6);

	(void)state;
	for (int i = 0; i < 2; i++) {
		hand_add(&whole, input);
		hand_where(&whole, FIELD_PROTO, i, i);
		hand_add(&fragment, input);
		hand_where(&fragment, FIELD_PROTO, i, i);
	}
	hand_add(&ipv6, input);
	/* The first is the same rule, the second another one. */
	fragment.flat.rules[0] = whole.flat.rules[0];

	OWN(program)
	struct program *program =
		make(&whole.flat, &fragment.flat, &ipv6.flat, &target_software);
	assert_int_equal(program->rule_count, 4);
	assert_int_equal(program->rules[0].class, WIRE_IPV4);
	assert_int_equal(program->rules[1].class, WIRE_IPV4);
	assert_int_equal(program->rules[2].class, WIRE_FRAGMENT);
	assert_int_equal(program->rules[2].flat_rule, 1);
	assert_int_equal(program->rules[3].class, WIRE_IPV6);
	hand_free(&whole);
	hand_free(&fragment);
	hand_free(&ipv6);
}

static void what_does_not_fit_is_cut_with_its_counters(void **state)
{
	const struct target small = {
		.name = "small",
		.max_jumps = 8000,
		.max_insns = 60,
	};
	struct hand hand = hand_make(FAMILY_IPV4);

	(void)state;
	for (int i = 0; i < 100; i++) {
		hand_add(&hand, input);
		hand_where(&hand, FIELD_DPORT, i, i);
	}

	OWN(program)
	struct program *program =
		make_by(&hand.flat, NULL, NULL, &small, &classifier_linear);
	size_t kept = program->kept[WIRE_IPV4];
	assert_in_range(kept, 10, 15);
	assert_int_equal(program->rule_count, kept);
	assert_int_equal(program->outcome_count, kept + 1);
	hand_free(&hand);
}

static void branches_are_limited_too(void **state)
{
	const struct target narrow = {
		.name = "narrow",
		.max_jumps = 10,
		.max_insns = 10000,
	};
	struct hand hand = hand_make(FAMILY_IPV4);

	(void)state;
	for (int i = 0; i < 100; i++) {
		hand_add(&hand, input);
		hand_where(&hand, FIELD_PROTO, 6, 6);
		hand_where(&hand, FIELD_DPORT, i, i);
	}

	OWN(program)
	struct program *program =
		make_by(&hand.flat, NULL, NULL, &narrow, &classifier_linear);
	assert_int_equal(program->kept[WIRE_IPV4], 10);
	hand_free(&hand);
}

static void regions_behind_the_last_drop_need_no_code(void **state)
{
	struct hand hand = hand_make(FAMILY_IPV4);

	(void)state;
	hand_add(&hand, input);
	hand_where(&hand, FIELD_DPORT, 80, 80);

	OWN(program) struct program *one = make_one(&hand);
	for (int i = 0; i < 100; i++) {
		hand_add(&hand, 0);
		hand_where(&hand, FIELD_DPORT, i, i);
	}
	OWN(program) struct program *many = make_one(&hand);
	assert_int_equal(many->insn_count, one->insn_count);
	assert_int_equal(many->kept[WIRE_IPV4], 101);
	hand_free(&hand);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
	struct hand hand = hand_make(FAMILY_IPV6);

	(void)state;
	for (int i = 0; i < 50; i++) {
		hand_add(&hand, i % 3 ? input : forward);
		hand_where(&hand, FIELD_SADDR, i, (u128)1 << (i + 30));
	}

	OWN(program)
	struct program *a = make(NULL, NULL, &hand.flat, &target_software);
	OWN(program)
	struct program *b = make(NULL, NULL, &hand.flat, &target_software);
	assert_int_equal(a->insn_count, b->insn_count);
	assert_memory_equal(a->insns, b->insns,
			    a->insn_count * sizeof(*a->insns));
	assert_int_equal(a->outcome_count, b->outcome_count);
	assert_memory_equal(a->outcomes, b->outcomes,
			    a->outcome_count * sizeof(*a->outcomes));
	hand_free(&hand);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_to_drop_is_a_program_that_passes),
		cmocka_unit_test(a_stage_that_names_no_rule_drops_nothing),
		cmocka_unit_test(equal_outcomes_are_one),
		cmocka_unit_test(each_stage_counts_for_its_own_rule),
		cmocka_unit_test(fragments_share_the_counters_of_their_rules),
		cmocka_unit_test(what_does_not_fit_is_cut_with_its_counters),
		cmocka_unit_test(branches_are_limited_too),
		cmocka_unit_test(regions_behind_the_last_drop_need_no_code),
		cmocka_unit_test(the_same_input_gives_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
