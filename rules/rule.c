// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/basic.h"
#include "rules/meaning.h"
#include "rules/parse.h"
#include "rules/rule.h"
#include "rules/target.h"
#include "rules/values.h"

/* Modules that one family alone has; those that we model. */
static const char *other_family(enum module module, enum family family)
{
	bool is_v4 = module == MODULE_ICMP || module == MODULE_TTL;
	bool is_v6 = module == MODULE_ICMP6 || module == MODULE_HL;

	if (is_v4 && family == FAMILY_IPV6)
		return "IPv4, and this ruleset was taken for IPv6";
	if (is_v6 && family == FAMILY_IPV4)
		return "IPv6, and this ruleset was taken for IPv4";
	return NULL;
}

static int add_module(struct parse *p, const struct word *word,
		      enum module module, const char *name)
{
	const char *other = other_family(module, p->scope.family);

	if (other)
		return err_input(parse_at(p, word), "'-m %s' is for %s", name,
				 other);
	int result = gather_module(&p->gather, module, name, word->column,
				   parse_at(p, word));
	p->scope.modules = p->gather.modules;
	p->scope.module_count = p->gather.module_count;
	return result;
}

static int read_module(struct parse *p, const struct given *given)
{
	const struct word *word;
	int result = parse_plain_word(p, given, &word);

	if (result)
		return result;
	enum module module = module_find(word->text);
	result = add_module(p, word, module,
			    module == MODULE_UNKNOWN
				    ? word->text
				    : module_info(module)->name);
	p->scope.is_target_latest = false;
	return result;
}

static int read_option(struct parse *p, const struct given *given,
		       const struct option_info *info, size_t index)
{
	struct meaning_source source = {
		.info = info,
		.family = p->scope.family,
		.proto = p->scope.has_proto ? p->scope.proto : 0,
	};
	struct match match;
	int result = parse_words(p, given, info->words, &source.words);

	if (result)
		return result;
	source.is_negated = p->is_negated;
	parse_at(p, given->word);
	result = meaning_read(p->arena, &source, &match, p->column, p->err);
	if (result)
		return result;
	return gather_option(&p->gather, index, &match, given->word->column,
			     parse_at(p, given->word));
}

static int read_open_option(struct parse *p, const struct given *given,
			    size_t index)
{
	struct match match = {
		.kind = MATCH_DETAIL,
		.option = given->word->text,
		.is_negated = p->is_negated,
	};
	const struct word *words = parse_values(p, given, &match.word_count);

	if (match.word_count && lex_is_not(words) && !match.is_negated) {
		match.is_negated = true;
		words++;
		match.word_count--;
	}
	if (meaning_keep_words(p->arena, words, match.word_count, &match.words,
			       &match.spelled))
		return err_no_memory(p->err);
	return gather_option(&p->gather, index, &match, given->word->column,
			     parse_at(p, given->word));
}

/* `-c 10 840` says what `[10:840]` before the rule says. */
static int read_counters(struct parse *p, const struct given *given)
{
	const struct word *words;
	int result = parse_words(p, given, 2, &words);

	if (result)
		return result;
	struct rule *rule = &p->line.rule;
	rule->has_counters = true;
	result = values_counter(words[0].text, &rule->packets,
				parse_at(p, &words[0]));
	if (result)
		return result;
	return values_counter(words[1].text, &rule->bytes,
			      parse_at(p, &words[1]));
}

/* A number behind `-I chain`, or behind `-w`. */
static bool take_number(struct parse *p, uint32_t *out)
{
	const struct word *word = parse_next(p);
	struct err unused;

	if (!word || !isdigit((unsigned char)word->text[0]) ||
	    values_number(word->text, INT32_MAX, "a number", out, &unused))
		return false;
	p->next++;
	return true;
}

static int read_command(struct parse *p, const struct given *given,
			enum rule_command command)
{
	const struct word *word;
	int result;

	if (p->has_command)
		return err_input(parse_at(p, given->word),
				 "'%.64s' is a second command on one line",
				 given->word->text);
	p->has_command = true;
	p->line.command = command;
	p->line.position = 1;
	p->line.chain_column = given->word->column;
	if (command == COMMAND_FLUSH && !parse_next(p))
		return 0;
	result = parse_plain_word(p, given, &word);
	if (result)
		return result;
	p->line.chain = word->text;
	p->line.chain_column = word->column;
	if (command == COMMAND_INSERT)
		take_number(p, &p->line.position);
	if (command != COMMAND_POLICY)
		return 0;
	result = parse_plain_word(p, given, &word);
	if (!result)
		p->line.policy = word->text;
	return result;
}

static int read_global(struct parse *p, const struct given *given,
		       enum global_id id)
{
	uint32_t unused;

	switch (id) {
	case GLOBAL_APPEND:
		return read_command(p, given, COMMAND_APPEND);
	case GLOBAL_INSERT:
		return read_command(p, given, COMMAND_INSERT);
	case GLOBAL_NEW_CHAIN:
		return read_command(p, given, COMMAND_NEW_CHAIN);
	case GLOBAL_POLICY:
		return read_command(p, given, COMMAND_POLICY);
	case GLOBAL_FLUSH:
		return read_command(p, given, COMMAND_FLUSH);
	case GLOBAL_SOURCE:
		return basic_address(p, given, MATCH_SADDR);
	case GLOBAL_DESTINATION:
		return basic_address(p, given, MATCH_DADDR);
	case GLOBAL_IN_IFACE:
		return basic_iface(p, given, MATCH_IN_IFACE);
	case GLOBAL_OUT_IFACE:
		return basic_iface(p, given, MATCH_OUT_IFACE);
	case GLOBAL_PROTO:
		return basic_proto(p, given);
	case GLOBAL_FRAGMENT:
		return basic_fragment(p, given);
	case GLOBAL_MATCH:
		return read_module(p, given);
	case GLOBAL_JUMP:
		return target_read(p, given, false);
	case GLOBAL_GOTO:
		return target_read(p, given, true);
	case GLOBAL_COUNTERS:
		return read_counters(p, given);
	case GLOBAL_IPV4:
		p->is_for_other_family |= p->scope.family == FAMILY_IPV6;
		return 0;
	case GLOBAL_IPV6:
		p->is_for_other_family |= p->scope.family == FAMILY_IPV4;
		return 0;
	case GLOBAL_WAIT:
		take_number(p, &unused);
		return 0;
	case GLOBAL_IGNORED:
		return 0;
	case GLOBAL_REFUSED:
		break;
	}
	return err_input(parse_at(p, given->word),
			 "'%.64s' does not belong into a ruleset: only -A, -I, "
			 "-N, -P and -F are read; load the file and take what "
			 "iptables-save prints",
			 given->word->text);
}

