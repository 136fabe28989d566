// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fnmatch.h>
#include <net/if.h>
#include <string.h>

#include "cli/command.h"
#include "cli/config.h"

#define BLANKS	  " \t"
#define WORD	  "interface"
#define EXPECTED  "expected [interface NAME], NAME = VALUE or # a comment"
#define LINE_SEEN 40 /* so much of a wrong line is shown */

struct config *config_make(void)
{
	OWN(config) struct config *config = calloc(1, sizeof(*config));

	if (!config)
		return NULL;
	config->arena = arena_make();
	return config->arena ? take(config) : NULL;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	arena_free(config->arena);
	free(config->sections);
	free(config);
}

bool config_is_pattern(const char *pattern)
{
	return strpbrk(pattern, "*?[\\") != NULL;
}

/* Cut blanks off both ends, in place. */
static char *trim(char *text)
{
	text += strspn(text, BLANKS);
	for (size_t length = strlen(text);
	     length && strchr(BLANKS "\r", text[length - 1]); length--)
		text[length - 1] = '\0';
	return text;
}

static int check_pattern(const char *pattern, struct err *err)
{
	if (!*pattern)
		return err_input(err, "which interface? Expected "
				      "[interface NAME]");
	if (strpbrk(pattern, BLANKS "/"))
		return err_input(err,
				 "\"%s\" cannot be an interface's name: it has "
				 "a blank or a slash",
				 pattern);
	if (!strcmp(pattern, "lo"))
		return err_input(err, "lo is the host itself: expected an "
				      "interface that packets come in by");
	if (!config_is_pattern(pattern) && strlen(pattern) >= IFNAMSIZ)
		return err_input(err,
				 "\"%s\" cannot be an interface's name: "
				 "expected 1 to %d characters",
				 pattern, IFNAMSIZ - 1);
	return 0;
}

/* Whose settings would count? */
static int check_twice(const struct config *config, const char *pattern,
		       struct err *err)
{
	for (size_t i = 0; i < config->count; i++) {
		const struct config_section *other = &config->sections[i];

		if (!strcmp(other->pattern, pattern))
			return err_input(err,
					 "a second section for \"%s\": the "
					 "first one is in %s, line %u",
					 pattern, other->source, other->line);
	}
	return 0;
}

static int reserve(struct config *config)
{
	if (config->count < config->room)
		return 0;
	size_t room = config->room ? 2 * config->room : 8;
	struct config_section *sections =
		reallocarray(config->sections, room, sizeof(*sections));

	if (!sections)
		return -ENOMEM;
	config->sections = sections;
	config->room = room;
	return 0;
}

static int begin_section(struct config *config, char *line, const char *source,
			 unsigned int number, struct err *err)
{
	char *end = strrchr(line, ']');

	if (!end || *trim(end + 1))
		return err_input(err, "\"%.*s\" does not end with ]: " EXPECTED,
				 LINE_SEEN, line);
	*end = '\0';
	char *word = trim(line + 1);
	size_t length = strcspn(word, BLANKS);
	if (length != strlen(WORD) || strncmp(word, WORD, length) != 0)
		return err_input(err, "\"[%.*s]\": " EXPECTED, LINE_SEEN, word);

	const char *pattern = trim(word + length);
	int result = check_pattern(pattern, err);
	if (result == 0)
		result = check_twice(config, pattern, err);
	if (result < 0)
		return result;
	if (reserve(config) < 0)
		return err_no_memory(err);
	config->sections[config->count++] = (struct config_section){
		.pattern = pattern,
		.source = source,
		.line = number,
		.options = options_default(),
	};
	return 0;
}

static int read_setting(struct config *config, size_t first, char *line,
			struct err *err)
{
	char *sign = strchr(line, '=');

	if (!sign)
		return err_input(err, "\"%.*s\": " EXPECTED, LINE_SEEN, line);
	if (config->count == first)
		return err_input(err,
				 "\"%.*s\" stands before any section: "
				 "begin with [interface NAME]",
				 LINE_SEEN, line);
	*sign = '\0';
	return options_set(trim(line), trim(sign + 1), command_settings(),
			   &config->sections[config->count - 1].options, err);
}

static int check_path(const char *name, const char *path, struct err *err)
{
	if (!path || path[0] == '/')
		return 0;
	return err_input(err,
			 "%s = %s: expected a path that begins with /: nobody "
			 "knows where wirewall will be started",
			 name, path);
}

static int check_paths(const struct options *options, struct err *err)
{
	int result = check_path("rules", options->rules, err);

	if (result == 0)
		result = check_path("rules6", options->rules6, err);
	if (result == 0)
		result = check_path("sets", options->sets, err);
	if (result == 0)
		result = check_path("block", options->block, err);
	return result;
}

/* What only the whole section tells. */
static int check_section(const struct config_section *section, struct err *err)
{
	const struct options *options = &section->options;
	const struct wishes *wishes = &options->wishes;
	bool has_file = options->rules || options->rules6;
	int result = check_paths(options, err);

	if (result < 0)
		return result;
	if (has_file && options->from_kernel)
		return err_input(err, "rules and from-kernel exclude each "
				      "other");
	if (!has_file && !options->from_kernel && !options->block)
		return err_input(err, "which rules? Expected rules = FILE, "
				      "block = FILE or from-kernel = yes");
	if (wishes->require > wishes->max)
		return err_input(err,
				 "require = %s asks for more than max = %s "
				 "allows",
				 tier_name(wishes->require),
				 tier_name(wishes->max));
	return 0;
}

static int read_line(struct config *config, size_t first, char *line,
		     const char *source, unsigned int number, struct err *err)
{
	line = trim(line);
	if (!*line || *line == '#')
		return 0;
	return *line == '[' ? begin_section(config, line, source, number, err)
			    : read_setting(config, first, line, err);
}

/* @text is written to, and lives as long as @config. */
static int read_lines(struct config *config, char *text, const char *source,
		      struct err *err)
{
	size_t first = config->count;
	unsigned int number = 0;

	while (text) {
		char *line = strsep(&text, "\n");
		int result =
			read_line(config, first, line, source, ++number, err);

		if (result < 0) {
			if (result != -ENOMEM)
				err_where(err, "%s: line %u", source, number);
			return result;
		}
	}
	for (size_t i = first; i < config->count; i++) {
		const struct config_section *section = &config->sections[i];
		int result = check_section(section, err);

		if (result < 0) {
			err_where(err, "%s: line %u: [interface %s]", source,
				  section->line, section->pattern);
			return result;
		}
	}
	return 0;
}

int config_parse(struct config *config, const char *text, size_t length,
		 const char *source, struct err *err)
{
	char *copy = arena_text(config->arena, text, length);
	const char *name = arena_text(config->arena, source, strlen(source));

	if (!copy || !name)
		return err_no_memory(err);
	if (memchr(text, '\0', length))
		return err_input(err, "%s: it has a NUL byte: this is no text",
				 source);
	return read_lines(config, copy, name, err);
}

const struct config_section *config_find(const struct config *config,
					 const char *iface)
{
	if (!strcmp(iface, "lo"))
		return NULL;
	for (size_t i = 0; i < config->count; i++) {
		if (!strcmp(config->sections[i].pattern, iface))
			return &config->sections[i];
	}
	for (size_t i = 0; i < config->count; i++) {
		if (fnmatch(config->sections[i].pattern, iface, 0) == 0)
			return &config->sections[i];
	}
	return NULL;
}
