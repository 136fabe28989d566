// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static int set(struct err *err, enum err_kind kind, int errnum,
	       const char *format, va_list args)
{
	int length = vsnprintf(err->text, sizeof(err->text), format, args);

	err->kind = kind;
	if (kind == ERR_SYSTEM && errnum && length >= 0 &&
	    (size_t)length < sizeof(err->text))
		snprintf(err->text + length, sizeof(err->text) - length, ": %s",
			 strerror(errnum));
	return -(errnum ? errnum : EINVAL);
}

int err_set(struct err *err, enum err_kind kind, int errnum, const char *format,
	    ...)
{
	va_list args;

	va_start(args, format);
	int result = set(err, kind, errnum, format, args);
	va_end(args);
	return result;
}

int err_input(struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int result = set(err, ERR_INPUT, EINVAL, format, args);
	va_end(args);
	return result;
}

int err_system(struct err *err, int errnum, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int result = set(err, ERR_SYSTEM, errnum, format, args);
	va_end(args);
	return result;
}

int err_no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ENOMEM, "out of memory");
}

void err_where(struct err *err, const char *format, ...)
{
	char rest[sizeof(err->text)];
	va_list args;

	memcpy(rest, err->text, sizeof(rest));
	va_start(args, format);
	int length = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	if (length < 0 || (size_t)length + 2 >= sizeof(err->text))
		return;
	/* A sentence that does not fit any more loses its end. */
	size_t room = sizeof(err->text) - length - 2;
	memcpy(err->text + length, ": ", 2);
	rest[room - 1] = '\0';
	memcpy(err->text + length + 2, rest, strlen(rest) + 1);
}
