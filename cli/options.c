// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/nearest.h"
#include "cli/option_value.h"
#include "cli/options.h"
#include "report/grid.h"

#define HELP_INDENT 32 /* where the words behind an option begin */
#define HELP_WIDTH  80

struct option_info {
	const char *name;
	const char *value; /* what its value is called; NULL: takes none */
	const char *help;
	bool is_optional;     /* the value, which then stands behind a "=" */
	const char *expected; /* of the value, where its name says too little */
};

static const struct option_info infos[] = {
#define SWITCH(id, name, help)	     [OPTION_##id] = { name, NULL, help },
#define VALUE(id, name, value, help) [OPTION_##id] = { name, value, help },
#define BOUNDED(id, name, value, help, expected)                               \
	[OPTION_##id] = { name, value, help, false, expected },
#define CHOICE(id, name, value, help, expected)                                \
	[OPTION_##id] = { name, value, help, true, expected },
#include "cli/options.def"
#undef SWITCH
#undef VALUE
#undef BOUNDED
#undef CHOICE
};

/* The accepted name that is nearest to @word, or NULL. */
static const char *find_nearest(const char *word, uint64_t accepted)
{
	const char *names[OPTION_COUNT];
	size_t count = 0;

	for (enum option i = 0; i < OPTION_COUNT; i++) {
		if (accepted & UINT64_C(1) << i)
			names[count++] = infos[i].name;
	}
	return nearest_find(word, names, count);
}

static int unknown(const char *word, size_t length, uint64_t accepted,
		   struct err *err)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)length, word);

	const char *nearest = find_nearest(name, accepted);
	if (!nearest)
		return err_set(err, ERR_USAGE, EINVAL,
			       "unknown option --%s: --help lists them", name);
	return err_set(err, ERR_USAGE, EINVAL,
		       "unknown option --%s: did you mean --%s?", name,
		       nearest);
}

/* OPTION_COUNT: there is none. */
static enum option find_name(const char *word, size_t length)
{
	enum option i = 0;

	while (i < OPTION_COUNT && (strlen(infos[i].name) != length ||
				    memcmp(infos[i].name, word, length)))
		i++;
	return i;
}

static int find_option(const char *word, size_t length, uint64_t accepted,
		       enum option *out, struct err *err)
{
	enum option option = find_name(word, length);

	if (option == OPTION_COUNT)
		return unknown(word, length, accepted, err);
	if (!(accepted & UINT64_C(1) << option))
		return err_set(err, ERR_USAGE, EINVAL,
			       "--%s is not for this command: --help "
			       "lists what is",
			       infos[option].name);
	*out = option;
	return 0;
}

/* What a value has to be, in words. */
static const char *describe_value(enum option option)
{
	return infos[option].expected ? infos[option].expected
				      : infos[option].value;
}

static int needs_value(enum option option, struct err *err)
{
	return err_set(err, ERR_USAGE, EINVAL, "--%s needs a value: %s",
		       infos[option].name, describe_value(option));
}

/* `--name=value`, or `--name` with *@next behind it: which is then used up. */
static int read_option(const char *word, char ***next, char **end,
		       uint64_t accepted, struct options *out, struct err *err)
{
	size_t length = strcspn(word, "=");
	const char *value = word[length] ? word + length + 1 : NULL;
	enum option option = OPTION_COUNT;
	int result = find_option(word, length, accepted, &option, err);

	if (result < 0)
		return result;
	if (!infos[option].value && value)
		return err_set(err, ERR_USAGE, EINVAL, "--%s takes no value",
			       infos[option].name);

	bool must_have = infos[option].value && !infos[option].is_optional;
	if (must_have && !value && *next < end)
		value = *(*next)++;
	if (value ? !*value : must_have)
		return needs_value(option, err);
	if (option_value_set(option, value, out) < 0)
		return err_set(err, ERR_USAGE, EINVAL, "--%s%s%s: expected %s",
			       infos[option].name,
			       infos[option].is_optional ? "=" : " ", value,
			       describe_value(option));
	return 0;
}

struct options options_default(void)
{
	return (struct options){
		.wishes = { .max = TIER_HW, .require = TIER_NONE },
	};
}

int options_parse(char **argv, size_t count, uint64_t accepted,
		  struct options *out, struct err *err)
{
	char **end = argv + count;
	bool has_ended = false; /* behind `--` all are arguments */

	*out = options_default();
	out->args = argv;
	for (char **next = argv; next < end;) {
		char *word = *next++;

		if (has_ended || word[0] != '-' || !word[1]) {
			out->args[out->arg_count++] = word;
			continue;
		}
		if (!strcmp(word, "--")) {
			has_ended = true;
			continue;
		}
		if (!strcmp(word, "-h"))
			word = "--help";
		if (word[1] != '-')
			return err_set(err, ERR_USAGE, EINVAL,
				       "unknown option %s: options are whole "
				       "words, like --rules",
				       word);

		int result =
			read_option(word + 2, &next, end, accepted, out, err);
		if (result < 0)
			return result;
	}
	return 0;
}

static int unknown_setting(const char *name, uint64_t accepted, struct err *err)
{
	const char *nearest = find_nearest(name, accepted);

	if (find_name(name, strlen(name)) != OPTION_COUNT)
		return err_input(err,
				 "\"%s\" is no setting: --%s is for the "
				 "command line alone",
				 name, name);
	if (nearest)
		return err_input(err,
				 "unknown setting \"%s\": did you mean \"%s\"?",
				 name, nearest);
	return err_input(err,
			 "unknown setting \"%s\": expected an option of "
			 "apply, without its dashes",
			 name);
}

int options_set(const char *name, const char *value, uint64_t accepted,
		struct options *out, struct err *err)
{
	enum option option = find_name(name, strlen(name));
	uint64_t bit = UINT64_C(1) << option;

	if (option == OPTION_COUNT || !(accepted & bit))
		return unknown_setting(name, accepted, err);
	if (out->given & bit)
		return err_input(err, "\"%s\" is set twice", name);

	const char *expected = infos[option].value;
	bool is_switch = !expected || infos[option].is_optional;

	if (is_switch && !strcmp(value, "no")) {
		out->given |= bit;
		return 0;
	}
	if (is_switch && !strcmp(value, "yes"))
		return option_value_set(option, NULL, out);
	if (!*value || !expected || option_value_set(option, value, out) < 0)
		return err_input(err, "%s = %s: expected %s%s", name, value,
				 is_switch ? "yes or no" : expected,
				 is_switch && expected ? ", or FACT,..." : "");
	return 0;
}

struct option_words options_words(enum option option)
{
	const struct option_info *info = &infos[option];

	return (struct option_words){ info->name, info->value,
				      info->is_optional, info->help };
}

void options_print_help(struct buf *buf, uint64_t accepted)
{
	for (enum option i = 0; i < OPTION_COUNT; i++) {
		char usage[64];

		if (!(accepted & UINT64_C(1) << i))
			continue;
		snprintf(usage, sizeof(usage), "--%s%s%s%s", infos[i].name,
			 infos[i].is_optional ? "[="
			 : infos[i].value     ? " "
					      : "",
			 infos[i].value ? infos[i].value : "",
			 infos[i].is_optional ? "]" : "");
		if (strlen(usage) > HELP_INDENT - 4)
			buf_addf(buf, "  %s\n%*s", usage, HELP_INDENT, "");
		else
			buf_addf(buf, "  %-*s  ", HELP_INDENT - 4, usage);
		grid_wrap(buf, infos[i].help, HELP_INDENT, HELP_WIDTH);
		buf_add(buf, "\n");
	}
}
