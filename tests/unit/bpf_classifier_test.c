// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every classifier against flat_find(): random lists of regions, packets from
 * the corners of every region and from anywhere. What is compared is the rule
 * that decides. No kernel takes part (tests/lib/machine.h).
 */
#include "base/random.h"
#include "tests/lib/machine.h"
#include "tests/unit/bpf_hand.h"

/* What a list of regions is like. */
struct shape {
	enum family family;
	size_t count;
	unsigned int fields; /* bits: those that regions may ask about */
	unsigned int asked;  /* in percent: those that one asks about */
	bool is_crowded;     /* values are close to each other */
};

#define FIELD_BIT(field) (1U << FIELD_##field)
#define FIVE                                                                   \
	(FIELD_BIT(SADDR) | FIELD_BIT(DADDR) | FIELD_BIT(PROTO) |              \
	 FIELD_BIT(SPORT) | FIELD_BIT(DPORT))
#define ALL_FIELDS ((1U << FIELD_COUNT) - 1)

static u128 random_value(struct random *rnd, const struct shape *shape,
			 enum field field)
{
	u128 max = field_max(field, shape->family), value = random_wide(rnd);

	if (field == FIELD_PROTO && random_chance(rnd, 80))
		return random_chance(rnd, 50) ? IPPROTO_TCP : IPPROTO_UDP;
	if (max == ~(u128)0 && shape->is_crowded)
		return ((u128)(0x20010db800000000 + random_below(rnd, 6))
			<< 64) +
		       (random_chance(rnd, 50) ? 0 : random_below(rnd, 4));
	if (shape->is_crowded && max >= UINT32_MAX)
		return 0x0a010000 + random_below(rnd, 300);
	if (shape->is_crowded)
		return (random_below(rnd, 20) * 7) & max;
	if (random_chance(rnd, 5))
		return random_chance(rnd, 50) ? 0 : max;
	return value & max;
}

/* A value, a range, a network, all but one of these, or several. */
static const struct set *random_set(struct arena *arena, struct random *rnd,
				    const struct shape *shape, enum field field)
{
	u128 max = field_max(field, shape->family);
	struct interval parts[3];
	size_t count = random_chance(rnd, 85) ? 1 : 1 + random_below(rnd, 3);

	for (size_t i = 0; i < count; i++) {
		u128 a = random_value(rnd, shape, field), b = a, net;

		switch (random_below(rnd, 3)) {
		case 0:
			b = random_value(rnd, shape, field);
			break;
		case 1:
			net = num_max(random_below(rnd, 20));
			b = (a | net) & max;
			a &= ~net;
			break;
		}
		parts[i].min = a < b ? a : b;
		parts[i].max = a < b ? b : a;
	}
	const struct set *set = set_make(arena, parts, count);
	return random_chance(rnd, 90) ? set : set_not(arena, set, max);
}

static struct hand random_list(struct random *rnd, const struct shape *shape)
{
	struct hand hand = hand_make(shape->family);

	for (size_t i = 0; i < shape->count; i++) {
		struct region *region =
			hand_add(&hand, random_chance(rnd, 70)
						? WORLDS(STAGE_INPUT, CT_ALL)
						: 0);

		/* Some rules have several regions. */
		if (region->drop && random_chance(rnd, 30))
			region->rules[STAGE_INPUT] = random_below(rnd, i + 1);
		for (int f = 0; f < FIELD_COUNT; f++) {
			if (!(shape->fields & 1U << f) ||
			    !random_chance(rnd, shape->asked))
				continue;
			region->cond.fields[f] =
				random_set(hand.arena, rnd, shape, f);
			assert_non_null(region->cond.fields[f]);
		}
	}
	/* The last one has everything. */
	hand_add(&hand,
		 random_chance(rnd, 50) ? WORLDS(STAGE_INPUT, CT_ALL) : 0);
	return hand;
}

static struct wire_header to_wire(const struct header *header)
{
	const u128 *fields = header->fields;
	struct wire_header wire = {
		.saddr_hi = fields[FIELD_SADDR] >> 64,
		.saddr_lo = fields[FIELD_SADDR],
		.daddr_hi = fields[FIELD_DADDR] >> 64,
		.daddr_lo = fields[FIELD_DADDR],
		.smac = fields[FIELD_SMAC],
		.sport = fields[FIELD_SPORT],
		.dport = fields[FIELD_DPORT],
		.icmp = fields[FIELD_ICMP],
		.length = fields[FIELD_LENGTH],
		.proto = fields[FIELD_PROTO],
		.tcp_flags = fields[FIELD_TCP_FLAGS],
		.mss = fields[FIELD_MSS],
		.ttl = fields[FIELD_TTL],
		.tos = fields[FIELD_TOS],
		.pkt_type = fields[FIELD_PKT_TYPE],
	};

	for (int i = 0; i < WIRE_QUESTIONS_MAX; i++)
		wire.sets[i] = fields[FIELD_SET0 + i];
	return wire;
}

/* The rule that a program drops the packet for; NO_RULE: it passes. */
static uint32_t rule_of(const struct program *program, enum wire_class class,
			const struct header *header)
{
	struct wire_header wire = to_wire(header);
	int64_t id;

	wire.class = class;
	id = machine_run(program, &wire);
	assert_in_range(id, 0, program->outcome_count - 1);
	if (id == 0)
		return NO_RULE;
	return program->rules[program->outcomes[id].rules[STAGE_INPUT]]
		.flat_rule;
}

static uint32_t right_rule(const struct hand *hand, const struct header *header)
{
	const struct region *region = flat_find(&hand->flat, header);

	return region->drop ? region->rules[STAGE_INPUT] : NO_RULE;
}