static int no_such_option(struct parse *p, const struct given *given)
{
	static const char *const with_ports[] = {
		"--sport",
		"--dport",
		"--source-port",
		"--destination-port",
	};
	const char *text = given->word->text;

	for (size_t i = 0; i < ARRAY_SIZE(with_ports); i++) {
		if (!strncmp(text, with_ports[i], given->length) &&
		    !with_ports[i][given->length])
			return err_input(parse_at(p, given->word),
					 "'%.64s' needs a protocol with ports "
					 "before it: -p tcp, udp, sctp or dccp",
					 text);
	}
	return err_input(parse_at(p, given->word),
			 "'%.64s' is not an option of anything that the rule "
			 "has named so far: expected -p or -m with what it "
			 "belongs to before it",
			 text);
}

static int read_found(struct parse *p, const struct given *given)
{
	struct scope_answer answer =
		scope_find(&p->scope, given->word->text, given->length);
	int result;

	switch (answer.owner) {
	case SCOPE_GLOBAL:
		return read_global(p, given, answer.global);
	case SCOPE_MODULE:
		return read_option(p, given, answer.info, answer.index);
	case SCOPE_NEW_MODULE:
		result = add_module(p, given->word, answer.info->owner,
				    module_info(answer.info->owner)->name);
		if (result)
			return result;
		return read_option(p, given, answer.info,
				   p->scope.module_count - 1);
	case SCOPE_TARGET:
		return target_option(p, given, answer.info);
	case SCOPE_OPEN_MODULE:
		return read_open_option(p, given, answer.index);
	case SCOPE_OPEN_TARGET:
		return target_open_option(p, given);
	case SCOPE_NOBODY:
		break;
	}
	return no_such_option(p, given);
}

/* "--name=value" says "--name value". */
static void split_value(struct given *given)
{
	const char *text = given->word->text;
	const char *equals = strchr(text, '=');

	given->length = strlen(text);
	if (!equals || strncmp(text, "--", 2))
		return;
	given->length = equals - text;
	given->attached = (struct word){ .text = equals + 1,
					 .column = given->word->column };
}

/* One option with all that belongs to it. */
static int read_part(struct parse *p)
{
	struct given given = { .word = parse_next(p) };

	p->is_negated = lex_is_not(given.word);
	if (p->is_negated) {
		const struct word *not = given.word;

		p->next++;
		given.word = parse_next(p);
		if (!given.word)
			return err_input(parse_at(p, not ),
					 "'!' is the last word, expected an "
					 "option behind it");
	}
	p->next++;
	if (given.word->text[0] != '-' || !given.word->text[1])
		return err_input(parse_at(p, given.word),
				 "'%.64s' is out of place, expected an option "
				 "such as -s or -j",
				 given.word->text);
	split_value(&given);
	return read_found(p, &given);
}

/* `[10:840] -A INPUT ...`, as `iptables-save -c` prints. */
static int read_leading_counters(struct parse *p)
{
	const struct word *word = parse_next(p);
	struct rule *rule = &p->line.rule;

	if (!word || word->text[0] != '[')
		return 0;
	p->next++;
	rule->has_counters = true;
	return values_counters(word->text, &rule->packets, &rule->bytes,
			       parse_at(p, word));
}

/* All words are read: do they make a line? */
static int finish(struct parse *p)
{
	struct rule *rule = &p->line.rule;
	bool is_rule = p->line.command == COMMAND_APPEND ||
		       p->line.command == COMMAND_INSERT;

	if (p->is_for_other_family) {
		p->line.command = COMMAND_NONE;
		return 0;
	}
	if (!p->has_command)
		return err_input(parse_at(p, p->words->words),
				 "a line without command, expected -A CHAIN, "
				 "':CHAIN', '*TABLE', COMMIT or a comment");
	*p->column = p->line.chain_column;
	if (!is_rule && (p->gather.count || p->has_target))
		return err_input(p->err, "matches and targets belong behind -A "
					 "or -I only");
	int result = gather_finish(&p->gather, rule, p->column, p->err);
	if (result)
		return result;
	return target_finish(p);
}

int rule_read(const struct draft *draft, enum family family,
	      const struct words *words, struct rule_line *out,
	      unsigned int *column, struct err *err)
{
	OWN_PARSE struct parse parse = {
		.draft = draft,
		.arena = draft->arena,
		.words = words,
		.scope = { .family = family },
		.column = column,
		.err = err,
	};
	int result;

	gather_begin(&parse.gather, draft->arena);
	result = read_leading_counters(&parse);
	while (!result && parse_next(&parse) && !parse.is_for_other_family)
		result = read_part(&parse);
	if (!result)
		result = finish(&parse);
	if (!result)
		*out = parse.line;
	return result;
}
