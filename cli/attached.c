// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/expiry.h"
#include "bpf/settings.h"
#include "bpf/stamp.h"
#include "bpf/switch.h"
#include "cli/attached.h"
#include "cli/tally.h"
#include "fallback/ident.h"

static bool alloc(struct attached *attached, size_t count)
{
	size_t room = count ? count : 1;

	attached->records = calloc(room, sizeof(*attached->records));
	attached->drops = calloc(room, sizeof(*attached->drops));
	attached->card_drops = calloc(room, sizeof(*attached->card_drops));
	attached->card_errs = calloc(room, sizeof(*attached->card_errs));
	attached->rates = calloc(room, sizeof(*attached->rates));
	attached->reports = calloc(room, sizeof(*attached->reports));
	return attached->records && attached->drops && attached->card_drops &&
	       attached->card_errs && attached->rates && attached->reports;
}

/* A program without one cannot have been stopped. */
static void read_switch(struct report_attached *report)
{
	struct wire_switch found;
	struct err unseen;

	if (switch_get(report->prog_id, &found, &unseen) < 0)
		return;
	report->is_stopped = found.is_stopped;
	report->stopped = (time_t)found.when;
}

static void read_expiry(struct report_attached *report)
{
	struct err unseen;

	report->is_expiring =
		expiry_get(report->prog_id, &report->expires_in, &unseen) > 0;
}

#define SECOND_NS 1000000000

/* The kernel counts from the boot, suspended or not. */
static void read_since(struct report_attached *report)
{
	struct timespec now = { 0 }, boot = { 0 };
	struct ident ident;
	struct err unseen;

	if (ident_get(report->prog_id, &ident, &unseen) < 0 ||
	    clock_gettime(CLOCK_REALTIME, &now) < 0 ||
	    clock_gettime(CLOCK_BOOTTIME, &boot) < 0)
		return;
	int64_t since = now.tv_nsec - boot.tv_nsec + (int64_t)ident.loaded;
	report->since = now.tv_sec - boot.tv_sec + since / SECOND_NS;
}

/*
 * What the card dropped is added to what the host did. A card that does not
 * answer hides its own counters, not those of the host.
 */
static void add_card(struct attached *attached, size_t index, size_t rules)
{
	const struct attachment *from = &attached->kernel->items[index];
	struct report_attached *report = &attached->reports[index];
	struct err *err = &attached->card_errs[index];
	uint64_t *drops = attached->card_drops[index];

	report->card_id = from->card_id;
	if (load_read_drops(from->card_id, drops, from->card_count, err) < 0) {
		report->card_words = err->text;
		return;
	}
	report->card_drops = drops;
	for (size_t i = 0; i < rules; i++)
		attached->drops[index][i] += drops[i];
}

/* The counters of the one program, or of the host's beside a card's. */
static int read_drops(struct attached *attached, size_t index, struct err *err)
{
	const struct attachment *from = &attached->kernel->items[index];
	int result = load_read_drops(from->prog_id, attached->drops[index],
				     from->meta.rule_count, err);

	if (result == 0)
		return 0;
	err_where(err, "%s", from->link.name);
	if (from->host_tier != TIER_HW)
		return result;
	attached->card_errs[index] = *err;
	return 1;
}

static int read_one(struct attached *attached, size_t index, struct err *err)
{
	const struct attachment *from = &attached->kernel->items[index];
	size_t rules = from->meta.rule_count;
	struct record *record = NULL;

	if (from->card_id && from->card_count > rules)
		rules = from->card_count;
	attached->drops[index] = calloc(rules + 1, sizeof(uint64_t));
	attached->card_drops[index] = calloc(rules + 1, sizeof(uint64_t));
	if (!attached->drops[index] || !attached->card_drops[index])
		return err_no_memory(err);
	int result = read_drops(attached, index, err);
	if (result < 0)
		return result;
	if (from->record)
		record = record_parse(from->record);
	if (record && !record_is_of(record, from->meta.digest)) {
		record_free(record);
		record = NULL;
	}
	attached->records[index] = record;
	attached->reports[index] = (struct report_attached){
		.iface = from->link.name,
		.tier = from->tier,
		.host_tier = from->host_tier,
		.prog_id = from->prog_id,
		.is_shadow = from->meta.is_shadow,
		.record = record,
		.drops = attached->drops[index],
		.drop_count = rules,
	};
	read_switch(&attached->reports[index]);
	read_expiry(&attached->reports[index]);
	read_since(&attached->reports[index]);
	if (result > 0)
		attached->reports[index].card_words =
			attached->card_errs[index].text;
	if (from->card_id)
		add_card(attached, index, rules);
	return 0;
}

int attached_make(const char *iface, struct attached **out, struct err *err)
{
	OWN(attached) struct attached *attached = calloc(1, sizeof(*attached));

	if (!attached)
		return err_no_memory(err);
	int result = apply_list(iface, &attached->kernel, err);
	if (result < 0)
		return result;
	if (!alloc(attached, attached->kernel->count))
		return err_no_memory(err);
	for (; attached->count < attached->kernel->count; attached->count++) {
		result = read_one(attached, attached->count, err);
		if (result < 0) {
			free(attached->drops[attached->count]);
			free(attached->card_drops[attached->count]);
			return result;
		}
	}
	*out = take(attached);
	return 0;
}

/*
 * What the program finds different from its plan by now. Nothing, where it
 * cannot be told: without privileges, or of another version's program.
 */
static unsigned int find_changes(struct stamper *stamper,
				 const struct attachment *of)
{
	struct wire_settings settings;
	struct wire_stamp now;
	struct err why;

	if (settings_read(of->prog_id, &settings, &why) < 0 ||
	    stamper_take(stamper, of->link.ifindex, &now, &why) < 0)
		return 0;
	return stamp_changes(&settings, &now);
}

void attached_compare(struct attached *attached)
{
	OWN(stamper) struct stamper *stamper = NULL;
	struct kernel_features kernel;
	struct err why;

	kernel_features_probe(&kernel);
	if (!attached->count || !kernel.has_device ||
	    stamper_open(&stamper, &why) < 0)
		return;
	for (size_t i = 0; i < attached->count; i++)
		attached->reports[i].changes =
			find_changes(stamper, &attached->kernel->items[i]);
}

int attached_share(struct attached *attached, struct err *err)
{
	OWN_TALLY struct tally tally = { 0 };

	if (!attached->count)
		return 0;
	attached->shares = calloc(attached->count, sizeof(*attached->shares));
	if (!attached->shares)
		return err_no_memory(err);
	tally_read(&tally);
	for (size_t i = 0; i < attached->count; i++) {
		tally_share(&tally, &attached->reports[i],
			    &attached->shares[i]);
		attached->reports[i].share = &attached->shares[i];
	}
	return 0;
}

void attached_free(struct attached *attached)
{
	if (!attached)
		return;
	for (size_t i = 0; i < attached->count; i++) {
		record_free(attached->records[i]);
		free(attached->drops[i]);
		free(attached->rates[i]);
		free(attached->card_drops[i]);
	}
	free(attached->shares);
	free(attached->rates);
	free(attached->records);
	free(attached->drops);
	free(attached->card_drops);
	free(attached->card_errs);
	free(attached->reports);
	attachments_free(attached->kernel);
	free(attached);
}
