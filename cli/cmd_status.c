// SPDX-License-Identifier: GPL-2.0-only
#include "base/num.h"
#include "cli/attached.h"
#include "cli/command.h"
#include "cli/keeper.h"
#include "cli/say.h"

/* Which of them does a keeper wait for? */
static void name_unconfirmed(struct attached *attached)
{
	struct keeper_answer answer = { 0 };
	struct err unseen;

	if (keeper_tell(KEEPER_ASK, &answer, &unseen) < 0)
		return;
	for (size_t i = 0; i < attached->count; i++) {
		struct report_attached *report = &attached->reports[i];

		for (size_t j = 0; j < ARRAY_SIZE(answer.prog_ids); j++) {
			if (answer.prog_ids[j] == report->prog_id)
				report->is_unconfirmed = true;
		}
		report->seconds_left = answer.seconds;
	}
}

/* What is attached, told by one of a format's functions. */
static int
say_attached(const struct options *options,
	     void (*tell)(struct buf *buf, const struct report_style *style,
			  const struct report_attached *attached, size_t count),
	     struct err *err)
{
	OWN(attached) struct attached *attached = NULL;
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	const char *iface = options->arg_count ? options->args[0] : NULL;
	int result = attached_make(iface, &attached, err);

	if (result < 0)
		return result;
	name_unconfirmed(attached);
	tell(&buf, &style, attached->reports, attached->count);
	return say_report(&buf, err);
}

int cmd_status(const struct options *options, struct err *err)
{
	return say_attached(options, say_format(options)->status, err);
}

int cmd_stats(const struct options *options, struct err *err)
{
	return say_attached(options, say_format(options)->stats, err);
}
