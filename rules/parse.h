/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The line of a rule while its words are being read, for rules/rule.c and the
 * parts that it is made of. */
#include "rules/gather.h"
#include "rules/rule.h"
#include "rules/scope.h"

struct parse {
	const struct draft *draft;
	struct arena *arena;
	const struct words *words;
	size_t next;	  /* the word to read */
	bool is_negated;  /* a '!' waits for its option */
	bool has_command; /* -A and the like */
	bool has_target;
	bool is_for_other_family; /* -4 among IPv6 rules, or -6 */
	struct scope scope;
	struct gather gather;
	struct words target_words;
	struct rule_line line;
	unsigned int *column;
	struct err *err;
};

/* An option as it was given. */
struct given {
	const struct word *word;
	size_t length;	      /* of its name, without "=value" */
	struct word attached; /* the value; .text is NULL without one */
};

/* `return err_input(parse_at(p, word), ...)`: where goes along with what. */
struct err *parse_at(struct parse *p, const struct word *word);

/* The word to read, NULL at the end of the line. */
const struct word *parse_next(const struct parse *p);

/*
 * The @count words of an option. A '!' before them negates it, as iptables
 * wrote until 1.4.3: `-s ! 10.0.0.1`. 0, or -EINVAL when the line has fewer.
 */
int parse_words(struct parse *p, const struct given *given, unsigned int count,
		const struct word **out);

/* The only word of an option that cannot be negated. */
int parse_plain_word(struct parse *p, const struct given *given,
		     const struct word **out);

/* The words of an option whose number of words nobody knows: up to what looks
 * like the next option. */
const struct word *parse_values(struct parse *p, const struct given *given,
				size_t *count);

/* Scratch goes; what the line consists of stays in the arena. */
void parse_free(struct parse *p);
#define OWN_PARSE __attribute__((cleanup(parse_free)))
