// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/say.h"

static int read_input(const struct options *options, struct input *out,
		      struct err *err)
{
	if (options->from_kernel && !options->arg_count)
		return input_read_kernel(false, out, err);
	if (!options->from_kernel && options->arg_count)
		return input_read_file(options->args[0], out, err);
	return err_set(err, ERR_USAGE, EINVAL,
		       "expected one file, - for stdin, or --from-kernel");
}

int cmd_fmt(const struct options *options, struct err *err)
{
	OWN_INPUT struct input input = { 0 };
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	struct report_rules rules = { 0 };
	int result = read_input(options, &input, err);

	if (result < 0)
		return result;
	if (input.ipv4)
		rules.rulesets[rules.count++] = input.ipv4;
	if (input.ipv6)
		rules.rulesets[rules.count++] = input.ipv6;
	say_format(options)->rules(&buf, &style, &rules);
	return say_report(&buf, err);
}
