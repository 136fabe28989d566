// SPDX-License-Identifier: GPL-2.0-only
#include "report/grid.h"
#include "report/rule_name.h"
#include "report/text.h"

/* "+41.3" of 100. */
static void print_gain(const struct advice *advice, char text[16])
{
	unsigned int gain = measure_permille(&advice->after) -
			    measure_permille(&advice->before);

	snprintf(text, 16, "+%u.%u %%", gain / 10, gain % 10);
}

static void add_advice(struct buf *buf, struct grid *grid,
		       const struct advice *advice)
{
	const struct place *place = &advice->place;
	OWN_BUF struct buf note = BUF_INIT;
	char gain[16];

	print_gain(advice, gain);
	grid_add(grid, (const char *[]){ gain,
					 advice->family == FAMILY_IPV4 ? "IPv4"
								       : "IPv6",
					 advice_sentence(advice->kind) });
	if (place->table) {
		rule_name_add_all(&note, place->table, place->chain,
				  place->rule);
		grid_note(grid, buf_text(&note));
	}
	buf->has_failed |= note.has_failed;

	OWN_BUF struct buf but = BUF_INIT;
	buf_addf(&but, "but %s", advice_but(advice->kind));
	grid_note(grid, buf_text(&but));
	buf->has_failed |= but.has_failed;
}

void text_advice(struct buf *buf, const struct report_style *style,
		 const struct advice_list *list)
{
	static const struct grid_column columns[] = {
		{ "EARLY", true },
		{ "RULES", false },
		{ "ADVICE", false },
	};
	OWN(grid) struct grid *grid = grid_make(columns, ARRAY_SIZE(columns));

	if (!list)
		return;
	buf_add(buf, "\n");
	if (!list->count) {
		buf_add(buf, "No change that was tried lets more die early.\n");
		return;
	}
	for (size_t i = 0; i < list->count; i++)
		add_advice(buf, grid, &list->items[i]);
	grid_print(buf, grid, style->width);
}
