/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* `apply --diff`: what apply would change. */
#include "cli/planning.h"

/* Tell it; nothing is changed. */
int diff_say(const struct options *options,
	     const struct planning *const *plannings, size_t count,
	     struct err *err);
