// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cli/applying.h"
#include "cli/command.h"
#include "cli/diff.h"
#include "cli/intent.h"
#include "cli/say.h"

/* Bring @plannings into the kernel, or tell what that would change. */
static int run(const struct options *options,
	       const struct planning *const *plannings, size_t count,
	       struct err *err)
{
	OWN(applying) struct applying *applying = NULL;
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	int result;

	if (options->diff)
		return diff_say(options, plannings, count, err);
	result = applying_make(plannings, count, &applying, err);
	if (result == 0)
		result = applying_run(applying, options->confirm, err);
	if (result < 0)
		return result;
	if (options->confirm)
		say_warning("the former state comes back in %u seconds, unless "
			    "\"wirewall confirm\" is said before",
			    options->confirm);
	say_format(options)->applied(&buf, &style, applying->reports,
				     applying->count);
	return say_done(&buf, "applied", err);
}

static int apply_named(const struct options *options, struct err *err)
{
	OWN(planning) struct planning *planning = NULL;
	int result;

	if (options->config)
		return err_set(err, ERR_USAGE, EINVAL,
			       "--config is for apply without names: it "
			       "brings all interfaces where the files want "
			       "them");
	result = planning_make(options, options->args, options->arg_count,
			       false, &planning, err);
	if (result == 0)
		result = applying_check(options, planning, err);
	if (result < 0)
		return result;

	const struct planning *plannings[] = { planning };
	return run(options, plannings, 1, err);
}

/* Rules for interfaces that were forgotten would be ignored. */
static int check_no_settings(const struct options *options, struct err *err)
{
	if (!(options->given & command_settings()))
		return 0;
	return err_set(err, ERR_USAGE, EINVAL,
		       "which interfaces? Name them, like wirewall apply "
		       "--rules FILE eth0; without options apply does what "
		       "/etc/wirewall says");
}

static int apply_all(const struct options *options, struct err *err)
{
	OWN(intent) struct intent *intent = NULL;
	int result = check_no_settings(options, err);

	if (result == 0)
		result = intent_make(options->config, &intent, err);
	for (size_t i = 0; result == 0 && i < intent->count; i++) {
		if (intent->options[i])
			result = applying_check(intent->options[i],
						intent->plannings[i], err);
	}
	if (result < 0)
		return result;
	for (size_t i = 0; i < intent->absent_count; i++)
		say_warning("%s is not on this machine; apply again, or let "
			    "watch run, when it is",
			    intent->absent[i]);
	return run(options, (const struct planning *const *)intent->plannings,
		   intent->count, err);
}

int cmd_apply(const struct options *options, struct err *err)
{
	if (options->diff && options->confirm)
		return err_set(err, ERR_USAGE, EINVAL,
			       "--diff changes nothing that --confirm could "
			       "roll back; give one of them");
	return options->arg_count ? apply_named(options, err)
				  : apply_all(options, err);
}
