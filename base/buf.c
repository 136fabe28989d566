// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* Room for @more bytes and the NUL. */
static bool reserve(struct buf *buf, size_t more)
{
	if (buf->has_failed)
		return false;
	if (buf->length + more + 1 <= buf->size)
		return true;

	size_t size = buf->size ? buf->size : 256;
	while (size < buf->length + more + 1)
		size *= 2;
	char *text = realloc(buf->text, size);
	if (!text) {
		buf->has_failed = true;
		return false;
	}
	buf->text = text;
	buf->size = size;
	return true;
}

void buf_addn(struct buf *buf, const char *bytes, size_t length)
{
	if (!reserve(buf, length))
		return;
	memcpy(buf->text + buf->length, bytes, length);
	buf->length += length;
	buf->text[buf->length] = '\0';
}

void buf_add(struct buf *buf, const char *text)
{
	buf_addn(buf, text, strlen(text));
}

void buf_addf(struct buf *buf, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length >= 0 && reserve(buf, length)) {
		vsnprintf(buf->text + buf->length, length + 1, format, again);
		buf->length += length;
	}
	va_end(again);
}

const char *buf_text(const struct buf *buf)
{
	return buf->text ? buf->text : "";
}

char *buf_take(struct buf *buf)
{
	char *text = buf->text;

	if (!text && !buf->has_failed)
		text = calloc(1, 1);
	if (buf->has_failed) {
		free(text);
		text = NULL;
	}
	*buf = BUF_INIT;
	return text;
}

void buf_free(struct buf *buf)
{
	free(buf->text);
	*buf = BUF_INIT;
}
