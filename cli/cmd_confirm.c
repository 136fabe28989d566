// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cli/command.h"
#include "cli/keeper.h"
#include "cli/say.h"

int cmd_confirm(const struct options *options, struct err *err)
{
	struct keeper_answer answer = { 0 };
	struct report_confirmed confirmed = { 0 };
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	int result = keeper_tell(KEEPER_CONFIRM, &answer, err);

	if (result == -ENOENT)
		return err_set(err, ERR_SYSTEM, 0,
			       "nothing waits for a confirmation: it came "
			       "before, or too late and the former state is "
			       "back; wirewall status shows what is attached");
	if (result == -ENOMSG)
		return err_set(err, ERR_SYSTEM, 0,
			       "it may be confirmed or not: the process that "
			       "waited was told, but did not answer; wirewall "
			       "status shows whether it is rolled back");
	if (result < 0) {
		err_where(err, "not confirmed");
		return result;
	}
	confirmed.seconds_left = answer.seconds;
	say_format(options)->confirmed(&buf, &style, &confirmed);
	return say_done(&buf, "confirmed", err);
}
