// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/switch.h"
#include "cli/attached.h"

static int alloc(struct attached *attached, size_t count)
{
	size_t room = count ? count : 1;

	attached->records = calloc(room, sizeof(*attached->records));
	attached->drops = calloc(room, sizeof(*attached->drops));
	attached->rates = calloc(room, sizeof(*attached->rates));
	attached->reports = calloc(room, sizeof(*attached->reports));
	return attached->records && attached->drops && attached->rates &&
	       attached->reports;
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

static int read_one(struct attached *attached, size_t index, struct err *err)
{
	const struct attachment *from = &attached->kernel->items[index];
	size_t rules = from->meta.rule_count;
	struct record *record = NULL;

	attached->drops[index] = calloc(rules ? rules : 1, sizeof(uint64_t));
	if (!attached->drops[index])
		return err_no_memory(err);
	int result = load_read_drops(from->prog_id, attached->drops[index],
				     rules, err);
	if (result < 0) {
		err_where(err, "%s", from->link.name);
		return result;
	}
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
		.prog_id = from->prog_id,
		.is_shadow = from->meta.is_shadow,
		.record = record,
		.drops = attached->drops[index],
		.drop_count = rules,
	};
	read_switch(&attached->reports[index]);
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
			return result;
		}
	}
	*out = take(attached);
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
	}
	free(attached->rates);
	free(attached->records);
	free(attached->drops);
	free(attached->reports);
	attachments_free(attached->kernel);
	free(attached);
}
