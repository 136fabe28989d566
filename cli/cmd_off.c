// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"
#include "cli/keeper.h"
#include "cli/say.h"
#include "fallback/apply.h"

int cmd_off(const struct options *options, struct err *err)
{
	struct report_style style = say_style();
	struct report_removed removed = { 0 };
	OWN_BUF struct buf buf = BUF_INIT;
	struct err unseen;
	int result = apply_off(&removed.count, err);

	/* What waits for a confirmation must not put anything back. */
	keeper_tell(KEEPER_FORGET, NULL, &unseen);

	if (result < 0)
		return result;
	say_format(options)->removed(&buf, &style, &removed);
	return say_report(&buf, err);
}
