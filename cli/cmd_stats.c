// SPDX-License-Identifier: GPL-2.0-only
#include "cli/attached.h"
#include "cli/command.h"
#include "cli/say.h"

int cmd_stats(const struct options *options, struct err *err)
{
	OWN(attached) struct attached *attached = NULL;
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	const char *iface = options->arg_count ? options->args[0] : NULL;
	int result = attached_make(iface, &attached, err);

	if (result < 0)
		return result;
	say_format(options)->stats(&buf, &style, attached->reports,
				   attached->count);
	return say_report(&buf, err);
}
