// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>

#include "net/fact.h"

static void set(struct fact *fact, bool is_known, bool value,
		const char *format, va_list args)
{
	fact->is_known = is_known;
	fact->value = value;
	vsnprintf(fact->text, sizeof(fact->text), format, args);
}

void fact_begin(struct fact *fact, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(fact, true, false, format, args);
	va_end(args);
}

void fact_yes(struct fact *fact, const char *format, ...)
{
	va_list args;

	if (fact->is_known && fact->value)
		return;
	va_start(args, format);
	set(fact, true, true, format, args);
	va_end(args);
}

void fact_unknown(struct fact *fact, const char *format, ...)
{
	va_list args;

	if (fact->value)
		return;
	va_start(args, format);
	set(fact, false, true, format, args);
	va_end(args);
}

void fact_join(struct fact *fact, const struct fact *source)
{
	if (!source->is_known)
		fact_unknown(fact, "%s", source->text);
	else if (source->value)
		fact_yes(fact, "%s", source->text);
}
