/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What rules ask for beside themselves: sets of ipset and blocklists. */
#include "cli/input.h"

/*
 * Read the blocklist @path, or all files of the directory @path, and put its
 * rule before those of @input, which gets rulesets where it has none.
 */
int input_sets_block(const char *path, struct input *input, struct err *err);

/*
 * Read the sets that the rules of @input ask for, and bind them: from --sets,
 * or with --from-kernel from the kernel. A set that is not to be had stays
 * unknown, with a warning.
 */
int input_sets_bind(const struct options *options, struct input *input,
		    struct err *err);
