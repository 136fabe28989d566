// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"
#include "cli/say.h"
#include "fallback/apply.h"

int cmd_remove(const struct options *options, struct err *err)
{
	struct report_style style = say_style();
	struct report_removed removed = {
		.ifaces = (const char *const *)options->args,
	};
	OWN_BUF struct buf buf = BUF_INIT;
	struct err unwritten;
	int result = 0;

	for (size_t i = 0; i < options->arg_count && result == 0; i++) {
		result = apply_remove(options->args[i], err);
		if (result == 0)
			removed.count++;
	}
	/* Also on failure: what was done before it has been done. */
	if (result < 0 && !removed.count)
		return result;
	say_format(options)->removed(&buf, &style, &removed);
	int written = say_report(&buf, &unwritten);
	if (result == 0 && written < 0)
		*err = unwritten;
	return result ? result : written;
}
