/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The configuration as it lies in files. */
#include "cli/config.h"

/*
 * Read every *.conf of the directory, in the order of their names, and look at
 * the rules that they name: files that others may write to are refused
 * (cli/trust.h). -ENOENT: there is no such directory, or no such file in it.
 */
int config_files_read(const char *directory, struct config **out,
		      struct err *err);

/* Add one file, whoever it belongs to, to what was read before. */
int config_files_add(struct config *config, const char *path, struct err *err);
