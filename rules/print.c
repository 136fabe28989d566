// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rules/print.h"

/* A word that never had quotes needs them only when it is not one word. */
static void print_word(struct buf *buf, const char *text)
{
	if (*text && !strpbrk(text, " \t\"")) {
		buf_add(buf, text);
		return;
	}
	buf_add(buf, "\"");
	for (; *text; text++) {
		if (strchr("\"\\'", *text)) /* as xtables_save_string() does */
			buf_add(buf, "\\");
		buf_addn(buf, text, 1);
	}
	buf_add(buf, "\"");
}

static void print_words(struct buf *buf, const char *const *words,
			const char *const *spelled, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_add(buf, " ");
		if (spelled && spelled[i])
			buf_add(buf, spelled[i]);
		else
			print_word(buf, words[i]);
	}
}

static void print_match(struct buf *buf, const struct match *match)
{
	if (match->is_negated)
		buf_add(buf, "! ");
	print_word(buf, match->option);
	print_words(buf, match->words, match->spelled, match->word_count);
}

void print_rule_body(struct buf *buf, const struct table *table,
		     const struct rule *rule)
{
	const struct rule_target *target = &rule->target;

	(void)table; /* chains are named in the target */
	for (size_t i = 0; i < rule->match_count; i++) {
		if (i)
			buf_add(buf, " ");
		print_match(buf, &rule->matches[i]);
	}
	if (target->kind == TARGET_NONE)
		return;
	if (rule->match_count)
		buf_add(buf, " ");
	buf_add(buf, target->kind == TARGET_GOTO ? "-g " : "-j ");
	print_word(buf, target->name);
	print_words(buf, target->words, target->spelled, target->word_count);
}

void print_rule(struct buf *buf, const struct table *table,
		const struct chain *chain, const struct rule *rule)
{
	buf_add(buf, "-A ");
	print_word(buf, chain->name);
	if (rule->match_count || rule->target.kind != TARGET_NONE)
		buf_add(buf, " ");
	print_rule_body(buf, table, rule);
}

static void print_comments(struct buf *buf, const char *const *comments,
			   size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_addf(buf, "%s\n", comments[i]);
}

static void print_chain(struct buf *buf, const struct chain *chain)
{
	buf_addf(buf, ":%s %s", chain->name, chain->policy_name);
	if (chain->has_counters)
		buf_addf(buf, " [%" PRIu64 ":%" PRIu64 "]", chain->packets,
			 chain->bytes);
	buf_add(buf, "\n");
}

static void print_rule_line(struct buf *buf, const struct table *table,
			    const struct chain *chain, const struct rule *rule)
{
	print_comments(buf, rule->comments, rule->comment_count);
	if (rule->has_counters)
		buf_addf(buf, "[%" PRIu64 ":%" PRIu64 "] ", rule->packets,
			 rule->bytes);
	print_rule(buf, table, chain, rule);
	buf_add(buf, "\n");
}

/*
 * Where a rule stands in the text: the highest line that its chain has had up
 * to it. That is the order of the file, as far as it is the chain's order too
 * (`-I` may have put later lines before earlier ones).
 */
struct place {
	unsigned int line;
	size_t chain, index;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->chain != y->chain)
		return x->chain < y->chain ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static struct place *make_places(const struct table *table, size_t *count)
{
	struct place *places;

	*count = 0;
	for (size_t c = 0; c < table->chain_count; c++)
		*count += table->chains[c].rule_count;
	places = calloc(*count + 1, sizeof(*places));
	if (!places)
		return NULL;

	struct place *next = places;
	for (size_t c = 0; c < table->chain_count; c++) {
		const struct chain *chain = &table->chains[c];
		unsigned int line = 0;

		for (size_t i = 0; i < chain->rule_count; i++) {
			if (chain->rules[i].line > line)
				line = chain->rules[i].line;
			*next++ = (struct place){ line, c, i };
		}
	}
	qsort(places, *count, sizeof(*places), by_place);
	return places;
}

static void print_table(struct buf *buf, const struct table *table)
{
	size_t count;
	OWN_MEM struct place *places = make_places(table, &count);

	if (!places) {
		buf->has_failed = true;
		return;
	}
	print_comments(buf, table->comments, table->comment_count);
	buf_addf(buf, "*%s\n", table->name);
	for (size_t i = 0; i < table->chain_count; i++)
		print_chain(buf, &table->chains[i]);
	for (size_t i = 0; i < count; i++) {
		const struct chain *chain = &table->chains[places[i].chain];

		print_rule_line(buf, table, chain,
				&chain->rules[places[i].index]);
	}
	buf_add(buf, "COMMIT\n");
}

void print_ruleset(struct buf *buf, const struct ruleset *ruleset)
{
	for (size_t i = 0; i < ruleset->table_count; i++)
		print_table(buf, &ruleset->tables[i]);
	print_comments(buf, ruleset->comments, ruleset->comment_count);
}
