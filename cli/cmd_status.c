// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "base/num.h"
#include "cli/attached.h"
#include "cli/command.h"
#include "cli/host_rules.h"
#include "cli/keeper.h"
#include "cli/say.h"
#include "cli/serve.h"
#include "cli/stats_watch.h"
#include "report/prometheus.h"

/* More than it can tell of: those that expire are meant, too. */
static bool is_full(const struct keeper_answer *answer)
{
	return answer->prog_ids[ARRAY_SIZE(answer->prog_ids) - 1] != 0;
}

/* Which of them does a keeper wait for? */
static void name_unconfirmed(struct attached *attached)
{
	struct keeper_answer answer = { 0 };
	struct err unseen;

	if (keeper_tell(KEEPER_ASK, &answer, &unseen) < 0)
		return;
	for (size_t i = 0; i < attached->count; i++) {
		struct report_attached *report = &attached->reports[i];

		report->is_unconfirmed =
			report->is_expiring && is_full(&answer);
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
	     bool is_status, struct err *err)
{
	OWN(attached) struct attached *attached = NULL;
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	const char *iface = options->arg_count ? options->args[0] : NULL;
	int result = attached_make(iface, &attached, err);

	if (result < 0)
		return result;
	name_unconfirmed(attached);
	attached_compare(attached);
	if (is_status)
		result = host_rules_compare(attached, err);
	else
		result = attached_share(attached, err);
	if (result < 0)
		return result;
	tell(&buf, &style, attached->reports, attached->count);
	return say_report(&buf, err);
}

int cmd_status(const struct options *options, struct err *err)
{
	return say_attached(options, say_format(options)->status, true, err);
}

static int make_metrics(const char *iface, struct buf *out, struct err *err)
{
	OWN(attached) struct attached *attached = NULL;
	int result = attached_make(iface, &attached, err);

	if (result == 0)
		result = attached_share(attached, err);
	if (result == 0)
		prometheus_add(out, attached->reports, attached->count);
	return out->has_failed ? err_no_memory(err) : result;
}

/* Whole or not at all: who collects may read it at any moment. */
static int write_metrics(const char *path, const struct buf *metrics,
			 struct err *err)
{
	OWN_BUF struct buf temporary = BUF_INIT;
	OWN_FILE FILE *file = NULL;

	buf_addf(&temporary, "%s.%d", path, getpid());
	if (temporary.has_failed)
		return err_no_memory(err);
	file = fopen(buf_text(&temporary), "wxe");
	if (!file)
		return err_system(err, errno, "cannot write %s",
				  buf_text(&temporary));
	if (fwrite(buf_text(metrics), 1, metrics->length, file) !=
		    metrics->length ||
	    fflush(file) || rename(buf_text(&temporary), path) < 0) {
		int error = errno;

		unlink(buf_text(&temporary));
		return err_system(err, error, "cannot write %s", path);
	}
	return 0;
}

static int check_stats(const struct options *options, struct err *err)
{
	int ways = options->watch + options->prometheus + !!options->textfile +
		   !!options->listen;

	if (ways > 1)
		return err_set(err, ERR_USAGE, EINVAL,
			       "--watch, --prometheus, --textfile and --listen "
			       "exclude each other");
	if (options->json && ways > options->watch)
		return err_set(err, ERR_USAGE, EINVAL,
			       "--json is not for --prometheus, --textfile and "
			       "--listen, which have forms of their own");
	if (options->group && !options->listen)
		return err_set(err, ERR_USAGE, EINVAL,
			       "--group belongs to --listen unix:/PATH");
	if (options->listen && options->arg_count)
		return err_set(err, ERR_USAGE, EINVAL,
			       "--listen serves all interfaces: leave out "
			       "\"%s\"",
			       options->args[0]);
	return 0;
}

int cmd_stats(const struct options *options, struct err *err)
{
	const char *iface = options->arg_count ? options->args[0] : NULL;
	OWN_BUF struct buf metrics = BUF_INIT;
	int result = check_stats(options, err);

	if (result < 0)
		return result;
	if (options->watch)
		return stats_watch(options, iface, err);
	if (options->listen)
		return serve_run(options->listen, options->group, err);
	if (!options->prometheus && !options->textfile)
		return say_attached(options, say_format(options)->stats, false,
				    err);
	result = make_metrics(iface, &metrics, err);
	if (result < 0)
		return result;
	return options->textfile
		       ? write_metrics(options->textfile, &metrics, err)
		       : say_report(&metrics, err);
}
