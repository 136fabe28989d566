/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The words of wirewall: one row each. */
#include "cli/options.h"

struct command {
	const char *word;
	const char *arguments; /* "IF...", for the usage line */
	const char *help;      /* one line */
	const char *example;
	uint64_t options; /* OPTION_BITs beside --json and --help */
	size_t min_args, max_args;
	/* Returns 0, or -errno and a sentence; its kind is the exit code. */
	int (*run)(const struct options *options, struct err *err);
};

int cmd_caps(const struct options *options, struct err *err);
int cmd_fmt(const struct options *options, struct err *err);
int cmd_plan(const struct options *options, struct err *err);
int cmd_apply(const struct options *options, struct err *err);
int cmd_status(const struct options *options, struct err *err);
int cmd_sample(const struct options *options, struct err *err);
int cmd_stats(const struct options *options, struct err *err);
int cmd_explain(const struct options *options, struct err *err);
int cmd_set(const struct options *options, struct err *err);
int cmd_check(const struct options *options, struct err *err);
int cmd_remove(const struct options *options, struct err *err);
int cmd_confirm(const struct options *options, struct err *err);
int cmd_watch(const struct options *options, struct err *err);
int cmd_config(const struct options *options, struct err *err);
int cmd_off(const struct options *options, struct err *err);

/* NULL with ERR_USAGE and the nearest word when there is none. */
const struct command *command_find(const char *word, struct err *err);

/* Read the words behind the command's own and run it. */
int command_run(const struct command *command, char **argv, size_t count,
		struct err *err);

/* All of them, in the order of the help. */
const struct command *command_all(size_t *count);

/* The options of one, as OPTION_BITs, --json and --help too. */
uint64_t command_options(const struct command *command);

/* What apply takes and a configuration file may set: OPTION_BITs. */
uint64_t command_settings(void);

/* All words, one line each. */
void command_print_words(struct buf *buf);
/* The help of one. */
void command_print_help(struct buf *buf, const struct command *command);
