// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/num.h"
#include "cli/command.h"
#include "cli/nearest.h"
#include "cli/say.h"

#define RULES_OPTIONS                                                          \
	(OPTION_BIT(RULES) | OPTION_BIT(RULES6) | OPTION_BIT(FROM_KERNEL) |    \
	 OPTION_BIT(SETS) | OPTION_BIT(BLOCK))
#define APPLY_OPTIONS                                                          \
	(RULES_OPTIONS | OPTION_BIT(REQUIRE) | OPTION_BIT(MAX) |               \
	 OPTION_BIT(REQUIRE_COVERAGE) | OPTION_BIT(STRICT_FRAGMENTS) |         \
	 OPTION_BIT(STRICT_CONNTRACK) | OPTION_BIT(ACCEPT_BYPASS) |            \
	 OPTION_BIT(STATIC) | OPTION_BIT(SYN_IS_NEW) |                         \
	 OPTION_BIT(IGNORE_COUNTERS) | OPTION_BIT(IGNORE_LOGS) |               \
	 OPTION_BIT(LOG_SAMPLE) | OPTION_BIT(CLASSIFIER))

/* How apply itself works: nothing that a configuration could set. */
#define CONFIG_OPTIONS                                                         \
	(OPTION_BIT(CONFIG) | OPTION_BIT(DIFF) | OPTION_BIT(CONFIRM))

static const struct command commands[] = {
	{ "fmt", "FILE|-", "print rules back as iptables-save would",
	  "wirewall fmt /etc/iptables/rules.v4", OPTION_BIT(FROM_KERNEL), 0, 1,
	  cmd_fmt },
	{ "caps", "[IF...]",
	  "say what interfaces can run, what is in the way, and what would "
	  "help",
	  "wirewall caps eth0",
	  OPTION_BIT(CAPS) | OPTION_BIT(CHECK) | OPTION_BIT(FIX) |
		  OPTION_BIT(MARKDOWN),
	  0, SIZE_MAX, cmd_caps },
	{ "plan", "IF...",
	  "say what would be dropped early, and why not more; change nothing",
	  "wirewall plan --rules /etc/iptables/rules.v4 eth0",
	  APPLY_OPTIONS | OPTION_BIT(MEASURE) | OPTION_BIT(CAPS) |
		  OPTION_BIT(ADVISE),
	  1, SIZE_MAX, cmd_plan },
	{ "apply", "[IF...]",
	  "drop early what the rules drop; alone: as /etc/wirewall says",
	  "wirewall apply --rules /etc/iptables/rules.v4 eth0",
	  APPLY_OPTIONS | OPTION_BIT(SHADOW) | CONFIG_OPTIONS, 0, SIZE_MAX,
	  cmd_apply },
	{ "status", "[IF]", "say what is attached where, since when",
	  "wirewall status eth0", 0, 0, 1, cmd_status },
	{ "stats", "[IF]", "count the packets that each rule dropped early",
	  "wirewall stats eth0",
	  OPTION_BIT(WATCH) | OPTION_BIT(PROMETHEUS) | OPTION_BIT(TEXTFILE) |
		  OPTION_BIT(LISTEN) | OPTION_BIT(GROUP),
	  0, 1, cmd_stats },
	{ "sample", "IF", "show packets as they are dropped early, and why",
	  "wirewall sample --count 10 eth0",
	  OPTION_BIT(LIMIT) | OPTION_BIT(EVERY) | OPTION_BIT(PCAP), 1, 1,
	  cmd_sample },
	{ "explain", "",
	  "say what happens to a packet, at the host and in each tier",
	  "wirewall explain --rules rules.v4 --in eth0 "
	  "--packet 'tcp 1.2.3.4:55 > 5.6.7.8:22 syn'",
	  RULES_OPTIONS | OPTION_BIT(IN) | OPTION_BIT(PACKET) |
		  OPTION_BIT(PCAP) | OPTION_BIT(PATH) |
		  OPTION_BIT(STRICT_FRAGMENTS) | OPTION_BIT(STRICT_CONNTRACK) |
		  OPTION_BIT(IGNORE_COUNTERS) | OPTION_BIT(IGNORE_LOGS) |
		  OPTION_BIT(LOG_SAMPLE),
	  0, 0, cmd_explain },
	{ "set", "list|add|del|swap IF [SET ELEMENT...|FILE|-]",
	  "read and change the sets of a program that is attached",
	  "wirewall set add eth0 bad 192.0.2.0/24", 0, 2, SIZE_MAX, cmd_set },
	{ "check", "OBJECT",
	  "say what a card, or the kernel, would refuse of an XDP object",
	  "wirewall check --target nfp prog.o",
	  OPTION_BIT(TARGET) | OPTION_BIT(CARD) | OPTION_BIT(DEV), 1, 1,
	  cmd_check },
	{ "remove", "IF...", "take the program off interfaces",
	  "wirewall remove eth0", 0, 1, SIZE_MAX, cmd_remove },
	{ "config", "check [FILE...]",
	  "read /etc/wirewall and the rules it names; change nothing",
	  "wirewall config check", OPTION_BIT(CONFIG), 1, SIZE_MAX,
	  cmd_config },
	{ "watch", "",
	  "keep interfaces as /etc/wirewall says while the host changes",
	  "wirewall watch", OPTION_BIT(CONFIG), 0, 0, cmd_watch },
	{ "confirm", "", "keep what apply --confirm has attached",
	  "wirewall confirm", 0, 0, 0, cmd_confirm },
	{ "off", "", "take every program of wirewall off, at once",
	  "wirewall off", 0, 0, 0, cmd_off },
};

