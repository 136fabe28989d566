// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "offload/known.h"
#include "report/assumed.h"
#include "report/escape.h"
#include "report/grid.h"
#include "report/rule_name.h"
#include "report/text.h"
#include "report/when.h"

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

/* "hw, program 5, and native, program 6" */
static void print_programs(struct buf *buf, uint32_t card_id, enum tier tier,
			   uint32_t prog_id)
{
	if (card_id)
		buf_addf(buf, "hw, program %" PRIu32, card_id);
	if (card_id && prog_id)
		buf_add(buf, ", and ");
	if (prog_id)
		buf_addf(buf, "%s, program %" PRIu32, tier_name(tier), prog_id);
}

/* Without the host's program only the card's rules count. */
static size_t early_rules(const struct report_applied *applied)
{
	return applied->prog_id ? applied->plan->early_rule_count
				: applied->card_rules;
}

/* How much of it the card does, and what keeps it from more. */
static void print_card(struct buf *buf, const struct report_style *style,
		       const struct report_applied *applied)
{
	OWN_BUF struct buf line = BUF_INIT;

	buf_addf(&line, "%zu of them on the card", applied->card_rules);
	if (*applied->card_limit) {
		buf_addf(&line, ", which has no room for all %zu: ",
			 applied->plan->card_rule_count);
		escape_add(&line, applied->card_limit);
	}
	buf->has_failed |= line.has_failed;
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
		buf_addf(buf, ": %zu of %zu drop rules %s early (",
			 early_rules(applied), plan->drop_rule_count,
			 plan->wishes.is_shadow ? "would die" : "die");
		print_programs(buf, applied->card_id, applied->host_tier,
			       applied->prog_id);
		buf_addf(buf, "%s)\n",
			 applied->is_unchanged ? ", as before" : "");
		if (applied->card_id)
			print_card(buf, style, applied);
		if (applied->prog_id && !applied->has_frags)
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

static uint64_t sum(const uint64_t *drops, size_t count)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < count; i++)
		packets += drops[i];
	return packets;
}

static void print_stopped(struct buf *buf, time_t since)
{
	buf_addf(buf,
		 "  stopped since %s: the host has changed, and nothing "
		 "is dropped until it is planned anew\n",
		 when_make(since).text);
}

/* Nobody is left who would roll it back. */
static void print_expiry(struct buf *buf,
			 const struct report_attached *attached)
{
	buf_add(buf, "  not confirmed, and the process that would roll it back "
		     "is gone: ");
	if (attached->expires_in)
		buf_addf(buf, "passes everything in %u seconds",
			 attached->expires_in);
	else
		buf_add(buf, "passes everything");
	buf_addf(buf, "%s; apply again\n",
		 attached->card_id ? ", but not on the card (wirewall off)"
				   : "");
}

static void print_head(struct buf *buf, const struct report_style *style,
		       const struct report_attached *attached)
{
	size_t count = attached->drop_count;

	text_paint(buf, style, TEXT_BOLD, attached->iface);
	buf_add(buf, ": ");
	print_programs(buf, attached->card_id, attached->host_tier,
		       attached->prog_id);
	buf_addf(buf, ", %" PRIu64 " packets %s", sum(attached->drops, count),
		 attached->is_shadow ? "would have been dropped" : "dropped");
	if (attached->card_drops)
		buf_addf(buf, " (%" PRIu64 " on the card)",
			 sum(attached->card_drops, count));
	buf_addf(buf, " by %zu rule%s\n", attached->drop_count,
		 attached->drop_count == 1 ? "" : "s");
	if (attached->is_stopped)
		print_stopped(buf, attached->stopped);
	if (attached->is_unconfirmed)
		buf_addf(buf,
			 "  rolled back in %u seconds, unless \"wirewall "
			 "confirm\" is said before\n",
			 attached->seconds_left);
	else if (attached->is_expiring)
		print_expiry(buf, attached);
	if (attached->card_words) {
		buf_add(buf, "  what the card dropped is not in it: ");
		escape_add(buf, attached->card_words);
		buf_add(buf, "\n");
	}
	for (unsigned int i = 0; known_change_sentence(i); i++) {
		if (attached->changes & 1u << i)
			buf_addf(buf,
				 "  its packets pass since %s: apply again\n",
				 known_change_sentence(i));
	}
	if (!attached->record)
		buf_add(buf, "  what was applied is not recorded (nothing of "
			     "this program under /run/wirewall)\n");
}

