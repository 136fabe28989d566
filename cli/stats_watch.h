/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* `stats --watch`: a live table with rates, until it is interrupted. */
#include "cli/options.h"

/* @iface NULL: all of them. Returns -errno when the kernel cannot be asked. */
int stats_watch(const struct options *options, const char *iface,
		struct err *err);
