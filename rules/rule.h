/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One line of a table that is a command: `-A INPUT -p tcp --dport 22 -j DROP`,
 * with its counters before it or without.
 */
#include "rules/draft.h"
#include "rules/lex.h"

enum rule_command {
	COMMAND_NONE, /* a rule that says -4 or -6 and means the other family */
	COMMAND_APPEND,
	COMMAND_INSERT,
	COMMAND_NEW_CHAIN,
	COMMAND_POLICY,
	COMMAND_FLUSH,
};

struct rule_line {
	enum rule_command command;
	const char *chain; /* NULL for -F without a chain: all of them */
	unsigned int chain_column;
	uint32_t position;  /* -I CHAIN position, from 1 */
	const char *policy; /* -P CHAIN policy */
	/* Without line, number and comments, which the caller knows. */
	struct rule rule;
	/* `-s A,B` stands for several rules, which differ in this match. */
	const struct match *sources, *destinations;
	size_t source_count, destination_count;
};

/*
 * Understand the words of a line. @draft is asked which chains there are and
 * whose arena to use. Returns 0; -EINVAL when the line is wrong (@err says
 * what, *@column where); -ENOMEM.
 */
int rule_read(const struct draft *draft, enum family family,
	      const struct words *words, struct rule_line *out,
	      unsigned int *column, struct err *err);
