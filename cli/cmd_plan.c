// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"
#include "cli/planning.h"
#include "cli/say.h"

int cmd_plan(const struct options *options, struct err *err)
{
	OWN(planning) struct planning *planning = NULL;
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	int result = planning_make(options, options->args, options->arg_count,
				   true, &planning, err);

	if (result < 0)
		return result;
	say_format(options)->plans(&buf, &style, planning->plans,
				   planning->count);
	return say_report(&buf, err);
}
