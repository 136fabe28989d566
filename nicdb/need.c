// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "nicdb/need.h"

/* Far beyond every MTU, queue and rule; products of two stay exact. */
#define NUMBER_MAX 1000000000

struct parser {
	const char *at;
	struct arena *arena;
	struct err *err;
};

static void skip_blanks(struct parser *parser)
{
	while (*parser->at == ' ' || *parser->at == '\t')
		parser->at++;
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == ':' ||
	       c == '.';
}

static int expected(const struct parser *parser, const char *what)
{
	return err_input(parser->err, "expected %s, seen \"%.40s\"", what,
			 parser->at);
}

/* A number of digits only. 1, 0 when there is none, -EINVAL. */
static int take_number(struct parser *parser, int64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)*parser->at))
		return 0;
	unsigned long long number = strtoull(parser->at, &end, 10);
	if (number > NUMBER_MAX || is_name(*end))
		return expected(parser, "a number up to 1000000000");
	parser->at = end;
	*out = (int64_t)number;
	return 1;
}

static int take_name(struct parser *parser, const char **out)
{
	size_t length = 0;

	skip_blanks(parser);
	if (isalpha((unsigned char)*parser->at)) {
		while (is_name(parser->at[length]))
			length++;
	}
	if (!length)
		return expected(parser, "a name, like mtu");
	*out = arena_text(parser->arena, parser->at, length);
	if (!*out)
		return err_no_memory(parser->err);
	parser->at += length;
	return 0;
}

/* NUMBER, NAME or NUMBER*NAME. */
static int take_term(struct parser *parser, int64_t sign, struct need_term *out)
{
	int64_t factor = 1;

	skip_blanks(parser);
	int result = take_number(parser, &factor);
	if (result < 0)
		return result;
	*out = (struct need_term){ .factor = sign * factor };
	if (result) {
		skip_blanks(parser);
		if (*parser->at != '*')
			return 0;
		parser->at++;
	}
	return take_name(parser, &out->name);
}

static int take_sum(struct parser *parser, struct need_sum *out)
{
	int64_t sign = 1;

	for (;;) {
		if (out->count == NEED_TERMS_MAX)
			return err_input(parser->err,
					 "more than %d terms on one side",
					 NEED_TERMS_MAX);
		int result = take_term(parser, sign, &out->terms[out->count]);
		if (result < 0)
			return result;
		out->count++;
		skip_blanks(parser);
		/* A minus is part of a name unless blanks are around it. */
		if (*parser->at != '+' && *parser->at != '-')
			return 0;
		sign = *parser->at == '+' ? 1 : -1;
		parser->at++;
	}
}

static int take_op(struct parser *parser, enum need_op *out)
{
	static const struct {
		const char *text;
		enum need_op op;
	} ops[] = {
		{ "<=", NEED_AT_MOST }, { ">=", NEED_AT_LEAST },
		{ "=", NEED_EQUAL },	{ "is ", NEED_IS },
		{ "not ", NEED_NOT },
	};

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
		size_t length = strlen(ops[i].text);

		if (strncmp(parser->at, ops[i].text, length) != 0)
			continue;
		parser->at += length;
		*out = ops[i].op;
		return 0;
	}
	return expected(parser, "<=, >=, =, is or not");
}

static int take_words(struct parser *parser, struct need_test *out)
{
	if (out->left.count != 1 || !out->left.terms[0].name ||
	    out->left.terms[0].factor != 1)
		return err_input(parser->err,
				 "\"is\" and \"not\" stand behind one name");
	do {
		if (out->word_count == NEED_WORDS_MAX)
			return err_input(parser->err, "more than %d words",
					 NEED_WORDS_MAX);
		/* vlan+srcmac is a word, too. */
		size_t length = strcspn(parser->at, " \t");
		out->words[out->word_count] =
			arena_text(parser->arena, parser->at, length);
		if (!out->words[out->word_count])
			return err_no_memory(parser->err);
		if (!length)
			return expected(parser, "a word");
		out->word_count++;
		parser->at += length;
		skip_blanks(parser);
	} while (*parser->at);
	return 0;
}

int need_parse(const char *text, struct arena *arena, struct need_test *out,
	       struct err *err)
{
	struct need_test test = {
		.text = arena_text(arena, text, strlen(text)),
	};
	struct parser parser = { .at = text, .arena = arena, .err = err };

	if (!test.text)
		return err_no_memory(err);
	int result = take_sum(&parser, &test.left);
	if (result == 0)
		result = take_op(&parser, &test.op);
	if (result < 0)
		return result;
	skip_blanks(&parser);
	if (test.op == NEED_IS || test.op == NEED_NOT)
		result = take_words(&parser, &test);
	else
		result = take_sum(&parser, &test.right);
	if (result == 0 && *parser.at)
		result = expected(&parser, "the end of the line");
	if (result == 0)
		*out = test;
	return result;
}

