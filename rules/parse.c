// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>

#include "rules/parse.h"

struct err *parse_at(struct parse *p, const struct word *word)
{
	*p->column = word->column;
	return p->err;
}

const struct word *parse_next(const struct parse *p)
{
	return p->next < p->words->count ? &p->words->words[p->next] : NULL;
}

int parse_words(struct parse *p, const struct given *given, unsigned int count,
		const struct word **out)
{
	const struct word *word = parse_next(p);

	if (given->attached.text) {
		if (count != 1)
			return err_input(parse_at(p, given->word),
					 "'%.64s': the option takes %u words, "
					 "and none behind '='",
					 given->word->text, count);
		*out = &given->attached;
		return 0;
	}
	if (count && word && lex_is_not(word)) {
		if (p->is_negated)
			return err_input(parse_at(p, word),
					 "'%.64s' is negated twice",
					 given->word->text);
		p->is_negated = true;
		p->next++;
	}
	if (p->words->count - p->next < count)
		return err_input(parse_at(p, given->word),
				 "'%.64s' needs %u word%s behind it, the line "
				 "ends before",
				 given->word->text, count,
				 count == 1 ? "" : "s");
	*out = p->words->words + p->next;
	p->next += count;
	return 0;
}

int parse_plain_word(struct parse *p, const struct given *given,
		     const struct word **out)
{
	int result = parse_words(p, given, 1, out);

	if (!result && p->is_negated)
		return err_input(parse_at(p, given->word),
				 "'!' does not go with '%.64s'",
				 given->word->text);
	return result;
}

/* Does the word belong to an option whose number of words nobody knows? */
static bool is_value(const struct parse *p, size_t index)
{
	const struct word *word = &p->words->words[index];

	if (word->spelled)
		return true;
	if (lex_is_not(word)) /* `--opt ! value`, but not `--opt ! --other` */
		return index + 1 < p->words->count &&
		       p->words->words[index + 1].text[0] != '-';
	return word->text[0] != '-' || !word->text[1] ||
	       isdigit((unsigned char)word->text[1]);
}

const struct word *parse_values(struct parse *p, const struct given *given,
				size_t *count)
{
	size_t first = p->next;

	while (!given->attached.text && p->next < p->words->count &&
	       is_value(p, p->next))
		p->next++;
	*count = p->next - first;
	return p->words->words + first;
}

void parse_free(struct parse *p)
{
	gather_free(&p->gather);
	lex_words_free(&p->target_words);
}
