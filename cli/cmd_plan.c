// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cli/command.h"
#include "cli/planning.h"
#include "cli/say.h"

/* Ask what the plans are worth. @out has room for two measures of each. */
static int measure_all(const struct planning *planning, struct measure *out,
		       struct err *err)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };

	for (size_t i = 0; i < planning->count; i++) {
		struct report_plan *report = &planning->plans[i];

		for (size_t f = 0; f < ARRAY_SIZE(families); f++, out++) {
			int result = measure_plan(report->plan, families[f],
						  MEASURE_SEED, out);

			if (result == -ENOMEM)
				return err_no_memory(err);
			if (!result)
				report->measures[f] = out;
		}
	}
	return 0;
}

int cmd_plan(const struct options *options, struct err *err)
{
	OWN(planning) struct planning *planning = NULL;
	OWN_MEM struct measure *measures = NULL;
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	int result = planning_make(options, options->args, options->arg_count,
				   true, &planning, err);

	if (result < 0)
		return result;
	measures = calloc(planning->count * 2, sizeof(*measures));
	if (!measures)
		return err_no_memory(err);
	result = measure_all(planning, measures, err);
	if (result < 0)
		return result;
	say_format(options)->plans(&buf, &style, planning->plans,
				   planning->count);
	return say_report(&buf, err);
}
