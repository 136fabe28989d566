// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "cli/command.h"
#include "cli/config_files.h"
#include "cli/input.h"
#include "cli/say.h"

/* The rules themselves; those that are loaded may be others tomorrow. */
static int check_rules(const struct config_section *section, struct err *err)
{
	OWN_INPUT struct input input = { 0 };

	if (section->options.from_kernel)
		return 0;
	int result = input_read(&section->options, &input, err);
	if (result < 0 && result != -ENOMEM)
		err_where(err, "%s: line %u: [interface %s]", section->source,
			  section->line, section->pattern);
	return result;
}

static int read_config(const struct options *options, struct config **out,
		       struct err *err)
{
	const char *directory = options->config ? options->config : CONFIG_DIR;
	OWN(config) struct config *config = NULL;
	int result = 0;

	if (options->arg_count == 1)
		return config_files_read(directory, out, err);
	config = config_make();
	if (!config)
		return err_no_memory(err);
	for (size_t i = 1; i < options->arg_count && result == 0; i++)
		result = config_files_add(config, options->args[i], err);
	if (result == 0)
		*out = take(config);
	return result;
}

/* What was understood, so that a typo in a name can be seen. */
static void list_sections(const struct config *config,
			  struct report_config *out)
{
	for (size_t i = 0; i < config->count; i++) {
		const struct config_section *from = &config->sections[i];
		const struct options *options = &from->options;

		out->sections[out->count++] = (struct report_section){
			.pattern = from->pattern,
			.source = from->source,
			.line = from->line,
			.is_from_kernel = options->from_kernel,
			.rules = options->rules,
			.rules6 = options->rules6,
			.wishes = &options->wishes,
		};
	}
}

int cmd_config(const struct options *options, struct err *err)
{
	OWN(config) struct config *config = NULL;
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	struct report_config report = { 0 };
	int result;

	if (strcmp(options->args[0], "check") != 0)
		return err_set(err, ERR_USAGE, EINVAL,
			       "wirewall config %s: expected wirewall config "
			       "check",
			       options->args[0]);
	result = read_config(options, &config, err);
	for (size_t i = 0; result == 0 && i < config->count; i++)
		result = check_rules(&config->sections[i], err);
	if (result < 0)
		return result;

	OWN_MEM struct report_section *sections =
		calloc(config->count + 1, sizeof(*sections));
	if (!sections)
		return err_no_memory(err);
	report.sections = sections;
	list_sections(config, &report);
	say_format(options)->config(&buf, &style, &report);
	return say_report(&buf, err);
}
