/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Text that somebody else chose (interface names, rule comments, the kernel's
 * words) made harmless for a terminal.
 */
#include <stddef.h>

#include "base/buf.h"

/*
 * Append @text with every byte that is not printable ASCII as \xHH. A
 * backslash stays as it is, so that quoted words of rules can be copied.
 */
void escape_add(struct buf *buf, const char *text);

/* The same, but line feeds and tabs stay: for whole files. */
void escape_add_lines(struct buf *buf, const char *text);
