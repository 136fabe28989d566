/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What a line does to the table that is being read: begins it, declares a
 * chain, adds rules, as iptables-restore would. Each returns 0, -EINVAL with a
 * sentence, or -ENOMEM.
 */
#include "rules/draft.h"
#include "rules/rule.h"

/* "*filter", line @number: begin @draft, which must be empty. */
int edit_table(struct draft *draft, struct arena *arena,
	       const struct words *line, unsigned int number, struct err *err);

/* ":INPUT ACCEPT [0:0]"; *@column is where the word is that is wrong. */
int edit_chain(struct draft *draft, const struct words *line,
	       unsigned int number, unsigned int *column, struct err *err);

/* A command as rule_read() understood it, its rule complete with line and
 * comments. */
int edit_command(struct draft *draft, const struct rule_line *rule_line,
		 struct err *err);
