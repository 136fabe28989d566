/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Text that grows. An allocation failure is remembered (buf_failed) instead of
 * returned by each call, so that code which prints stays readable: check once
 * at the end.
 */
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *text;    /* always NUL-terminated once something was added */
	size_t length; /* without the NUL */
	size_t size;
	bool has_failed;
};

#define BUF_INIT ((struct buf){ 0 })
#define OWN_BUF	 __attribute__((cleanup(buf_free)))

void buf_add(struct buf *buf, const char *text);
void buf_addn(struct buf *buf, const char *bytes, size_t length);
void buf_addf(struct buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What was written so far; "" when nothing was. */
const char *buf_text(const struct buf *buf);

/* The text as malloc()ed memory, the buffer empty again; NULL on ENOMEM. */
char *buf_take(struct buf *buf);

void buf_free(struct buf *buf);
