// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/nearest.h"

#define LENGTH_MAX 32

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to insert, delete or replace (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	size_t row[LENGTH_MAX + 1];
	size_t length = strlen(b);

	for (size_t i = 0; i <= length; i++)
		row[i] = i;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 1; j <= length; j++) {
			size_t replaced = diagonal + (a[i] != b[j - 1]);

			diagonal = row[j];
			row[j] = min(replaced, min(row[j], row[j - 1]) + 1);
		}
	}
	return row[length];
}

const char *nearest_find(const char *word, const char *const *names,
			 size_t count)
{
	const char *nearest = NULL;
	size_t length = min(strlen(word), LENGTH_MAX);
	/* Too far: of three letters two are another word. */
	size_t best = length > 3 ? length / 3 + 2 : 2;

	for (size_t i = 0; i < count; i++) {
		if (strlen(word) > LENGTH_MAX || strlen(names[i]) > LENGTH_MAX)
			continue;

		size_t far = distance(word, names[i]);
		if (far < best) {
			best = far;
			nearest = names[i];
		}
	}
	return nearest;
}
