// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "cli/attached.h"
#include "cli/say.h"
#include "cli/stats_watch.h"

#define CLEAR "\033[H\033[2J" /* a terminal's first line, and nothing below */

static const struct report_attached *find(const struct attached *attached,
					  uint32_t prog_id)
{
	for (size_t i = 0; attached && i < attached->count; i++) {
		if (attached->reports[i].prog_id == prog_id)
			return &attached->reports[i];
	}
	return NULL;
}

/* Packets per second since @before; a new program has none yet. */
static int add_rates(struct attached *now, const struct attached *before,
		     long passed)
{
	for (size_t i = 0; i < now->count; i++) {
		struct report_attached *report = &now->reports[i];
		const struct report_attached *old =
			find(before, report->prog_id);
		size_t count = report->drop_count;

		now->rates[i] = calloc(count + 1, sizeof(**now->rates));
		if (!now->rates[i])
			return -1;
		/* A card that does not answer any more counts for nothing. */
		if (old && (!old->card_drops != !report->card_drops ||
			    old->drop_count != count))
			old = NULL;
		for (size_t j = 0; old && j < count; j++)
			now->rates[i][j] = (report->drops[j] - old->drops[j]) *
					   1000 / (passed > 0 ? passed : 1);
		report->rates = now->rates[i];
	}
	return 0;
}

static int show(const struct options *options, const struct attached *attached,
		struct err *err)
{
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();

	if (style.width && !options->json)
		buf_add(&buf, CLEAR);
	say_format(options)->stats(&buf, &style, attached->reports,
				   attached->count);
	return say_report(&buf, err);
}

int stats_watch(const struct options *options, const char *iface,
		struct err *err)
{
	OWN(attached) struct attached *before = NULL;
	long then = clock_ms();

	for (;;) {
		OWN(attached) struct attached *now = NULL;
		int result = attached_make(iface, &now, err);
		long time = clock_ms();

		if (result == 0 && add_rates(now, before, time - then) < 0)
			result = err_no_memory(err);
		if (result == 0)
			result = attached_share(now, err);
		if (result == 0)
			result = show(options, now, err);
		if (result < 0)
			return result;
		attached_free(before);
		before = take(now);
		then = time;
		sleep(1);
	}
}
