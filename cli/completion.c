// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/command.h"
#include "cli/completion.h"

/* What stands for an option's value. */
static const char *bash_values(const struct option_words *option,
			       struct buf *out)
{
	if (!strcmp(option->value, "FILE"))
		return "-f";
	if (!strcmp(option->value, "DIR"))
		return "-d";
	if (!strcmp(option->value, "IF"))
		return "-W \"$(_wirewall_interfaces)\"";
	if (!strchr(option->value, '|'))
		return NULL;
	buf_add(out, "-W '");
	for (const char *c = option->value; *c; c++)
		buf_addn(out, *c == '|' ? " " : c, 1);
	buf_add(out, "'");
	return buf_text(out);
}

static void bash_option_values(struct buf *buf)
{
	buf_add(buf, "\tcase $before in\n");
	for (enum option i = 0; i < OPTION_COUNT; i++) {
		const struct option_words option = options_words(i);
		OWN_BUF struct buf choice = BUF_INIT;

		if (!option.value || option.is_optional)
			continue;
		const char *values = bash_values(&option, &choice);
		buf_addf(buf, "\t--%s)\n", option.name);
		if (values)
			buf_addf(buf,
				 "\t\tmapfile -t COMPREPLY < <(compgen %s -- "
				 "\"$now\")\n",
				 values);
		buf_add(buf, "\t\treturn\n\t\t;;\n");
	}
	buf_add(buf, "\tesac\n");
}

static void bash_options(struct buf *buf, const struct command *command)
{
	uint64_t accepted = command_options(command);

	buf_addf(buf, "\t%s) options='", command->word);
	for (enum option i = 0; i < OPTION_COUNT; i++) {
		if (accepted & UINT64_C(1) << i)
			buf_addf(buf, "%s--%s",
				 buf->text[buf->length - 1] == '\'' ? "" : " ",
				 options_words(i).name);
	}
	buf_add(buf, "' ;;\n");
}

void completion_print_bash(struct buf *buf)
{
	size_t count;
	const struct command *commands = command_all(&count);

	buf_add(buf, "# bash completion of wirewall(8); written by wirewall "
		     "help --bash\n\n"
		     "_wirewall_interfaces() {\n"
		     "\tcommand ls /sys/class/net 2>/dev/null\n}\n\n"
		     "_wirewall() {\n"
		     "\tlocal now=${COMP_WORDS[COMP_CWORD]} "
		     "before=${COMP_WORDS[COMP_CWORD - 1]} options=\n"
		     "\tCOMPREPLY=()\n"
		     "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
		     "\t\tmapfile -t COMPREPLY < <(compgen -W 'help");
	for (size_t i = 0; i < count; i++)
		buf_addf(buf, " %s", commands[i].word);
	buf_add(buf, "' -- \"$now\")\n\t\treturn\n\tfi\n");
	bash_option_values(buf);
	buf_add(buf, "\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; i < count; i++)
		bash_options(buf, &commands[i]);
	buf_add(buf,
		"\tesac\n"
		"\tcase $now in\n"
		"\t-*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- "
		"\"$now\") ;;\n"
		"\t*) mapfile -t COMPREPLY < <(compgen -W "
		"\"$(_wirewall_interfaces)\" -f -- \"$now\") ;;\n"
		"\tesac\n}\ncomplete -F _wirewall wirewall\n");
}

/* Between single quotes, and without what _arguments reads itself. */
static void zsh_add(struct buf *buf, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			buf_add(buf, "'\\''");
		else if (strchr("[]:\\", *text))
			buf_addf(buf, "\\%c", *text);
		else
			buf_addn(buf, text, 1);
	}
}

static void zsh_add_values(struct buf *buf, const char *value)
{
	zsh_add(buf, value);
	if (!strcmp(value, "FILE")) {
		buf_add(buf, ":_files");
	} else if (!strcmp(value, "DIR")) {
		buf_add(buf, ":_files -/");
	} else if (!strcmp(value, "IF")) {
		buf_add(buf, ":_net_interfaces");
	} else if (strchr(value, '|')) {
		buf_add(buf, ":(");
		for (; *value; value++)
			buf_addn(buf, *value == '|' ? " " : value, 1);
		buf_add(buf, ")");
	} else {
		buf_add(buf, ": ");
	}
}

static void zsh_option(struct buf *buf, enum option option)
{
	const struct option_words words = options_words(option);

	buf_addf(buf, " \\\n\t\t\t'--%s%s[", words.name,
		 !words.value	     ? ""
		 : words.is_optional ? "=-"
				     : "=");
	zsh_add(buf, words.help);
	buf_add(buf, "]");
	if (words.value) {
		buf_add(buf, words.is_optional ? "::" : ":");
		zsh_add_values(buf, words.value);
	}
	buf_add(buf, "'");
}

void completion_print_zsh(struct buf *buf)
{
	size_t count;
	const struct command *commands = command_all(&count);

	buf_add(buf, "#compdef wirewall\n"
		     "# zsh completion of wirewall(8); written by wirewall "
		     "help --zsh\n\n"
		     "_wirewall() {\n\tlocal -a words_known=(\n"
		     "\t\t'help:say what there is'\n");
	for (size_t i = 0; i < count; i++) {
		buf_addf(buf, "\t\t'%s:", commands[i].word);
		zsh_add(buf, commands[i].help);
		buf_add(buf, "'\n");
	}
	buf_add(buf, "\t)\n"
		     "\tif (( CURRENT == 2 )); then\n"
		     "\t\t_describe word words_known\n"
		     "\t\treturn\n"
		     "\tfi\n"
		     "\tshift words\n"
		     "\t(( CURRENT-- ))\n"
		     "\tcase $words[1] in\n");
	for (size_t i = 0; i < count; i++) {
		uint64_t accepted = command_options(&commands[i]);

		buf_addf(buf, "\t%s)\n\t\t_arguments", commands[i].word);
		for (enum option j = 0; j < OPTION_COUNT; j++) {
			if (accepted & UINT64_C(1) << j)
				zsh_option(buf, j);
		}
		buf_add(buf, " \\\n\t\t\t'*: :_wirewall_names'\n\t\t;;\n");
	}
	buf_add(buf, "\tesac\n}\n\n"
		     "_wirewall_names() {\n"
		     "\t_alternative 'interfaces:interface:_net_interfaces' "
		     "'files:file:_files'\n}\n\n"
		     "_wirewall \"$@\"\n");
}
