/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Manual pages and shell completion, from the tables that --help has: there is
 * one truth. The build writes them (`make docs`).
 */
#include "base/buf.h"
#include "base/err.h"

/*
 * What `wirewall help @wanted` prints for "--man" (wirewall(8)), "--man=WORD",
 * "--words", "--bash" and "--zsh". Returns 1; 0 when @wanted (NULL is fine) is
 * none of these; ERR_USAGE for a word that there is none of.
 */
int manual_print(const char *wanted, struct buf *buf, struct err *err);
