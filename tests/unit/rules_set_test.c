// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/set.h"

/* Small enough that every set over 0..7 can be tried, as a bitmap. */
#define TOP 7

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

static const struct set *from_bits(unsigned int bits)
{
	struct interval parts[TOP + 1];
	size_t count = 0;

	for (unsigned int v = 0; v <= TOP; v++) {
		if (bits >> v & 1)
			parts[count++] = (struct interval){ v, v };
	}
	return set_make(arena, parts, count);
}

static unsigned int to_bits(const struct set *set)
{
	unsigned int bits = 0;

	for (unsigned int v = 0; v <= TOP; v++)
		bits |= (unsigned int)set_has(set, v) << v;
	return bits;
}

static void assert_normal(const struct set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		assert_true(set->intervals[i].min <= set->intervals[i].max);
		if (i)
			assert_true(set->intervals[i - 1].max + 1 <
				    set->intervals[i].min);
	}
}

static void every_small_set_behaves_as_its_bitmap(void **state)
{
	(void)state;
	for (unsigned int a = 0; a < 256; a++) {
		const struct set *x = from_bits(a);

		assert_normal(x);
		assert_int_equal(to_bits(x), a);
		assert_int_equal(set_is_empty(x), a == 0);
		assert_int_equal(to_bits(set_not(arena, x, TOP)), a ^ 255);
		for (unsigned int b = 0; b < 256; b++) {
			const struct set *y = from_bits(b);
			const struct set *both = set_and(arena, x, y);

			assert_normal(both);
			assert_int_equal(to_bits(both), a & b);
			assert_int_equal(set_meets(x, y), (a & b) != 0);
			assert_int_equal(set_is_within(x, y), (a & ~b) == 0);
			assert_int_equal(set_is_equal(x, y), a == b);
		}
	}
}

static void parts_may_overlap_and_come_in_any_order(void **state)
{
	static const struct interval parts[] = {
		{ 50, 60 }, { 10, 20 }, { 15, 30 }, { 31, 31 }, { 9, 3 }
	};
	const struct set *set = set_make(arena, parts, 5);

	(void)state;
	assert_normal(set);
	assert_int_equal(set->count, 2);
	assert_true(set->intervals[0].min == 10 && set->intervals[0].max == 31);
}

static void the_highest_address_has_no_neighbour(void **state)
{
	const u128 top = ~(u128)0;
	const struct set *end = set_range(arena, top, top);
	const struct set *rest = set_not(arena, end, top);

	(void)state;
	assert_true(set_has(end, top));
	assert_false(set_has(rest, top));
	assert_true(set_has(rest, top - 1));
	assert_true(
		set_is_empty(set_not(arena, set_range(arena, 0, top), top)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_small_set_behaves_as_its_bitmap),
		cmocka_unit_test(parts_may_overlap_and_come_in_any_order),
		cmocka_unit_test(the_highest_address_has_no_neighbour),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