const struct command *command_all(size_t *count)
{
	*count = ARRAY_SIZE(commands);
	return commands;
}

uint64_t command_settings(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].run == cmd_apply)
			return commands[i].options & ~CONFIG_OPTIONS;
	}
	return 0;
}

const struct command *command_find(const char *word, struct err *err)
{
	const char *names[ARRAY_SIZE(commands)];

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		names[i] = commands[i].word;
		if (!strcmp(names[i], word))
			return &commands[i];
	}
	const char *nearest = nearest_find(word, names, ARRAY_SIZE(names));
	if (nearest)
		err_set(err, ERR_USAGE, EINVAL,
			"unknown word \"%s\": did you mean \"%s\"?", word,
			nearest);
	else
		err_set(err, ERR_USAGE, EINVAL,
			"unknown word \"%s\": wirewall help lists them all",
			word);
	return NULL;
}

uint64_t command_options(const struct command *command)
{
	return command->options | OPTION_BIT(JSON) | OPTION_BIT(HELP);
}

static int check_arguments(const struct command *command,
			   const struct options *options, struct err *err)
{
	size_t count = options->arg_count;

	if (count >= command->min_args && count <= command->max_args)
		return 0;
	if (count < command->min_args)
		return err_set(err, ERR_USAGE, EINVAL,
			       "wirewall %s needs %s, like: %s", command->word,
			       command->arguments, command->example);
	return err_set(err, ERR_USAGE, EINVAL,
		       "wirewall %s does not know what to do with \"%s\", "
		       "expected like: %s",
		       command->word, options->args[command->max_args],
		       command->example);
}

int command_run(const struct command *command, char **argv, size_t count,
		struct err *err)
{
	struct options options;
	int result = options_parse(argv, count, command_options(command),
				   &options, err);

	if (result < 0)
		return result;
	if (options.help) {
		OWN_BUF struct buf buf = BUF_INIT;

		command_print_help(&buf, command);
		return say_report(&buf, err);
	}
	result = check_arguments(command, &options, err);
	return result < 0 ? result : command->run(&options, err);
}

void command_print_words(struct buf *buf)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		buf_addf(buf, "  %-8s %s\n", commands[i].word,
			 commands[i].help);
}

void command_print_help(struct buf *buf, const struct command *command)
{
	buf_addf(buf, "usage: wirewall %s [OPTION]...%s%s\n\n%s\n\noptions:\n",
		 command->word, *command->arguments ? " " : "",
		 command->arguments, command->help);
	options_print_help(buf, command_options(command));
	buf_addf(buf, "\nexample:\n  %s\n", command->example);
}
