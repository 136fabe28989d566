// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/lex.h"

bool lex_line(const char **at, const char *end, struct line *line)
{
	if (*at >= end)
		return false;

	const char *newline = memchr(*at, '\n', end - *at);
	line->text = *at;
	line->length = (newline ? newline : end) - *at;
	line->number++;
	*at = newline ? newline + 1 : end;
	while (line->length && line->text[line->length - 1] == '\r')
		line->length--;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

int lex_words_add(struct words *words, const struct word *word)
{
	if (words->count == words->size) {
		size_t size = words->size ? words->size * 2 : 64;
		struct word *more =
			reallocarray(words->words, size, sizeof(*words->words));

		if (!more)
			return -ENOMEM;
		words->words = more;
		words->size = size;
	}
	words->words[words->count++] = *word;
	return 0;
}

/*
 * Unquote the word that begins at @start, in place: a word never grows, and a
 * blank, a quote or the line's end leaves room for its NUL. Returns the byte
 * behind the word, NULL when a quote stays open.
 */
static char *cut_word(char *start, bool *is_quoted)
{
	char *from = start, *to = start;
	bool is_open = false;

	*is_quoted = false;
	for (; *from; from++) {
		if (is_open && *from == '\\' && from[1]) {
			*to++ = *++from;
		} else if (*from == '"') {
			*is_quoted = true;
			is_open = !is_open;
			if (!is_open)
				break;
		} else if (!is_open && is_blank(*from)) {
			break;
		} else {
			*to++ = *from;
		}
	}
	if (is_open)
		return NULL;

	char *behind = *from ? from + 1 : from;
	*to = '\0';
	return behind;
}

int lex_check(const struct line *line, unsigned int *column, struct err *err)
{
	const char *nul = memchr(line->text, '\0', line->length);

	*column = 1;
	if (line->length > LEX_LINE_MAX)
		return err_input(
			err,
			"the line has %zu bytes, at most %zu are read: "
			"is this a file of iptables-save?",
			line->length, LEX_LINE_MAX);
	if (!nul)
		return 0;
	*column = nul - line->text + 1;
	return err_input(err, "a NUL byte: is this a file of iptables-save?");
}

int lex_words(struct arena *arena, const struct line *line, struct words *words,
	      unsigned int *column, struct err *err)
{
	char *text = arena_text(arena, line->text, line->length);

	words->count = 0;
	if (!text)
		return err_no_memory(err);
	for (char *at = text; *at;) {
		if (is_blank(*at)) {
			at++;
			continue;
		}

		struct word word = { .text = at, .column = at - text + 1 };
		bool is_quoted;
		char *behind = cut_word(at, &is_quoted);
		*column = word.column;
		if (!behind)
			return err_input(err, "a quote opens in this word and "
					      "is not closed on the line");
		if (is_quoted) {
			word.spelled =
				arena_text(arena, line->text + (at - text),
					   behind - at);
			if (!word.spelled)
				return err_no_memory(err);
		}
		if (lex_words_add(words, &word))
			return err_no_memory(err);
		at = behind;
	}
	return 0;
}

void lex_words_free(struct words *words)
{
	free(words->words);
	*words = (struct words){ 0 };
}

bool lex_is_not(const struct word *word)
{
	return !word->spelled && !strcmp(word->text, "!");
}
