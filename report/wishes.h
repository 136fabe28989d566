/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What was asked for, as options of apply say it. */
#include "offload/plan.h"

#define WISHES_MAX 16

struct wish_words {
	char texts[WISHES_MAX][128]; /* "--max native" */
	size_t count;
};

/* Those that differ from what is done unasked. */
struct wish_words wishes_words(const struct wishes *wishes);
