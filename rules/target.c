// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "rules/meaning.h"
#include "rules/target.h"

/* Chains come before targets of the same name. */
static int find_target(struct parse *p, const struct word *word, bool is_goto)
{
	struct rule_target *target = &p->line.rule.target;
	const struct draft_chain *chain = draft_find(p->draft, word->text);

	if (draft_is_built_in(p->draft, word->text))
		return err_input(parse_at(p, word),
				 "'%.64s' is a built-in chain: expected a "
				 "target or a chain of your own",
				 word->text);
	if (chain) {
		target->kind = is_goto ? TARGET_GOTO : TARGET_JUMP;
		target->chain = chain - p->draft->chains;
	} else if (is_goto) {
		return err_input(parse_at(p, word),
				 "'%.64s' is not a chain: declare it before, "
				 "':%.64s - [0:0]'",
				 word->text, word->text);
	} else if (!strcmp(word->text, "ACCEPT")) {
		target->kind = TARGET_ACCEPT;
	} else if (!strcmp(word->text, "DROP")) {
		target->kind = TARGET_DROP;
	} else if (!strcmp(word->text, "RETURN")) {
		target->kind = TARGET_RETURN;
	} else {
		target->kind = TARGET_EXTENSION;
		target->extension = extension_find(word->text);
		p->scope.has_extension = true;
		p->scope.extension = target->extension;
	}
	return 0;
}

int target_read(struct parse *p, const struct given *given, bool is_goto)
{
	const struct word *word;
	int result = parse_plain_word(p, given, &word);

	if (result)
		return result;
	if (p->has_target)
		return err_input(parse_at(p, given->word),
				 "a second target, expected one -j or -g");
	p->has_target = true;
	p->line.rule.target.name = word->text;
	p->scope.is_target_latest = true;
	return find_target(p, word, is_goto);
}

/* Words of the target's own, as they are; struct rule_target has them flat. */
static int add_target_words(struct parse *p, const struct word *words,
			    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (lex_words_add(&p->target_words, &words[i]))
			return err_no_memory(p->err);
	}
	return 0;
}

static int add_target_option(struct parse *p, const struct given *given,
			     const char *option, const struct word *words,
			     size_t count)
{
	const struct word not = { .text = "!" };
	const struct word name = { .text = option,
				   .column = given->word->column };
	int result = 0;

	if (p->is_negated)
		result = add_target_words(p, &not, 1);
	if (!result)
		result = add_target_words(p, &name, 1);
	return result ? result : add_target_words(p, words, count);
}

/* An option of the table: it is known how many words it takes. */
int target_option(struct parse *p, const struct given *given,
		  const struct option_info *info)
{
	const struct word *words;
	int result = parse_words(p, given, info->words, &words);

	if (result)
		return result;
	return add_target_option(p, given, info->option, words, info->words);
}

int target_open_option(struct parse *p, const struct given *given)
{
	size_t count;
	const struct word *words = parse_values(p, given, &count);

	return add_target_option(p, given, given->word->text, words, count);
}

int target_finish(struct parse *p)
{
	struct rule_target *target = &p->line.rule.target;

	target->word_count = p->target_words.count;
	if (meaning_keep_words(p->arena, p->target_words.words,
			       target->word_count, &target->words,
			       &target->spelled))
		return err_no_memory(p->err);
	return 0;
}