static void check_packet(const struct hand *hand, const struct program *program,
			 enum wire_class class, const struct header *header)
{
	uint32_t found = rule_of(program, class, header);
	uint32_t right = right_rule(hand, header);

	if (found == right)
		return;
	for (int f = 0; f < FIELD_COUNT; f++)
		print_message("%s %#llx%016llx\n", field_name(f),
			      (unsigned long long)(header->fields[f] >> 64),
			      (unsigned long long)header->fields[f]);
	fail_msg("%s: the rule is %d, not %d", program->lists[class].by->name,
		 (int)found, (int)right);
}

/* An end of one of the set's intervals, or next to it. */
static u128 corner(struct random *rnd, const struct set *set, u128 max)
{
	const struct interval *interval =
		&set->intervals[random_below(rnd, set->count)];
	u128 value = random_chance(rnd, 50) ? interval->min : interval->max;

	switch (random_below(rnd, 4)) {
	case 0:
		return value > 0 ? value - 1 : value;
	case 1:
		return value < max ? value + 1 : value;
	}
	return value;
}

/* A packet about a region, with some other values. */
static struct header packet_about(struct random *rnd, const struct hand *hand,
				  const struct shape *shape, size_t region)
{
	struct header header = { 0 };

	for (int f = 0; f < FIELD_COUNT; f++) {
		size_t from = random_chance(rnd, 85)
				      ? region
				      : random_below(rnd, shape->count);
		const struct set *set = hand->flat.regions[from].cond.fields[f];

		if (set && set->count && random_chance(rnd, 90))
			header.fields[f] =
				corner(rnd, set, field_max(f, shape->family));
		else
			header.fields[f] = random_value(rnd, shape, f);
	}
	return header;
}

/* True if the program is by @classifier and not by the next one. */
static bool check_list(struct random *rnd, const struct hand *hand,
		       const struct shape *shape, const struct target *target,
		       const struct classifier *classifier)
{
	enum wire_class class =
		shape->family == FAMILY_IPV6 ? WIRE_IPV6 : WIRE_IPV4;
	OWN(program)
	struct program *program = hand_program_for(hand, class, &hand_settings,
						   target, classifier);
	bool is_whole = program->kept[class] == hand->flat.region_count;

	/* What was cut passes; what is whole must be right. */
	for (size_t i = 0; is_whole && i < 4 * shape->count + 50; i++) {
		struct header header =
			packet_about(rnd, hand, shape, i % shape->count);

		check_packet(hand, program, class, &header);
	}
	return is_whole &&
	       (!classifier || program->lists[class].by == classifier);
}

static size_t check_shape(const struct shape *shape,
			  const struct target *target,
			  const struct classifier *classifier, size_t lists)
{
	size_t used = 0;

	for (size_t i = 0; i < lists; i++) {
		struct random rnd = random_make(7, i + shape->count * 1000);
		struct hand hand = random_list(&rnd, shape);

		used += check_list(&rnd, &hand, shape, target, classifier);
		hand_free(&hand);
	}
	return used;
}

/* Of each shape. */
#define LISTS 8

static const struct shape shapes[] = {
	{ FAMILY_IPV4, 3, ALL_FIELDS, 20, true },
	{ FAMILY_IPV4, 12, FIVE, 50, true },
	{ FAMILY_IPV4, 40, FIVE, 60, true },
	{ FAMILY_IPV4, 40, ALL_FIELDS, 15, false },
	{ FAMILY_IPV4, 60, FIVE, 70, false },
	{ FAMILY_IPV4, 100, FIELD_BIT(SADDR), 100, false },
	{ FAMILY_IPV4, 100, FIELD_BIT(SADDR) | FIELD_BIT(DPORT), 100, false },
	{ FAMILY_IPV4, 60, FIELD_BIT(SMAC) | FIELD_BIT(DPORT), 80, false },
	{ FAMILY_IPV6, 3, ALL_FIELDS, 20, true },
	{ FAMILY_IPV6, 40, FIVE, 60, true },
	{ FAMILY_IPV6, 60, FIVE, 60, false },
	{ FAMILY_IPV6, 150, FIELD_BIT(DADDR), 100, true },
};

/* It must be able to, at least where the list is small and plain. */
static void check_classifier(const struct classifier *classifier,
			     const struct target *target)
{
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		size_t used =
			check_shape(&shapes[i], target, classifier, LISTS);

		if (shapes[i].fields == FIVE && target == &target_software)
			assert_true(used > LISTS / 2);
	}
}

static void linear_finds_the_rule_that_decides(void **state)
{
	(void)state;
	check_classifier(&classifier_linear, &target_software);
}

static void rfc_finds_the_rule_that_decides(void **state)
{
	(void)state;
	check_classifier(&classifier_rfc, &target_software);
}

static void chains_find_the_rule_that_decides(void **state)
{
	(void)state;
	check_classifier(&classifier_chain, &target_software);
}

static void parts_find_the_rule_that_decides(void **state)
{
	(void)state;
	check_classifier(&classifier_parts, &target_software);
}

static void the_cheapest_finds_the_rule_that_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		check_shape(&shapes[i], &target_software, NULL, LISTS);
}

static void a_card_finds_the_rule_that_decides(void **state)
{
	(void)state;
	check_classifier(&classifier_rfc, &target_card);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linear_finds_the_rule_that_decides),
		cmocka_unit_test(rfc_finds_the_rule_that_decides),
		cmocka_unit_test(chains_find_the_rule_that_decides),
		cmocka_unit_test(parts_find_the_rule_that_decides),
		cmocka_unit_test(the_cheapest_finds_the_rule_that_decides),
		cmocka_unit_test(a_card_finds_the_rule_that_decides),
	};

	return cmocka_run_group_tests_name("bpf_classifier", tests, NULL, NULL);
}
