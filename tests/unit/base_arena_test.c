// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void memory_is_zeroed_aligned_and_apart(void **state)
{
	OWN(arena) struct arena *arena = arena_make();
	uint8_t *last = NULL;

	(void)state;
	for (size_t size = 1; size < 3000; size += 7) {
		uint8_t *memory = arena_alloc(arena, size);

		assert_non_null(memory);
		assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xff, size);
		assert_ptr_not_equal(memory, last);
		last = memory;
	}
}

static void what_is_larger_than_a_block_gets_its_own(void **state)
{
	OWN(arena) struct arena *arena = arena_make();
	const size_t size = 5 << 20;

	(void)state;
	char *large = arena_alloc(arena, size);
	assert_non_null(large);
	memset(large, 1, size);
	assert_true(arena_used(arena) >= size);
	assert_non_null(arena_alloc(arena, 10));
}

static void an_impossible_size_is_refused(void **state)
{
	OWN(arena) struct arena *arena = arena_make();

	(void)state;
	assert_null(arena_alloc(arena, SIZE_MAX));
	assert_null(arena_alloc(arena, SIZE_MAX - 8));
	assert_int_equal(arena_used(arena), 0);
}

static void text_is_copied_and_ended(void **state)
{
	OWN(arena) struct arena *arena = arena_make();

	(void)state;
	assert_string_equal(arena_text(arena, "abcdef", 3), "abc");
	assert_memory_equal(arena_copy(arena, "ab\0cd", 5), "ab\0cd", 5);
	assert_non_null(arena_copy(arena, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
		cmocka_unit_test(what_is_larger_than_a_block_gets_its_own),
		cmocka_unit_test(an_impossible_size_is_refused),
		cmocka_unit_test(text_is_copied_and_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
