/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Rows: each divides the numbers from 0 on into stretches with a value each,
 * and all of them lie in one table. A row is a first element with the number of
 * stretches behind it and the value from 0 on, then one element per stretch:
 * where it starts and its value. Equal rows are one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct emitter;

struct row_element {
	uint64_t start; /* of the first element: how many follow */
	uint32_t value;
};

struct rows {
	bool is_wide; /* numbers of 64 bits, else of 32 */
	struct row_element *list;
	size_t count, room;
	uint32_t longest;  /* elements behind a first one */
	uint32_t *buckets; /* rows by content: where they begin + 1 */
	size_t bucket_count, row_count;
};

void rows_free(struct rows *rows);

/*
 * A row of @count stretches, the first of which starts at 0; neighbours of one
 * value may be there. Stores where it begins in *@at. 0 or -ENOMEM.
 */
int rows_add(struct rows *rows, const struct row_element *stretches,
	     size_t count, uint32_t *at);

size_t rows_bytes(const struct rows *rows);

/*
 * Append code that sets r0 to the value for the number r8 in the row that
 * begins at r2. It uses r9. 0, -ENOMEM, or -E2BIG where the target cannot.
 */
int rows_emit(struct emitter *emitter, const char *name,
	      const struct rows *rows);
