// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "report/grid.h"

static const struct grid_column columns[] = {
	{ "DROPS", true },
	{ "RULE", false },
	{ "TEXT", false },
};

static void assert_printed(const char *const *cells, const char *note,
			   unsigned int width, const char *expected)
{
	OWN(grid) struct grid *grid = grid_make(columns, ARRAY_SIZE(columns));
	OWN_BUF struct buf buf = BUF_INIT;

	assert_non_null(grid);
	grid_add(grid, cells);
	if (note)
		grid_note(grid, note);
	grid_print(&buf, grid, width);
	assert_string_equal(buf_text(&buf), expected);
}

static void columns_are_as_wide_as_their_widest_cell(void **state)
{
	(void)state;
	assert_printed((const char *[]){ "7", "filter INPUT 3", "-j DROP" },
		       NULL, 0,
		       "DROPS  RULE            TEXT\n"
		       "    7  filter INPUT 3  -j DROP\n");
}

static void the_last_column_wraps_at_words(void **state)
{
	(void)state;
	assert_printed((const char *[]){ "7", "a",
					 "one two three four five six" },
		       NULL, 43,
		       "DROPS  RULE  TEXT\n"
		       "    7  a     one two three four five six\n");
	assert_printed((const char *[]){ "7", "a",
					 "one two three four five six seven" },
		       NULL, 43,
		       "DROPS  RULE  TEXT\n"
		       "    7  a     one two three four five six\n"
		       "             seven\n");
}

static void a_narrow_terminal_gets_the_last_column_below(void **state)
{
	(void)state;
	assert_printed((const char *[]){ "7", "filter INPUT 3", "-j DROP" },
		       NULL, 29,
		       "DROPS  RULE\n"
		       "    TEXT\n"
		       "    7  filter INPUT 3\n"
		       "    -j DROP\n");
}

static void a_short_last_column_stays_where_it_fits(void **state)
{
	(void)state;
	assert_printed((const char *[]){ "7", "filter INPUT 3", "-j DROP" },
		       NULL, 30,
		       "DROPS  RULE            TEXT\n"
		       "    7  filter INPUT 3  -j DROP\n");
}

static void a_note_needs_room_as_well(void **state)
{
	(void)state;
	assert_printed((const char *[]){ "7", "filter INPUT 3", "-j DROP" },
		       "because of what it says", 32,
		       "DROPS  RULE\n"
		       "    TEXT\n"
		       "    7  filter INPUT 3\n"
		       "    -j DROP\n"
		       "    because of what it says\n");
}

static void a_note_stands_in_the_last_column(void **state)
{
	(void)state;
	assert_printed((const char *[]){ "7", "a", "b" }, "because", 0,
		       "DROPS  RULE  TEXT\n"
		       "    7  a     b\n"
		       "             because\n");
}

static void a_word_longer_than_the_line_stays_whole(void **state)
{
	(void)state;
	assert_printed(
		(const char *[]){
			"7", "a",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b" },
		NULL, 43,
		"DROPS  RULE  TEXT\n"
		"    7  a     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"             b\n");
}

static void control_characters_are_escaped(void **state)
{
	(void)state;
	assert_printed((const char *[]){ "7", "a\033[2Jb", "\xff\n" }, NULL, 0,
		       "DROPS  RULE       TEXT\n"
		       "    7  a\\x1b[2Jb  \\xff\\x0a\n");
}

static void an_empty_cell_leaves_no_blanks_at_the_end(void **state)
{
	(void)state;
	assert_printed((const char *[]){ "7", "a", NULL }, NULL, 0,
		       "DROPS  RULE  TEXT\n"
		       "    7  a\n");
}

static void a_missing_grid_makes_the_buffer_fail(void **state)
{
	OWN_BUF struct buf buf = BUF_INIT;

	(void)state;
	grid_add(NULL, NULL);
	grid_print(&buf, NULL, 0);
	assert_true(buf.has_failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
		cmocka_unit_test(the_last_column_wraps_at_words),
		cmocka_unit_test(a_narrow_terminal_gets_the_last_column_below),
		cmocka_unit_test(a_short_last_column_stays_where_it_fits),
		cmocka_unit_test(a_note_needs_room_as_well),
		cmocka_unit_test(a_note_stands_in_the_last_column),
		cmocka_unit_test(a_word_longer_than_the_line_stays_whole),
		cmocka_unit_test(control_characters_are_escaped),
		cmocka_unit_test(an_empty_cell_leaves_no_blanks_at_the_end),
		cmocka_unit_test(a_missing_grid_makes_the_buffer_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
