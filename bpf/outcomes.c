// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "bpf/outcomes.h"

static_assert(WIRE_STATE_COUNT == CT_STATE_COUNT, "wire.h knows the states");
static_assert(WIRE_STATES_ALL == CT_ALL, "wire.h knows the states");
static_assert((int)WIRE_PREROUTING == (int)STAGE_PREROUTING &&
		      (int)WIRE_INPUT == (int)STAGE_INPUT &&
		      (int)WIRE_FORWARD == (int)STAGE_FORWARD,
	      "wire.h knows the stages");

#define NO_COUNTER UINT32_MAX

struct builder {
	const struct flat *const *flats;
	struct program *program;
	uint32_t *counters[WIRE_CLASS_COUNT]; /* index: flat rule */
	size_t counted;			      /* counters in use end here */
	/* Outcomes by their bytes: open addressing, 0 is free. */
	uint32_t *buckets;
	size_t bucket_count; /* a power of two */
};

static size_t region_total(const struct flat *const flats[WIRE_CLASS_COUNT])
{
	size_t count = 0;

	for (int class = 0; class < WIRE_CLASS_COUNT; class ++)
		count += flats[class] ? flats[class]->region_count : 0;
	return count;
}

static size_t rule_total(const struct flat *const flats[WIRE_CLASS_COUNT])
{
	size_t count = 0;

	for (int class = 0; class < WIRE_CLASS_COUNT; class ++)
		count += flats[class] ? flats[class]->rule_count : 0;
	return count;
}

/* The counters that another program has, by the same numbers. */
static void take_numbers(struct builder *builder,
			 const struct program *numbering)
{
	struct program *program = builder->program;

	for (size_t i = 0; i < numbering->rule_count; i++) {
		const struct program_rule *rule = &numbering->rules[i];

		program->rules[i] = *rule;
		if (builder->flats[rule->class])
			builder->counters[rule->class][rule->flat_rule] = i;
	}
	program->rule_count = numbering->rule_count;
}

static int builder_init(struct builder *builder)
{
	struct arena *arena = builder->program->arena;
	size_t regions = region_total(builder->flats);
	const struct program *numbering = builder->program->numbering;
	size_t rules = rule_total(builder->flats) +
		       (numbering ? numbering->rule_count : 0);

	builder->bucket_count = 16;
	while (builder->bucket_count < 2 * regions)
		builder->bucket_count *= 2;
	builder->buckets =
		arena_alloc(arena, builder->bucket_count * sizeof(uint32_t));
	builder->program->outcomes =
		arena_alloc(arena, (regions + 1) * sizeof(struct wire_outcome));
	builder->program->rules =
		arena_alloc(arena, rules * sizeof(struct program_rule));
	if (!builder->buckets || !builder->program->outcomes ||
	    !builder->program->rules)
		return -ENOMEM;
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		size_t count = builder->flats[class]
				       ? builder->flats[class]->rule_count
				       : 0;

		builder->counters[class] =
			arena_alloc(arena, count * sizeof(uint32_t));
		if (!builder->counters[class])
			return -ENOMEM;
		memset(builder->counters[class], 0xff,
		       count * sizeof(uint32_t));
	}
	builder->program->outcome_count = 1;
	builder->program->rule_count = 0;
	if (numbering)
		take_numbers(builder, numbering);
	return 0;
}

/* Do both lists mean the same rule by this index? */
static bool is_shared(const struct flat *a, const struct flat *b, uint32_t rule)
{
	if (!a || !b || rule >= a->rule_count || rule >= b->rule_count)
		return false;

	const struct flat_rule *x = &a->rules[rule], *y = &b->rules[rule];
	return x->table == y->table && x->chain == y->chain &&
	       x->rule == y->rule;
}

/* The counter of a rule, a new one if it has none yet. */
static uint32_t counter_of(struct builder *builder, enum wire_class class,
			   uint32_t rule)
{
	struct program *program = builder->program;

	assert(rule < builder->flats[class]->rule_count);
	if (class == WIRE_FRAGMENT &&
	    is_shared(builder->flats[WIRE_IPV4], builder->flats[class], rule))
		class = WIRE_IPV4;

	uint32_t *counter = &builder->counters[class][rule];
	if (*counter == NO_COUNTER) {
		*counter = program->rule_count++;
		program->rules[*counter] = (struct program_rule){
			.class = class,
			.flat_rule = rule,
		};
	}
	if (*counter >= builder->counted)
		builder->counted = *counter + 1;
	return *counter;
}

static uint32_t hash(const struct wire_outcome *outcome)
{
	const uint8_t *bytes = (const uint8_t *)outcome;
	uint32_t value = 2166136261U; /* FNV-1a */

	for (size_t i = 0; i < sizeof(*outcome); i++)
		value = (value ^ bytes[i]) * 16777619U;
	return value;
}

/* The index of this outcome, a new one if nothing is like it. */
static uint32_t intern(struct builder *builder,
		       const struct wire_outcome *outcome)
{
	struct program *program = builder->program;
	size_t mask = builder->bucket_count - 1, i = hash(outcome) & mask;

	for (; builder->buckets[i]; i = (i + 1) & mask) {
		uint32_t known = builder->buckets[i];

		if (!memcmp(&program->outcomes[known], outcome,
			    sizeof(*outcome)))
			return known;
	}
	builder->buckets[i] = program->outcome_count;
	program->outcomes[program->outcome_count] = *outcome;
	return program->outcome_count++;
}

static uint32_t outcome_of(struct builder *builder, enum wire_class class,
			   const struct region *region)
{
	struct wire_outcome outcome = { .drop = region->drop,
					.logged = region->logged };
	bool can_drop = false;

	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		unsigned int states =
			worlds_states(region->drop | region->logged, stage);

		/* In too few states to be ever sure: the same as in none. */
		if (region->rules[stage] == NO_RULE) {
			outcome.drop &= ~WORLDS(stage, CT_ALL);
			outcome.logged &= ~WORLDS(stage, CT_ALL);
			continue;
		}
		can_drop = true;
		outcome.rules[stage] =
			counter_of(builder, class, region->rules[stage]);
		/* It never gets further. */
		if (stage == STAGE_PREROUTING && states == CT_ALL)
			break;
	}
	return can_drop ? intern(builder, &outcome) : 0;
}

int outcomes_make(const struct flat *const flats[WIRE_CLASS_COUNT],
		  const size_t limits[WIRE_CLASS_COUNT],
		  struct program *program, uint32_t *of[WIRE_CLASS_COUNT])
{
	struct builder builder = { .flats = flats, .program = program };
	int result = builder_init(&builder);

	if (result)
		return result;
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		const struct flat *flat = flats[class];

		if (!flat)
			continue;
		of[class] = arena_alloc(program->arena,
					flat->region_count * sizeof(uint32_t));
		if (!of[class])
			return -ENOMEM;
		for (size_t i = 0; i < limits[class]; i++)
			of[class][i] =
				outcome_of(&builder, class, &flat->regions[i]);
	}
	program->rule_count = builder.counted;
	program->can_drop = program->outcome_count > 1;
	return 0;
}
