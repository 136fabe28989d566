// SPDX-License-Identifier: GPL-2.0-only
#include "report/grid.h"
#include "report/rule_name.h"
#include "report/text.h"

#define SHOWN_LOSSES 5

static const char *percent(const struct measure_share *share, char text[16])
{
	unsigned int permille = measure_permille(share);

	if (!share->dropped)
		return "-";
	snprintf(text, 16, "%u.%u %%", permille / 10, permille % 10);
	return text;
}

/* "input 97.3 %, forward 100.0 %" */
static void add_ways(struct buf *buf, const struct measure *measure)
{
	const char *comma = "";

	for (int way = 0; way < MEASURE_WAY_COUNT; way++) {
		const struct measure_share *all = &measure->ways[way].all;
		char text[16];

		if (!all->dropped)
			continue;
		buf_addf(buf, "%s%s %s", comma, measure_way_name(way),
			 percent(all, text));
		comma = ", ";
	}
	if (!*comma)
		buf_add(buf, "none dropped");
}

void text_measure_summary(struct buf *buf, const struct report_plan *report)
{
	for (size_t i = 0; i < ARRAY_SIZE(report->measures); i++) {
		const struct measure *measure = report->measures[i];

		if (!measure)
			continue;
		buf_addf(buf,
			 "IPv%d: share of the host's drops that die early, of "
			 "%zu drawn packets: ",
			 i ? FAMILY_IPV6 : FAMILY_IPV4, measure->drawn);
		add_ways(buf, measure);
		buf_add(buf, "\n");
	}
}

static void add_row(struct grid *grid, const char *title, enum measure_way way,
		    const struct measure_path *path)
{
	char all[16], protos[MEASURE_PROTO_COUNT][16], dropped[24];
	const char *cells[MEASURE_PROTO_COUNT];

	for (int p = 0; p < MEASURE_PROTO_COUNT; p++)
		cells[p] = percent(&path->protos[p], protos[p]);
	snprintf(dropped, sizeof(dropped), "%zu", path->all.dropped);
	grid_add(grid,
		 (const char *[]){ title, measure_way_name(way), dropped,
				   percent(&path->all, all), cells[MEASURE_TCP],
				   cells[MEASURE_UDP], cells[MEASURE_ICMP],
				   cells[MEASURE_OTHER] });
}

static void add_loss(struct buf *buf, struct grid *grid, enum measure_way way,
		     const struct measure_loss *loss)
{
	OWN_BUF struct buf name = BUF_INIT;
	char count[24];

	snprintf(count, sizeof(count), "%zu", loss->count);
	grid_add(grid, (const char *[]){ measure_way_name(way), count,
					 loss->sentence });
	if (!loss->rule)
		return;
	rule_name_add_all(&name, loss->rule->table, loss->rule->chain,
			  loss->rule->rule);
	buf->has_failed |= name.has_failed;
	grid_note(grid, buf_text(&name));
}

/* One measure and how its rows are headed. */
struct titled {
	const char *title, *because;
	const struct measure *measure; /* NULL: not measured */
};

static void print_shares(struct buf *buf, const struct report_style *style,
			 const char *intro, const struct titled *measures,
			 size_t count)
{
	const struct grid_column columns[] = {
		{ "SHARE", false }, { "WAY", false },  { "DROPS", true },
		{ "EARLY", true },  { "TCP", true },   { "UDP", true },
		{ "ICMP", true },   { "OTHER", true },
	};
	OWN(grid) struct grid *grid = grid_make(columns, ARRAY_SIZE(columns));
	bool has_rows = false;

	for (size_t i = 0; i < count; i++) {
		const struct measure *measure = measures[i].measure;

		for (int way = 0; measure && way < MEASURE_WAY_COUNT; way++) {
			const struct measure_path *path = &measure->ways[way];

			if (!path->all.dropped)
				continue;
			add_row(grid, measures[i].title, way, path);
			has_rows = true;
		}
	}
	if (!has_rows)
		return;
	buf_add(buf, "\n");
	buf_add(buf, intro);
	grid_print(buf, grid, style->width);
}

static void print_losses(struct buf *buf, const struct report_style *style,
			 const struct titled *titled)
{
	const struct grid_column columns[] = {
		{ "WAY", false },
		{ "PACKETS", true },
		{ titled->because, false },
	};
	OWN(grid) struct grid *grid = grid_make(columns, ARRAY_SIZE(columns));
	bool has_rows = false;

	for (int way = 0; way < MEASURE_WAY_COUNT; way++) {
		const struct measure_path *path = &titled->measure->ways[way];

		for (size_t i = 0; i < path->loss_count && i < SHOWN_LOSSES;
		     i++, has_rows = true)
			add_loss(buf, grid, way, &path->losses[i]);
	}
	if (!has_rows)
		return;
	buf_add(buf, "\n");
	grid_print(buf, grid, style->width);
}

static void print_all(struct buf *buf, const struct report_style *style,
		      const char *intro, const struct titled *measures,
		      size_t count)
{
	print_shares(buf, style, intro, measures, count);
	for (size_t i = 0; i < count; i++) {
		if (measures[i].measure)
			print_losses(buf, style, &measures[i]);
	}
}

static const struct measure *of_card(const struct measure_cards *cards,
				     bool syn_is_new, enum family family)
{
	const struct measure_card *card = &cards->by_syn[syn_is_new];
	bool is_ipv6 = family == FAMILY_IPV6;

	return card->is_known[is_ipv6] ? &card->families[is_ipv6] : NULL;
}

#define LEFT	 "LEFT BY THE CARD BECAUSE"
#define LEFT_SYN "LEFT BY THE CARD WITH --syn-is-new BECAUSE"

static void print_cards(struct buf *buf, const struct report_style *style,
			const struct measure_cards *cards)
{
	const struct titled rows[] = {
		{ "IPv4", LEFT, of_card(cards, false, FAMILY_IPV4) },
		{ "IPv4 --syn-is-new", LEFT_SYN,
		  of_card(cards, true, FAMILY_IPV4) },
		{ "IPv6", LEFT, of_card(cards, false, FAMILY_IPV6) },
		{ "IPv6 --syn-is-new", LEFT_SYN,
		  of_card(cards, true, FAMILY_IPV6) },
	};

	print_all(buf, style,
		  "What the card would drop with --static, where input is for "
		  "addresses that it knows as the host's own:\n",
		  rows, ARRAY_SIZE(rows));
}

void text_measures(struct buf *buf, const struct report_style *style,
		   const struct report_plan *report)
{
	const struct titled rows[] = {
		{ "IPv4", "LEFT TO THE HOST BECAUSE", report->measures[0] },
		{ "IPv6", "LEFT TO THE HOST BECAUSE", report->measures[1] },
	};

	print_all(buf, style, "", rows, ARRAY_SIZE(rows));
	if (report->cards)
		print_cards(buf, style, report->cards);
}
