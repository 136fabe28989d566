// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cli/command.h"
#include "cli/keeper.h"
#include "cli/say.h"
#include "fallback/apply.h"

int cmd_off(const struct options *options, struct err *err)
{
	struct report_style style = say_style();
	struct report_removed removed = { 0 };
	OWN_BUF struct buf buf = BUF_INIT;
	struct err why;
	int result = apply_off(&removed.count, err);

	/* What waits for a confirmation must not put anything back. */
	int told = keeper_tell(KEEPER_FORGET, NULL, &why);
	if (told < 0 && told != -ENOENT)
		say_warning("%s: it may put former programs back, say "
			    "\"wirewall off\" again then",
			    why.text);

	if (result < 0)
		return result;
	say_format(options)->removed(&buf, &style, &removed);
	return say_done(&buf, "taken off", err);
}