#define FIELD_INDENT 11

static void print_field(struct buf *buf, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	buf_addf(buf, "  %-9s", name);
	escape_add(buf, value);
	buf_add(buf, "\n");
}

/* Enough of a digest to tell it from another one by eye. */
#define DIGEST_SHOWN 12

/* What the host has loaded may have changed; a file's rules may never have
 * been what it has. */
static void add_host_rules(struct buf *buf, const struct record_rules *rules,
			   const struct report_host_rules *host)
{
	switch (host->answer) {
	case HOST_RULES_UNASKED:
		break;
	case HOST_RULES_SAME:
		buf_add(buf, ", the host's rules are the same");
		break;
	case HOST_RULES_OTHER:
		buf_addf(buf,
			 rules->tables
				 ? ", the host's rules are others: %.*s"
				 : ", the host's rules have changed since: "
				   "%.*s; apply again, or let watch run",
			 DIGEST_SHOWN, host->digest.hex);
		break;
	case HOST_RULES_UNREAD:
		buf_add(buf, ", whether the host has the same is not known: ");
		buf_add(buf, host->words);
		break;
	}
}

static void print_rules(struct buf *buf, const struct report_style *style,
			const char *family, const struct record_rules *rules,
			const struct report_host_rules *host)
{
	OWN_BUF struct buf text = BUF_INIT;
	OWN_BUF struct buf line = BUF_INIT;

	print_field(buf, family, rules->source);
	if (!rules->source || !rules->digest)
		return;
	buf_addf(&text, "digest %.*s", DIGEST_SHOWN, rules->digest);
	add_host_rules(&text, rules, host);
	escape_add(&line, buf_text(&text));
	buf->has_failed |= text.has_failed | line.has_failed;
	buf_addf(buf, "%*s", FIELD_INDENT, "");
	grid_wrap(buf, buf_text(&line), FIELD_INDENT, style->width);
	buf_add(buf, "\n");
}

static void print_vouched(struct buf *buf, const struct record *record)
{
	OWN_BUF struct buf names = BUF_INIT;

	for (size_t i = 0; i < record->assumed_count; i++) {
		if (record->assumed[i])
			buf_addf(&names, "%s%s", names.length ? ", " : "",
				 record->assumed[i]);
	}
	if (names.length)
		buf_add(&names, ": apply again when one of these changes");
	print_field(buf, "vouched", buf_text(&names));
	buf->has_failed |= names.has_failed;
}

static void print_record(struct buf *buf, const struct report_style *style,
			 const struct report_attached *attached)
{
	const struct record *record = attached->record;

	print_field(buf, "applied", record->applied);
	print_rules(buf, style, "IPv4", &record->rules[0],
		    &attached->host_rules[0]);
	print_rules(buf, style, "IPv6", &record->rules[1],
		    &attached->host_rules[1]);
	for (size_t i = 0; i < record->wish_count; i++)
		print_field(buf, "asked", record->wishes[i]);
	print_vouched(buf, record);
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
		if (attached[i].since)
			print_field(buf, "since",
				    when_make(attached[i].since).text);
		if (attached[i].record)
			print_record(buf, style, &attached[i]);
	}
}

static void add_name(struct buf *name, const struct record_counter *counter,
		     size_t index)
{
	if (!counter->table || !counter->chain) {
		buf_addf(name, "counter %zu", index);
		return;
	}
	if (counter->family == FAMILY_IPV6)
		buf_add(name, "IPv6 ");
	rule_name_add(name, counter->table, counter->chain, counter->number);
}

/* Of DROPS, CARD, A SECOND, RULE, LINE, TEXT those that there is something for:
 * their numbers; returns how many. */
#define CELLS_MAX 6
static size_t choose_cells(const struct report_attached *attached,
			   size_t chosen[CELLS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < CELLS_MAX; i++) {
		if ((i == 1 && !attached->card_drops) ||
		    (i == 2 && !attached->rates))
			continue;
		chosen[count++] = i;
	}
	return count;
}

