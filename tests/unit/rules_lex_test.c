// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "rules/lex.h"

/* "column:word|column:word", or what the error says behind "column!". */
static const char *cut(const char *text, size_t length)
{
	static char shown[2200];
	OWN(arena) struct arena *arena = arena_make();
	OWN_WORDS struct words words = { 0 };
	struct line line = { .text = text, .length = length, .number = 1 };
	unsigned int column = 0;
	size_t used = 0;
	struct err err;

	shown[0] = '\0';
	int result = lex_check(&line, &column, &err);
	if (!result)
		result = lex_words(arena, &line, &words, &column, &err);
	if (result) {
		snprintf(shown, sizeof(shown), "%u!%s", column, err.text);
		return shown;
	}
	for (size_t i = 0; i < words.count; i++)
		used += snprintf(shown + used, sizeof(shown) - used, "%s%u:%s",
				 i ? "|" : "", words.words[i].column,
				 words.words[i].text);
	return shown;
}

static void assert_cut(const char *text, const char *expected)
{
	assert_string_equal(cut(text, strlen(text)), expected);
}

static void blanks_and_tabs_separate_words(void **state)
{
	(void)state;
	assert_cut("-A  INPUT\t-j DROP ", "1:-A|5:INPUT|11:-j|14:DROP");
	assert_cut("", "");
	assert_cut(" \t ", "");
}

static void quotes_keep_blanks_and_a_closing_quote_ends_the_word(void **state)
{
	(void)state;
	assert_cut("a \"b c\" d", "1:a|3:b c|9:d");
	assert_cut("a\"b c\"d", "1:ab c|7:d");
	assert_cut("\"\" x", "1:|4:x");
	assert_cut("it's", "1:it's");
}

static void a_backslash_counts_inside_quotes_only(void **state)
{
	(void)state;
	assert_cut("\"a\\\"b\\\\c\\'d\"", "1:a\"b\\c'd");
	assert_cut("a\\b c", "1:a\\b|5:c");
}

static void an_open_quote_is_an_error_at_its_word(void **state)
{
	(void)state;
	assert_cut("-m x \"abc", "6!a quote opens in this word and is not "
				 "closed on the line");
}

static void a_nul_byte_is_an_error_at_its_column(void **state)
{
	(void)state;
	assert_string_equal(cut("ab\0c", 4), "3!a NUL byte: is this a file of "
					     "iptables-save?");
}

static void a_line_above_one_mebibyte_is_refused(void **state)
{
	size_t length = LEX_LINE_MAX + 1;
	OWN_MEM char *text = malloc(length);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', length);
	assert_non_null(strstr(cut(text, length), "at most 1048576 are read"));
}

static void words_remember_how_they_were_spelled(void **state)
{
	OWN(arena) struct arena *arena = arena_make();
	OWN_WORDS struct words words = { 0 };
	const char *text = "plain \"it\\'s\"";
	struct line line = { .text = text, .length = strlen(text) };
	unsigned int column;
	struct err err;

	(void)state;
	assert_int_equal(lex_words(arena, &line, &words, &column, &err), 0);
	assert_null(words.words[0].spelled);
	assert_string_equal(words.words[1].spelled, "\"it\\'s\"");
}

static void a_quoted_exclamation_mark_negates_nothing(void **state)
{
	const struct word bare = { .text = "!" };
	const struct word quoted = { .text = "!", .spelled = "\"!\"" };

	(void)state;
	assert_true(lex_is_not(&bare));
	assert_false(lex_is_not(&quoted));
}

static void lines_end_with_lf_or_crlf_or_the_file(void **state)
{
	const char *text = "one\r\ntwo\n\nfour", *at = text;
	const char *end = text + strlen(text);
	struct line line = { 0 };

	(void)state;
	assert_true(lex_line(&at, end, &line));
	assert_int_equal(line.length, 3);
	assert_true(lex_line(&at, end, &line));
	assert_true(lex_line(&at, end, &line));
	assert_int_equal(line.length, 0);
	assert_true(lex_line(&at, end, &line));
	assert_int_equal(line.number, 4);
	assert_int_equal(line.length, 4);
	assert_false(lex_line(&at, end, &line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_and_tabs_separate_words),
		cmocka_unit_test(
			quotes_keep_blanks_and_a_closing_quote_ends_the_word),
		cmocka_unit_test(a_backslash_counts_inside_quotes_only),
		cmocka_unit_test(an_open_quote_is_an_error_at_its_word),
		cmocka_unit_test(a_nul_byte_is_an_error_at_its_column),
		cmocka_unit_test(a_line_above_one_mebibyte_is_refused),
		cmocka_unit_test(words_remember_how_they_were_spelled),
		cmocka_unit_test(a_quoted_exclamation_mark_negates_nothing),
		cmocka_unit_test(lines_end_with_lf_or_crlf_or_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
