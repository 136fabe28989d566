// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "bpf/set_trie.h"

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

/* A number of @bytes bytes in which the same ones come again and again. */
static u128 draw(struct random *rnd, uint8_t bytes)
{
	static const uint8_t often[] = {
		0, 1, 63, 64, 127, 128, 191, 192, 255
	};
	u128 value = 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | random_pick(rnd, often);
	return value;
}

static const struct set *draw_set(struct random *rnd, uint8_t bytes,
				  size_t count)
{
	struct interval *parts = arena_alloc(arena, count * sizeof(*parts));

	for (size_t i = 0; i < count; i++) {
		unsigned int host = random_below(rnd, 8 * bytes + 1);

		parts[i].min = draw(rnd, bytes) & ~num_max(host);
		parts[i].max = random_chance(rnd, 70)
				       ? parts[i].min | num_max(host / 3)
				       : parts[i].min;
	}
	return set_make(arena, parts, count);
}

static void what_is_read_is_what_was_made(void **state)
{
	static const uint8_t widths[] = { 2, 4, 16 };
	struct random rnd = random_make(7, 0);

	(void)state;
	for (int i = 0; i < 300; i++) {
		uint8_t bytes = widths[i % 3];
		const struct set *set =
			draw_set(&rnd, bytes, random_below(&rnd, 200));
		struct set_trie trie;

		assert_int_equal(set_trie_make(arena, set, bytes,
					       bytes > 2 && i % 20 == 1 ? 2 : 0,
					       &trie),
				 0);
		assert_true(set_is_equal(set, set_trie_read(arena, &trie)));
	}
}

static void the_empty_set_and_the_whole_one_are_one_node(void **state)
{
	const struct set *none = set_make(arena, NULL, 0);
	const struct set *all = set_range(arena, 0, num_max(32));
	struct set_trie trie;

	(void)state;
	assert_int_equal(set_trie_make(arena, none, 4, 0, &trie), 0);
	assert_int_equal(trie.count, 1);
	assert_true(set_is_empty(set_trie_read(arena, &trie)));
	assert_int_equal(set_trie_make(arena, all, 4, 0, &trie), 0);
	assert_int_equal(trie.count, 1);
	assert_true(set_is_equal(all, set_trie_read(arena, &trie)));
}

static void a_large_set_may_begin_with_two_bytes(void **state)
{
	const size_t count = 8000;
	struct interval *parts = arena_alloc(arena, count * sizeof(*parts));
	struct random rnd = random_make(8, 0);
	const struct set *set;
	struct set_trie trie;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		parts[i].min = random_below(&rnd, UINT32_MAX);
		parts[i].max = parts[i].min;
	}
	/* One that many of the first nodes have a part of. */
	parts[0] = (struct interval){ 0x20000005, 0x40000002 };
	set = set_make(arena, parts, count);
	assert_int_equal(set_trie_make(arena, set, 4, 2, &trie), 0);
	assert_true(set_is_equal(set, set_trie_read(arena, &trie)));
}

/* A kernel map may hold anything. */
static void nodes_that_make_no_trie_are_refused(void **state)
{
	struct wire_set_node node = { .mixed = { 1 }, .base = 5 };
	const struct set_trie outside = { &node, 1, 4, 0 };
	const struct set_trie no_roots = { &node, 1, 4, 2 };
	struct wire_set_node circle = { .mixed = { 1 }, .base = 0 };
	const struct set_trie round = { &circle, 1, 4, 0 };

	(void)state;
	assert_null(set_trie_read(arena, &outside));
	assert_null(set_trie_read(arena, &no_roots));
	assert_null(set_trie_read(arena, &round));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_empty_set_and_the_whole_one_are_one_node),
		cmocka_unit_test(what_is_read_is_what_was_made),
		cmocka_unit_test(a_large_set_may_begin_with_two_bytes),
		cmocka_unit_test(nodes_that_make_no_trie_are_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