static void print_number(char text[24], const uint64_t *numbers, size_t index)
{
	*text = '\0';
	if (numbers)
		snprintf(text, 24, "%" PRIu64, numbers[index]);
}

/* Cells for one counter; without a record its number is its name. */
static void add_counter(struct buf *buf, struct grid *grid,
			const struct report_attached *attached, size_t index)
{
	const struct record *record = attached->record;
	struct record_counter counter = { 0 };
	OWN_BUF struct buf name = BUF_INIT;
	char packets[24], card[24], rate[24], line[16] = "";
	const char *cells[CELLS_MAX];
	size_t chosen[CELLS_MAX];
	size_t count = choose_cells(attached, chosen);

	if (record && index < record->counter_count)
		counter = record->counters[index];
	add_name(&name, &counter, index);
	if (counter.line)
		snprintf(line, sizeof(line), "%u", counter.line);
	print_number(packets, attached->drops, index);
	print_number(card, attached->card_drops, index);
	print_number(rate, attached->rates, index);

	const char *const all[CELLS_MAX] = {
		packets, card, rate, buf_text(&name), line, counter.text
	};
	for (size_t i = 0; i < count; i++)
		cells[i] = all[chosen[i]];
	grid_add(grid, cells);
	buf->has_failed |= name.has_failed;
}

static struct grid *counter_grid(const struct report_attached *attached,
				 struct grid_column columns[CELLS_MAX])
{
	static const struct grid_column all[CELLS_MAX] = {
		{ "DROPS", true }, { "CARD", true }, { "A SECOND", true },
		{ "RULE", false }, { "LINE", true }, { "TEXT", false },
	};
	size_t chosen[CELLS_MAX];
	size_t count = choose_cells(attached, chosen);

	for (size_t i = 0; i < count; i++)
		columns[i] = all[chosen[i]];
	return grid_make(columns, count);
}

static void print_left(struct buf *buf, const struct report_style *style,
		       const struct share *share)
{
	for (size_t i = 0; i < share->left_count; i++) {
		OWN_BUF struct buf line = BUF_INIT;

		buf_addf(&line,
			 "%" PRIu64 " by the host: ", share->left[i].packets);
		escape_add(&line, share->left[i].sentence);
		buf->has_failed |= line.has_failed;
		buf_add(buf, "    ");
		grid_wrap(buf, buf_text(&line), 6, style->width);
		buf_add(buf, "\n");
	}
}

/*
 * A shadow drops nothing, so that the host's rules have met all. They count
 * packets of other interfaces, too: the share is this or more.
 */
static void print_share(struct buf *buf, const struct report_style *style,
			const struct report_attached *attached)
{
	const struct share *share = attached->share;
	const char *what =
		attached->is_shadow ? "would have died early" : "died early";
	unsigned int permille;

	if (!share)
		return;
	if (*share->unknown) {
		buf_addf(buf,
			 "  what share of all drops %s is not known: ", what);
		escape_add(buf, share->unknown);
		buf_add(buf, "\n");
		return;
	}
	permille = share_permille(share, attached->is_shadow);
	buf_add(buf, "  since ");
	escape_add(buf, share->since);
	if (!share->early && !share->host) {
		buf_add(buf, " these rules dropped nothing\n");
		return;
	}
	buf_addf(buf,
		 " at least %u.%u %% of what these rules drop %s: %" PRIu64
		 ", and the host dropped %" PRIu64 "\n",
		 permille / 10, permille % 10, what, share->early, share->host);
	print_left(buf, style, share);
}

void text_stats(struct buf *buf, const struct report_style *style,
		const struct report_attached *attached, size_t count)
{
	if (!count)
		print_none(buf);
	for (size_t i = 0; i < count; i++) {
		struct grid_column columns[CELLS_MAX];
		OWN(grid)
		struct grid *grid = counter_grid(&attached[i], columns);

		for (size_t j = 0; j < attached[i].drop_count; j++)
			add_counter(buf, grid, &attached[i], j);
		if (i)
			buf_add(buf, "\n");
		print_head(buf, style, &attached[i]);
		print_share(buf, style, &attached[i]);
		grid_print(buf, grid, style->width);
	}
}
