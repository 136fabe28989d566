/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Lines and words of iptables-save text, cut as iptables-restore cuts them
 * (add_param_to_argv() in iptables/xshared.c): blanks separate words, double
 * quotes keep them together wherever they open, a closing quote ends the word,
 * and a backslash inside quotes takes the next character as it is.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

/* Longer lines are refused: no ruleset has them. */
#define LEX_LINE_MAX ((size_t)1024 * 1024)

struct line {
	const char *text; /* not NUL-terminated, without its end (LF, CRLF) */
	size_t length;
	unsigned int number; /* from 1 */
};

/*
 * Step to the next line of a text that ends at @end; *@at starts at its
 * beginning, a zeroed struct line before its first. False at the end.
 */
bool lex_line(const char **at, const char *end, struct line *line);

struct word {
	const char *text;    /* unquoted */
	const char *spelled; /* as written; NULL for a word without quotes */
	unsigned int column; /* from 1, in bytes */
};

struct words {
	struct word *words; /* malloc()ed, used again for each line */
	size_t count, size;
};
#define OWN_WORDS __attribute__((cleanup(lex_words_free)))

/* -EINVAL for a line that is too long or has a NUL byte, at *@column. */
int lex_check(const struct line *line, unsigned int *column, struct err *err);

/*
 * Cut @line, which was checked, into words; their text lives in @arena.
 * Returns 0; -EINVAL for an open quote (*@column is where); -ENOMEM.
 */
int lex_words(struct arena *arena, const struct line *line, struct words *words,
	      unsigned int *column, struct err *err);

/* Add a copy of @word; -ENOMEM or 0. */
int lex_words_add(struct words *words, const struct word *word);
void lex_words_free(struct words *words);

/* A negation stands alone and has no quotes. */
bool lex_is_not(const struct word *word);
