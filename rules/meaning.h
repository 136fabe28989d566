/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* From the words of an option to what it asks: struct match. */
#include "rules/lex.h"
#include "rules/options.h"

/* An option of a rule as it was cut out of its line. */
struct meaning_source {
	const struct option_info *info;
	const struct word *words; /* info->words of them */
	bool is_negated;
	enum family family;
	uint8_t proto; /* chooses among services of one name; 0: any */
};

/*
 * Fill @out, its words included, which live in @arena. Returns 0; -EINVAL when
 * a word is not what the option expects (@err says it, *@column is where);
 * -ENOMEM.
 */
int meaning_read(struct arena *arena, const struct meaning_source *source,
		 struct match *out, unsigned int *column, struct err *err);

/* Words as struct match and struct rule_target hold them. -ENOMEM or 0. */
int meaning_keep_words(struct arena *arena, const struct word *words,
		       size_t count, const char *const **texts,
		       const char *const **spelled);