static bool add_up(const struct need_sum *sum, need_lookup lookup,
		   void *context, int64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < sum->count; i++) {
		const struct need_term *term = &sum->terms[i];
		struct need_value value = { .number = 1 };

		if (term->name && !lookup(context, term->name, &value))
			return false;
		if (value.number < -NUMBER_MAX || value.number > NUMBER_MAX)
			return false;
		*out += term->factor * value.number;
	}
	return true;
}

static enum need_answer ask_words(const struct need_test *test,
				  need_lookup lookup, void *context)
{
	struct need_value value = { 0 };
	bool is_one = false;

	if (!lookup(context, test->left.terms[0].name, &value))
		return NEED_UNKNOWN;
	for (size_t i = 0; i < test->word_count; i++)
		is_one |= !strcmp(value.text, test->words[i]);
	return is_one == (test->op == NEED_IS) ? NEED_MET : NEED_NOT_MET;
}

enum need_answer need_ask(const struct need_test *test, need_lookup lookup,
			  void *context)
{
	int64_t left, right;
	bool is_met = false;

	if (test->op == NEED_IS || test->op == NEED_NOT)
		return ask_words(test, lookup, context);
	if (!add_up(&test->left, lookup, context, &left) ||
	    !add_up(&test->right, lookup, context, &right))
		return NEED_UNKNOWN;
	switch (test->op) {
	case NEED_AT_MOST:
		is_met = left <= right;
		break;
	case NEED_AT_LEAST:
		is_met = left >= right;
		break;
	case NEED_EQUAL:
		is_met = left == right;
		break;
	case NEED_IS:
	case NEED_NOT:
		break;
	}
	return is_met ? NEED_MET : NEED_NOT_MET;
}

/* One {...} of a template. */
struct place {
	char name[48];
	char op; /* + - * / or 0 */
	int64_t operand;
};

/* The length of the place at @at, which begins with '{', or 0: it is wrong. */
static size_t parse_place(const char *at, struct place *out)
{
	const char *close = strchr(at, '}');
	size_t length = 0;
	char *end;

	*out = (struct place){ 0 };
	if (!close)
		return 0;
	/* A minus before a digit is arithmetic, elsewhere it is in a name. */
	while (is_name(at[1 + length]) &&
	       !(at[1 + length] == '-' &&
		 isdigit((unsigned char)at[2 + length])))
		length++;
	if (!length || length >= sizeof(out->name))
		return 0;
	memcpy(out->name, at + 1, length);
	at += 1 + length;
	if (at == close)
		return length + 2;
	out->op = *at;
	out->operand = strtol(at + 1, &end, 10);
	if (!strchr("+-*/", out->op) || end != close || out->operand < 1 ||
	    out->operand > NUMBER_MAX)
		return 0;
	return length + 2 + (end - at);
}

static int64_t calculate(const struct place *place, int64_t number)
{
	switch (place->op) {
	case '+':
		return number + place->operand;
	case '-':
		return number - place->operand;
	case '*':
		return number * place->operand;
	case '/':
		return number / place->operand;
	default:
		return number;
	}
}

static bool fill_place(struct buf *buf, const struct place *place,
		       const struct need_test *test, need_lookup lookup,
		       void *context)
{
	struct need_value value = { 0 };
	bool is_known;

	if (!strcmp(place->name, "limit"))
		is_known = test && test->right.count &&
			   add_up(&test->right, lookup, context, &value.number);
	else
		is_known = lookup(context, place->name, &value);
	if (is_known && value.text[0]) {
		buf_add(buf, value.text);
	} else if (is_known && value.number >= -NUMBER_MAX &&
		   value.number <= NUMBER_MAX) {
		buf_addf(buf, "%" PRId64, calculate(place, value.number));
	} else {
		for (const char *c = place->name; *c; c++)
			buf_addf(buf, "%c", toupper((unsigned char)*c));
		return false;
	}
	return true;
}

bool need_fill(struct buf *buf, const char *template,
	       const struct need_test *test, need_lookup lookup, void *context)
{
	bool is_complete = true;

	while (*template) {
		size_t plain = strcspn(template, "{");
		struct place place;

		buf_addn(buf, template, plain);
		template += plain;
		if (!*template)
			break;
		size_t length = parse_place(template, &place);
		if (!length) {
			buf_add(buf, template);
			return false;
		}
		is_complete &= fill_place(buf, &place, test, lookup, context);
		template += length;
	}
	return is_complete;
}

int need_check_template(const char *template, struct err *err)
{
	for (const char *at = strchr(template, '{'); at; at = strchr(at, '{')) {
		struct place place;
		size_t length = parse_place(at, &place);

		if (!length)
			return err_input(err,
					 "expected {NAME} or {NAME/2}, seen "
					 "\"%.40s\"",
					 at);
		at += length;
	}
	return 0;
}
