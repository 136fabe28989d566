// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "report/escape.h"
#include "report/grid.h"

#define GAP	 2  /* between columns */
#define LAST_MIN 28 /* what a wide last column needs, or has its own lines */
#define HANGING	 4  /* and stands so far to the right */

struct row {
	char *cells[GRID_COLUMNS_MAX]; /* only the last one in a note */
};

struct grid {
	const struct grid_column *columns;
	size_t column_count;
	struct arena *arena;
	struct row *rows;
	size_t row_count, row_size;
	size_t widths[GRID_COLUMNS_MAX]; /* the last one's with the notes */
	bool has_failed;
};

struct grid *grid_make(const struct grid_column *columns, size_t count)
{
	OWN(grid) struct grid *grid = calloc(1, sizeof(*grid));

	assert(count && count <= GRID_COLUMNS_MAX);
	if (!grid)
		return NULL;
	grid->arena = arena_make();
	if (!grid->arena)
		return NULL;
	grid->columns = columns;
	grid->column_count = count;
	for (size_t i = 0; i < count; i++)
		grid->widths[i] = strlen(columns[i].title);
	return take(grid);
}

void grid_free(struct grid *grid)
{
	if (!grid)
		return;
	arena_free(grid->arena);
	free(grid->rows);
	free(grid);
}

static struct row *row_add(struct grid *grid)
{
	if (grid->row_count == grid->row_size) {
		size_t size = grid->row_size ? 2 * grid->row_size : 64;
		struct row *rows =
			reallocarray(grid->rows, size, sizeof(*rows));

		if (!rows)
			return NULL;
		grid->rows = rows;
		grid->row_size = size;
	}
	struct row *row = &grid->rows[grid->row_count++];
	*row = (struct row){ 0 };
	return row;
}

/* Escaped and kept; NULL on ENOMEM. */
static char *cell_make(struct grid *grid, const char *text)
{
	OWN_BUF struct buf buf = BUF_INIT;

	escape_add(&buf, text ? text : "");
	if (buf.has_failed)
		return NULL;
	return arena_text(grid->arena, buf_text(&buf), buf.length);
}

/* What is shown there, and the room that its column needs. */
static void set_cell(struct grid *grid, struct row *row, size_t column,
		     const char *text)
{
	char *cell = cell_make(grid, text);
	size_t length = cell ? strlen(cell) : 0;

	row->cells[column] = cell;
	if (!cell)
		grid->has_failed = true;
	if (length > grid->widths[column])
		grid->widths[column] = length;
}

void grid_add(struct grid *grid, const char *const *cells)
{
	struct row *row = grid ? row_add(grid) : NULL;

	if (!row) {
		if (grid)
			grid->has_failed = true;
		return;
	}
	for (size_t i = 0; i < grid->column_count; i++)
		set_cell(grid, row, i, cells[i]);
}

void grid_note(struct grid *grid, const char *text)
{
	struct row *row = grid ? row_add(grid) : NULL;

	if (row)
		set_cell(grid, row, grid->column_count - 1, text);
	else if (grid)
		grid->has_failed = true;
}

static void pad(struct buf *buf, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_add(buf, " ");
}

/* How much of @text fits into @room columns, cut at a space if there is one. */
static size_t fit(const char *text, size_t room)
{
	size_t length = strlen(text);

	if (length <= room)
		return length;
	for (size_t i = room; i > 0; i--)
		if (text[i] == ' ')
			return i;
	/* A word longer than the line stays whole: it may be copied. */
	return strcspn(text, " ");
}

void grid_wrap(struct buf *buf, const char *text, unsigned int indent,
	       unsigned int width)
{
	size_t room = SIZE_MAX;

	if (width)
		room = width > indent + 1 ? width - indent : 1;
	for (;;) {
		size_t length = fit(text, room);

		buf_addn(buf, text, length);
		text += length;
		while (*text == ' ')
			text++;
		if (!*text)
			return;
		buf_add(buf, "\n");
		pad(buf, indent);
	}
}

/* Everything but the last column; returns whether anything was in it. */
static bool print_front(struct buf *buf, const struct grid *grid,
			char *const *cells)
{
	bool has_text = false;

	for (size_t i = 0; i + 1 < grid->column_count; i++) {
		const char *cell = cells[i] ? cells[i] : "";
		size_t fill = grid->widths[i] - strlen(cell);

		if (grid->columns[i].is_right)
			pad(buf, fill);
		buf_add(buf, cell);
		if (!grid->columns[i].is_right)
			pad(buf, fill);
		pad(buf, GAP);
		has_text |= *cell != '\0';
	}
	return has_text;
}

static void trim(struct buf *buf)
{
	while (buf->length && buf->text[buf->length - 1] == ' ')
		buf->text[--buf->length] = '\0';
}

/* Does the last column, behind @indent, get enough of the line to be read? */
static bool has_room(const struct grid *grid, size_t indent, size_t width)
{
	size_t needed = grid->widths[grid->column_count - 1];

	return indent + (needed < LAST_MIN ? needed : LAST_MIN) <= width;
}

static void print_row(struct buf *buf, const struct grid *grid,
		      char *const *cells, unsigned int width)
{
	const char *last = cells[grid->column_count - 1];
	size_t start = buf->length;
	size_t indent = 0;

	for (size_t i = 0; i + 1 < grid->column_count; i++)
		indent += grid->widths[i] + GAP;

	bool has_front = print_front(buf, grid, cells);
	if (width && !has_room(grid, indent, width) && *last) {
		/* Too narrow for one line: the last column below the others. */
		if (has_front) {
			trim(buf);
			buf_add(buf, "\n");
		} else if (!buf->has_failed && buf->text) {
			buf->length = start;
			buf->text[start] = '\0';
		}
		pad(buf, HANGING);
		indent = HANGING;
	}
	grid_wrap(buf, last, indent, width);
	trim(buf);
	buf_add(buf, "\n");
}

void grid_print(struct buf *buf, const struct grid *grid, unsigned int width)
{
	char *titles[GRID_COLUMNS_MAX];

	if (!grid || grid->has_failed) {
		buf->has_failed = true;
		return;
	}
	for (size_t i = 0; i < grid->column_count; i++)
		titles[i] = (char *)grid->columns[i].title;
	print_row(buf, grid, titles, width);
	for (size_t i = 0; i < grid->row_count; i++)
		print_row(buf, grid, grid->rows[i].cells, width);
}
