// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/manual.h"
#include "cli/say.h"
#include "cli/version.h"

static int print_version(struct err *err)
{
	OWN_BUF struct buf buf = BUF_INIT;

	buf_add(&buf, "wirewall " VERSION "\n");
	return say_report(&buf, err);
}

static int print_help(const char *word, struct err *err)
{
	OWN_BUF struct buf buf = BUF_INIT;
	const struct command *command = NULL;
	int result = manual_print(word, &buf, err);

	if (result)
		return result < 0 ? result : say_report(&buf, err);
	if (word) {
		command = command_find(word, err);
		if (!command)
			return -err->kind;
		command_print_help(&buf, command);
		return say_report(&buf, err);
	}
	buf_add(&buf, "usage: wirewall WORD [OPTION]... [ARGUMENT]...\n\n"
		      "Push the drops of an iptables-save ruleset down onto "
		      "network interfaces, as XDP\nprograms that never drop "
		      "what the host would accept.\n\nwords:\n");
	command_print_words(&buf);
	buf_add(&buf, "\nwirewall WORD --help tells more, wirewall --version "
		      "which one this is.\nExit status: 0 as asked, 1 usage, "
		      "2 bad input, 3 the system refused,\n4 less than asked "
		      "for: a lower tier, less coverage, an object refused.\n");
	return say_report(&buf, err);
}

static int run(char **argv, size_t count, struct err *err)
{
	const struct command *command;

	if (!count)
		return err_set(err, ERR_USAGE, 0,
			       "a word is missing, like plan or apply: "
			       "wirewall help lists them all");
	if (!strcmp(argv[0], "--version") || !strcmp(argv[0], "-V"))
		return print_version(err);
	if (!strcmp(argv[0], "help") || !strcmp(argv[0], "--help") ||
	    !strcmp(argv[0], "-h"))
		return print_help(count > 1 ? argv[1] : NULL, err);
	command = command_find(argv[0], err);
	if (!command)
		return -err->kind;
	return command_run(command, argv + 1, count - 1, err);
}

int main(int argc, char **argv)
{
	struct err err;

	if (run(argv + 1, argc > 1 ? argc - 1 : 0, &err) == 0)
		return 0;
	say_error(&err);
	return err.kind;
}
