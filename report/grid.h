/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Rows and columns for people, on terminals of any width. Columns are as wide
 * as their widest cell; the last one takes what is left and wraps. Where too
 * little is left for it, it stands below its row instead. Width 0 (a pipe or a
 * file) never wraps: one row, one line.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/own.h"

#define GRID_COLUMNS_MAX 8

struct grid_column {
	const char *title;
	bool is_right; /* numbers */
};

struct grid;

/* NULL on ENOMEM. @columns is kept, not copied. */
struct grid *grid_make(const struct grid_column *columns, size_t count);
void grid_free(struct grid *grid);
OWN_DEFINE(grid)

/* One cell for each column, copied and escaped; NULL is an empty one. */
void grid_add(struct grid *grid, const char *const *cells);

/* A line below the last row, in its last column. */
void grid_note(struct grid *grid, const char *text);

/*
 * Append the title line and the rows to @buf. A NULL @grid, or one that ran
 * out of memory, makes the buffer fail.
 */
void grid_print(struct buf *buf, const struct grid *grid, unsigned int width);

/*
 * Append @text wrapped at words between column @indent and @width; the cursor
 * stands at @indent already. No line feed at the end.
 */
void grid_wrap(struct buf *buf, const char *text, unsigned int indent,
	       unsigned int width);
