// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"
#include "cli/say.h"
#include "fallback/apply.h"

int cmd_off(const struct options *options, struct err *err)
{
	struct report_style style = say_style();
	struct report_removed removed = { 0 };
	OWN_BUF struct buf buf = BUF_INIT;
	int result = apply_off(&removed.count, err);

	if (result < 0)
		return result;
	say_format(options)->removed(&buf, &style, &removed);
	return say_report(&buf, err);
}
