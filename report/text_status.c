// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "report/assumed.h"
#include "report/escape.h"
#include "report/grid.h"
#include "report/rule_name.h"
#include "report/text.h"

static void print_steps(struct buf *buf, const struct report_style *style,
			const struct record_step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct record_step *step = &steps[i];
		OWN_BUF struct buf line = BUF_INIT;

		if (!step->tier)
			continue;
		buf_addf(&line, "not %s: ", step->tier);
		escape_add(&line, step->sentence ? step->sentence : "?");
		if (step->text && *step->text) {
			buf_add(&line, ": ");
			escape_add(&line, step->text);
		}
		buf_add(buf, "  ");
		grid_wrap(buf, buf_text(&line), 4, style->width);
		buf_add(buf, "\n");
		buf->has_failed |= line.has_failed;
	}
}

static void print_assumed(struct buf *buf, const struct report_style *style,
			  const struct plan *plan)
{
	OWN_BUF struct buf line = BUF_INIT;

	assumed_add(&line, plan);
	buf->has_failed |= line.has_failed;
	if (!line.length)
		return;
	buf_add(buf, "  ");
	grid_wrap(buf, buf_text(&line), 4, style->width);
	buf_add(buf, "\n");
}

static void print_applied(struct buf *buf, const struct report_style *style,
			  const struct report_applied *applied)
{
	const struct plan *plan = applied->plan;

	text_paint(buf, style, TEXT_BOLD, plan->iface);
	if (applied->tier == TIER_NONE) {
		buf_add(buf, ": nothing attached, no packet is dropped "
			     "early\n");
	} else {
		buf_addf(buf, ": %zu of %zu drop rules %s early (%s, ",
			 plan->early_rule_count, plan->drop_rule_count,
			 plan->wishes.is_shadow ? "would die" : "die",
			 tier_name(applied->tier));
		buf_addf(buf, "program %" PRIu32 "%s)\n", applied->prog_id,
			 applied->is_unchanged ? ", as before" : "");
		if (!applied->has_frags)
			buf_add(buf, "  jumbo frames of several buffers are "
				     "not taken\n");
		print_assumed(buf, style, plan);
	}
	print_steps(buf, style, applied->steps, applied->step_count);
}

void text_applied(struct buf *buf, const struct report_style *style,
		  const struct report_applied *applied, size_t count)
{
	for (size_t i = 0; i < count; i++)
		print_applied(buf, style, &applied[i]);
}

static uint64_t sum(const struct report_attached *attached)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < attached->drop_count; i++)
		packets += attached->drops[i];
	return packets;
}

static void print_stopped(struct buf *buf, time_t since)
{
	struct tm tm = { 0 };
	char text[32] = "?";

	if (gmtime_r(&since, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_addf(buf,
		 "  stopped since %s: the host has changed, and nothing "
		 "is dropped until it is planned anew\n",
		 text);
}

static void print_head(struct buf *buf, const struct report_style *style,
		       const struct report_attached *attached)
{
	text_paint(buf, style, TEXT_BOLD, attached->iface);
	buf_addf(buf, ": %s, program %" PRIu32 ", %" PRIu64 " packets %s",
		 tier_name(attached->tier), attached->prog_id, sum(attached),
		 attached->is_shadow ? "would have been dropped" : "dropped");
	buf_addf(buf, " by %zu rule%s\n", attached->drop_count,
		 attached->drop_count == 1 ? "" : "s");
	if (attached->is_stopped)
		print_stopped(buf, attached->stopped);
	if (attached->is_unconfirmed)
		buf_addf(buf,
			 "  rolled back in %u seconds, unless \"wirewall "
			 "confirm\" is said before\n",
			 attached->seconds_left);
	if (!attached->record)
		buf_add(buf, "  what was applied is not recorded (nothing of "
			     "this program under /run/wirewall)\n");
}

static void print_field(struct buf *buf, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	buf_addf(buf, "  %-9s", name);
	escape_add(buf, value);
	buf_add(buf, "\n");
}

static void print_record(struct buf *buf, const struct report_style *style,
			 const struct record *record)
{
	print_field(buf, "applied", record->applied);
	print_field(buf, "IPv4", record->sources[0]);
	print_field(buf, "IPv6", record->sources[1]);
	for (size_t i = 0; i < record->wish_count; i++)
		print_field(buf, "asked", record->wishes[i]);
	print_steps(buf, style, record->steps, record->step_count);
}

static void print_none(struct buf *buf)
{
	buf_add(buf, "no program of wirewall is attached\n");
}

void text_status(struct buf *buf, const struct report_style *style,
		 const struct report_attached *attached, size_t count)
{
	if (!count)
		print_none(buf);
	for (size_t i = 0; i < count; i++) {
		print_head(buf, style, &attached[i]);
		if (attached[i].record)
			print_record(buf, style, attached[i].record);
	}
}

/* Cells for one counter; without a record its number is its name. */
static void add_counter(struct buf *buf, struct grid *grid,
			const struct report_attached *attached, size_t index)
{
	const struct record *record = attached->record;
	struct record_counter counter = { 0 };
	OWN_BUF struct buf name = BUF_INIT;
	char packets[24], rate[24] = "", line[16] = "";

	if (record && index < record->counter_count)
		counter = record->counters[index];
	if (counter.table && counter.chain) {
		if (counter.family == FAMILY_IPV6)
			buf_add(&name, "IPv6 ");
		rule_name_add(&name, counter.table, counter.chain,
			      counter.number);
	} else {
		buf_addf(&name, "counter %zu", index);
	}
	if (counter.line)
		snprintf(line, sizeof(line), "%u", counter.line);
	snprintf(packets, sizeof(packets), "%" PRIu64, attached->drops[index]);
	if (attached->rates)
		snprintf(rate, sizeof(rate), "%" PRIu64,
			 attached->rates[index]);
	const char *const cells[] = { packets, rate, buf_text(&name), line,
				      counter.text };
	const char *const fewer[] = { packets, buf_text(&name), line,
				      counter.text };
	grid_add(grid, attached->rates ? cells : fewer);
	buf->has_failed |= name.has_failed;
}

void text_stats(struct buf *buf, const struct report_style *style,
		const struct report_attached *attached, size_t count)
{
	static const struct grid_column columns[] = {
		{ "DROPS", true },
		{ "RULE", false },
		{ "LINE", true },
		{ "TEXT", false },
	};
	static const struct grid_column with_rates[] = {
		{ "DROPS", true }, { "A SECOND", true }, { "RULE", false },
		{ "LINE", true },  { "TEXT", false },
	};

	if (!count)
		print_none(buf);
	for (size_t i = 0; i < count; i++) {
		OWN(grid)
		struct grid *grid =
			attached[i].rates
				? grid_make(with_rates, ARRAY_SIZE(with_rates))
				: grid_make(columns, ARRAY_SIZE(columns));

		for (size_t j = 0; j < attached[i].drop_count; j++)
			add_counter(buf, grid, &attached[i], j);
		if (i)
			buf_add(buf, "\n");
		print_head(buf, style, &attached[i]);
		grid_print(buf, grid, style->width);
	}
}
