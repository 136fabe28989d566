// SPDX-License-Identifier: GPL-2.0-only
#include "report/when.h"

struct when when_make(time_t time)
{
	struct when when = { "?" };
	struct tm tm = { 0 };

	if (gmtime_r(&time, &tm))
		strftime(when.text, sizeof(when.text), "%Y-%m-%dT%H:%M:%SZ",
			 &tm);
	return when;
}
