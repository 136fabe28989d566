// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/attached.h"
#include "cli/diff.h"
#include "cli/say.h"

struct diffs {
	struct diff *items;
	size_t count;
};

static void diffs_cleanup(struct diffs *diffs)
{
	for (size_t i = 0; i < diffs->count; i++)
		diff_clear(&diffs->items[i]);
	free(diffs->items);
}
#define OWN_DIFFS __attribute__((cleanup(diffs_cleanup)))

static struct diff_before find_before(const struct attached *attached,
				      const char *iface)
{
	for (size_t i = 0; i < attached->count; i++) {
		const struct attachment *from = &attached->kernel->items[i];

		if (!strcmp(from->link.name, iface))
			return (struct diff_before){
				.tier = from->tier,
				.prog_id = from->prog_id,
				.digest = from->meta.digest,
				.record = attached->records[i],
			};
	}
	return (struct diff_before){ .tier = TIER_NONE };
}

static int add_all(struct diffs *diffs, const struct planning *planning,
		   const struct attached *attached, struct err *err)
{
	int result = 0;

	for (size_t i = 0; i < planning->count && result == 0; i++) {
		const struct plan *plan = planning->plans[i].plan;
		struct diff_before before = find_before(attached, plan->iface);

		result = diff_make(plan, &before, &diffs->items[diffs->count],
				   err);
		diffs->count += result == 0;
	}
	return result;
}

int diff_say(const struct options *options,
	     const struct planning *const *plannings, size_t count,
	     struct err *err)
{
	OWN(attached) struct attached *attached = NULL;
	OWN_DIFFS struct diffs diffs = { 0 };
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	size_t plans = 1;
	int result = attached_make(NULL, &attached, err);

	if (result < 0)
		return result;
	for (size_t i = 0; i < count; i++)
		plans += plannings[i]->count;
	diffs.items = calloc(plans, sizeof(*diffs.items));
	if (!diffs.items)
		return err_no_memory(err);
	for (size_t i = 0; i < count && result == 0; i++)
		result = add_all(&diffs, plannings[i], attached, err);
	if (result < 0)
		return result;
	say_format(options)->diffs(&buf, &style, diffs.items, diffs.count);
	return say_report(&buf, err);
}
