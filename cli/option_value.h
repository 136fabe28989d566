/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What the words behind an option mean. */
#include "cli/options.h"

/*
 * @out as this option makes it; @value is NULL where it has none, else it must
 * outlive @out. -EINVAL: the option cannot have this value.
 */
int option_value_set(enum option option, const char *value,
		     struct options *out);
