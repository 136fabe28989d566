// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/cond.h"

/*
 * Small enough to try everything: conditions over two fields with the values
 * 0..2 each, against what they say of all nine headers.
 */
#define VALUES 3

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_make();
	return !arena;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* @bits: values that the field may have; 0 stands for no condition. */
static const struct set *make_set(unsigned int bits)
{
	struct interval parts[VALUES];
	size_t count = 0;

	if (!bits)
		return NULL;
	for (unsigned int v = 0; v < VALUES; v++) {
		if (bits >> v & 1)
			parts[count++] = (struct interval){ v, v };
	}
	return set_make(arena, parts, count);
}

static struct cond make_cond(unsigned int number)
{
	return (struct cond){ .fields = { [FIELD_SPORT] = make_set(number & 7),
					  [FIELD_DPORT] =
						  make_set(number >> 3) } };
}

/* The headers that it has, as bits. */
static unsigned int headers_of(const struct cond *cond)
{
	unsigned int bits = 0;

	for (unsigned int i = 0; i < VALUES * VALUES; i++) {
		const struct header header = {
			.fields = { [FIELD_SPORT] = i % VALUES,
				    [FIELD_DPORT] = i / VALUES }
		};

		bits |= (unsigned int)cond_has(cond, &header) << i;
	}
	return bits;
}

static void relations_are_those_of_the_headers(void **state)
{
	(void)state;
	for (unsigned int a = 0; a < 64; a++) {
		for (unsigned int b = 0; b < 64; b++) {
			const struct cond x = make_cond(a), y = make_cond(b);
			unsigned int in_x = headers_of(&x);
			unsigned int in_y = headers_of(&y);
			enum cond_relation relation = cond_relate(&x, &y);
			struct cond both;

			assert_int_equal(relation == COND_DISJOINT,
					 (in_x & in_y) == 0);
			/* Covered is claimed only where it is true; a field
			 * without a condition has more values than these. */
			if (relation == COND_COVERED)
				assert_int_equal(in_x & ~in_y, 0);
			assert_int_equal(cond_and(arena, &x, &y, &both),
					 relation);
			if (relation != COND_DISJOINT)
				assert_int_equal(headers_of(&both),
						 in_x & in_y);
		}
	}
}

static void a_condition_covers_itself_and_what_is_narrower(void **state)
{
	const struct cond wide = make_cond(3), narrow = make_cond(1 | 2 << 3);
	const struct cond all = { 0 };

	(void)state;
	assert_int_equal(cond_relate(&wide, &wide), COND_COVERED);
	assert_int_equal(cond_relate(&narrow, &wide), COND_COVERED);
	assert_int_equal(cond_relate(&narrow, &all), COND_COVERED);
	assert_int_equal(cond_relate(&wide, &narrow), COND_PARTIAL);
	assert_int_equal(cond_relate(&all, &narrow), COND_PARTIAL);
}

static void addresses_are_as_wide_as_their_family(void **state)
{
	(void)state;
	assert_true(field_max(FIELD_SADDR, FAMILY_IPV4) == 0xffffffff);
	assert_true(field_max(FIELD_DADDR, FAMILY_IPV6) == ~(u128)0);
	assert_true(field_max(FIELD_TTL, FAMILY_IPV6) == 255);
	assert_string_equal(field_name(FIELD_DPORT), "destination port");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relations_are_those_of_the_headers),
		cmocka_unit_test(
			a_condition_covers_itself_and_what_is_narrower),
		cmocka_unit_test(addresses_are_as_wide_as_their_family),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
