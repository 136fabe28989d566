// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "cli/version.h"

/* Text for man(7): nothing in it is a request, dashes are those of options. */
static void add(struct buf *buf, const char *text)
{
	if (*text == '.' || *text == '\'')
		buf_add(buf, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			buf_add(buf, "\\e");
		else if (*text == '-')
			buf_add(buf, "\\-");
		else
			buf_addn(buf, text, 1);
	}
}

static void add_head(struct buf *buf, const char *name, const char *help)
{
	buf_addf(buf,
		 ".\\\" Written by wirewall help --man.\n"
		 ".TH %s 8 \"" VERSION_DATE "\" \"wirewall " VERSION "\" "
		 "\"System administration\"\n.SH NAME\n",
		 name);
	add(buf, name);
	buf_add(buf, " \\- ");
	add(buf, help);
	buf_add(buf, "\n");
}

/* More than a line of help has room for; words without a row have enough. */
static const char *find_about(const char *word)
{
	static const struct {
		const char *word, *about;
	} all[] = {
#define ABOUT(word, about) { word, about },
#include "cli/about.def"
#undef ABOUT
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (!strcmp(all[i].word, word))
			return all[i].about;
	}
	return NULL;
}

/* Paragraphs are apart by a line feed. */
static void add_about(struct buf *buf, const char *about)
{
	while (about && *about) {
		size_t length = strcspn(about, "\n");
		OWN_BUF struct buf part = BUF_INIT;

		buf_addn(&part, about, length);
		buf_add(buf, ".PP\n");
		add(buf, buf_text(&part));
		buf_add(buf, "\n");
		about += length + (about[length] == '\n');
	}
}

static void add_option(struct buf *buf, enum option option)
{
	const struct option_words words = options_words(option);

	buf_add(buf, ".TP\n.B \\-\\-");
	add(buf, words.name);
	if (words.value) {
		buf_add(buf, words.is_optional ? "[=" : " ");
		add(buf, words.value);
		buf_add(buf, words.is_optional ? "]" : "");
	}
	buf_add(buf, "\n");
	add(buf, words.help);
	buf_add(buf, "\n");
}

static const struct {
	const char *status, *meaning;
} statuses[] = {
	{ "0", "It was done as asked; also when nothing needed to change." },
	{ "1", "The command line is wrong." },
	{ "2", "A file or a rule is not what it should be." },
	{ "3",
	  "The system refused: no such interface, no privilege, no support "
	  "by the kernel." },
	{ "4", "Less than asked for: a lower tier, less coverage, an object "
	       "that would be refused." },
};

static void add_statuses(struct buf *buf)
{
	buf_add(buf, ".SH EXIT STATUS\n");
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		buf_addf(buf, ".TP\n.B %s\n%s\n", statuses[i].status,
			 statuses[i].meaning);
}

static void print_word(struct buf *buf, const struct command *command)
{
	uint64_t accepted = command_options(command);
	char name[64];

	snprintf(name, sizeof(name), "wirewall-%s", command->word);
	add_head(buf, name, command->help);
	buf_addf(buf, ".SH SYNOPSIS\n.B wirewall %s\n[OPTION]...\n",
		 command->word);
	if (*command->arguments) {
		add(buf, command->arguments);
		buf_add(buf, "\n");
	}
	buf_add(buf, ".SH DESCRIPTION\n");
	add(buf, "This word of wirewall(8) is to ");
	add(buf, command->help);
	buf_add(buf, ".\n");
	add_about(buf, find_about(command->word));
	buf_add(buf, ".SH OPTIONS\n");
	for (enum option i = 0; i < OPTION_COUNT; i++) {
		if (accepted & UINT64_C(1) << i)
			add_option(buf, i);
	}
	add_statuses(buf);
	buf_add(buf, ".SH EXAMPLES\n.nf\n");
	add(buf, command->example);
	buf_add(buf, "\n.fi\n.SH SEE ALSO\n"
		     ".BR wirewall (8),\n.BR wirewall.conf (5)\n");
}

static void print_overview(struct buf *buf)
{
	size_t count;
	const struct command *commands = command_all(&count);

	add_head(buf, "wirewall",
		 "drop early, on the network card or in its driver, what the "
		 "firewall drops");
	buf_add(buf, ".SH SYNOPSIS\n.B wirewall\nWORD [OPTION]... "
		     "[ARGUMENT]...\n.SH DESCRIPTION\n");
	add(buf, find_about("wirewall"));
	buf_add(buf, "\n.SH WORDS\n");
	for (size_t i = 0; i < count; i++) {
		buf_addf(buf, ".TP\n.BR wirewall\\-%s (8)\n", commands[i].word);
		add(buf, commands[i].help);
		buf_add(buf, "\n");
	}
	add_statuses(buf);
	buf_add(buf, ".SH FILES\n"
		     ".TP\n.I /etc/wirewall/*.conf\nWhat shall be attached "
		     "where:\n.BR wirewall.conf (5).\n"
		     ".TP\n.I /run/wirewall\nNames of what was applied. Losing "
		     "them loses names only.\n"
		     ".SH SEE ALSO\n.BR wirewall.conf (5),\n"
		     ".BR iptables\\-save (8),\n.BR ip\\-link (8)\n");
}

static void print_words(struct buf *buf)
{
	size_t count;
	const struct command *commands = command_all(&count);

	for (size_t i = 0; i < count; i++)
		buf_addf(buf, "%s\n", commands[i].word);
}

int manual_print(const char *wanted, struct buf *buf, struct err *err)
{
	static const char of_word[] = "--man=";

	if (!wanted)
		return 0;
	if (!strcmp(wanted, "--man")) {
		print_overview(buf);
	} else if (!strncmp(wanted, of_word, strlen(of_word))) {
		const struct command *command =
			command_find(wanted + strlen(of_word), err);

		if (!command)
			return -err->kind;
		print_word(buf, command);
	} else if (!strcmp(wanted, "--words")) {
		print_words(buf);
	} else if (!strcmp(wanted, "--bash")) {
		completion_print_bash(buf);
	} else if (!strcmp(wanted, "--zsh")) {
		completion_print_zsh(buf);
	} else {
		return 0;
	}
	return 1;
}
