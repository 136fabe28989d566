/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Whole files as text. */
#include "base/buf.h"
#include "base/err.h"

/* What a file is called in sentences: "-" is stdin. */
const char *file_name(const char *path);

/*
 * Append the file @path ("-" is stdin) to @text. Refuses directories and more
 * than 256 MiB; @expected ends the sentence: "a file that iptables-save wrote".
 * Returns 0, -errno with ERR_INPUT, or -ENOMEM.
 */
int file_read(const char *path, const char *expected, struct buf *text,
	      struct err *err);
