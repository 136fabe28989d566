/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What somebody may have meant. */
#include <stddef.h>

/* The name nearest to @word, or NULL when none is near. */
const char *nearest_find(const char *word, const char *const *names,
			 size_t count);
