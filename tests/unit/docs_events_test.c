// SPDX-License-Identifier: GPL-2.0-only
/* docs/events.md and the tables of events name the same ones. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/own.h"

static const struct {
	int priority;
	const char *name, *meaning;
} events[] = {
#define WATCH(id, name, sentence) { LOG_NOTICE, name, sentence },
#include "fallback/watch.def"
#undef WATCH
#define EVENT(id, priority, name, meaning) { priority, name, meaning },
#include "cli/event.def"
#undef EVENT
};

static const char *const priorities[] = {
	[LOG_CRIT] = "crit",
	[LOG_ERR] = "err",
	[LOG_WARNING] = "warning",
	[LOG_NOTICE] = "notice",
};

/* Those that only stand for others. */
static bool is_inner(const char *name)
{
	return !strcmp(name, "none") || !strcmp(name, "seen");
}

static bool has_line(const char *line)
{
	OWN_FILE FILE *file = fopen("docs/events.md", "re");
	char found[512];

	assert_non_null(file);
	while (fgets(found, sizeof(found), file)) {
		if (!strcmp(found, line))
			return true;
	}
	return false;
}

static void every_event_is_documented(void **state)
{
	char line[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		snprintf(line, sizeof(line), "| `%s` | %s | %s |\n",
			 events[i].name, priorities[events[i].priority],
			 events[i].meaning);
		if (has_line(line) == is_inner(events[i].name))
			fail_msg("docs/events.md: %s", line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_is_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
