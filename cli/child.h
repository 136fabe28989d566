/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Other programs of the system, run without a shell. */
#include "base/buf.h"
#include "base/err.h"

/*
 * Run the program @name, found in the usual system directories and not by
 * $PATH, with @argument alone (NULL: with none), and append what it writes to
 * standard output to @out and the rest to @notes. ERR_SYSTEM when it is not there, cannot be run
 * or fails (with its own words). -ENOENT: it is not installed.
 */
int child_read(const char *name, const char *argument, struct buf *out,
	       struct buf *notes, struct err *err);
