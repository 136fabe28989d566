// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/address.h"
#include "rules/basic.h"
#include "rules/values.h"

/* A match of the address part: one word, spelled @text. */
static int add_address_part(struct parse *p, const struct word *word,
			    struct match match, const char *text)
{
	const char **words = arena_copy(p->arena, &text, sizeof(text));

	if (!words)
		return err_no_memory(p->err);
	match.is_negated = p->is_negated;
	match.words = words;
	match.word_count = 1;
	return gather_address(&p->gather, &match, word->column,
			      parse_at(p, word));
}

/* One address of a list, made into a match. */
static int make_address(struct parse *p, const struct word *word,
			enum match_kind kind, const char *text,
			struct match *out)
{
	struct match match = {
		.kind = kind,
		.option = kind == MATCH_SADDR ? "-s" : "-d",
		.is_negated = p->is_negated,
		.word_count = 1,
	};
	char spelled[ADDRESS_TEXT_MAX];
	int result = address_read_mask(text, p->scope.family, &match.addr,
				       parse_at(p, word));

	if (result)
		return result;
	address_spell(text, p->scope.family, &match.addr, spelled);
	const char *kept = arena_text(p->arena, spelled, strlen(spelled));
	match.words = kept ? arena_copy(p->arena, &kept, sizeof(kept)) : NULL;
	if (!match.words)
		return err_no_memory(p->err);
	*out = match;
	return 0;
}

/* `-s 10.0.0.1,10.0.0.2`: the first goes into the rule, all into a list. */
int basic_address(struct parse *p, const struct given *given,
		  enum match_kind kind)
{
	const struct word *word;
	int result = parse_words(p, given, 1, &word);

	if (result)
		return result;

	OWN_MEM char *list = strdup(word->text);
	size_t count = 1, used = 0;
	if (!list)
		return err_no_memory(p->err);
	for (const char *c = list; *c; c++)
		count += *c == ',';
	if (count > 1 && p->is_negated)
		return err_input(parse_at(p, word),
				 "'!' does not go with a list of addresses: "
				 "write a rule for each");
	if (count > BASIC_LIST_MAX)
		return err_input(parse_at(p, word),
				 "a list of %zu addresses, expected at most %d",
				 count, BASIC_LIST_MAX);

	struct match *matches = arena_alloc(p->arena, count * sizeof(*matches));
	if (!matches)
		return err_no_memory(p->err);
	char *rest = list, *text;
	while (!result && (text = strsep(&rest, ",")))
		result = make_address(p, word, kind, text, &matches[used++]);
	if (result)
		return result;
	if (kind == MATCH_SADDR) {
		p->line.sources = matches;
		p->line.source_count = count;
	} else {
		p->line.destinations = matches;
		p->line.destination_count = count;
	}
	return gather_address(&p->gather, &matches[0], given->word->column,
			      parse_at(p, given->word));
}

int basic_iface(struct parse *p, const struct given *given,
		enum match_kind kind)
{
	struct match match = {
		.kind = kind,
		.option = kind == MATCH_IN_IFACE ? "-i" : "-o",
	};
	const struct word *word;
	int result = parse_words(p, given, 1, &word);

	if (!result)
		result = values_iface(word->text, &match.iface,
				      parse_at(p, word));
	return result ? result : add_address_part(p, word, match, word->text);
}

/* iptables reads names of protocols in any case and prints them in lower. */
static const char *lower(struct arena *arena, const char *text)
{
	char *copy = arena_text(arena, text, strlen(text));

	for (char *c = copy; copy && *c; c++)
		*c = tolower((unsigned char)*c);
	return copy;
}

int basic_proto(struct parse *p, const struct given *given)
{
	struct match match = { .kind = MATCH_PROTO, .option = "-p" };
	const struct word *word;
	int result = parse_words(p, given, 1, &word);

	if (result)
		return result;
	const char *text = lower(p->arena, word->text);
	if (!text)
		return err_no_memory(p->err);
	result = values_proto(text, &match.proto, parse_at(p, word));
	if (result)
		return result;
	if (!match.proto && p->is_negated)
		return err_input(parse_at(p, word),
				 "'! -p %.64s' would match nothing", text);
	if (!match.proto)
		return 0;
	p->scope.has_proto = !p->is_negated;
	p->scope.proto = match.proto;
	return add_address_part(p, word, match, text);
}

int basic_fragment(struct parse *p, const struct given *given)
{
	const struct match match = {
		.kind = MATCH_FRAGMENT,
		.is_negated = p->is_negated,
		.option = "-f",
	};

	if (p->scope.family == FAMILY_IPV6)
		return err_input(parse_at(p, given->word),
				 "'-f' is for IPv4, and this ruleset was taken "
				 "for IPv6: there it is '-m frag'");
	return gather_address(&p->gather, &match, given->word->column,
			      parse_at(p, given->word));
}
