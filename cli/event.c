// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <syslog.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/own.h"
#include "cli/event.h"
#include "cli/say.h"

static const struct {
	int priority;
	const char *name;
} kinds[] = {
#define EVENT(id, priority, name, meaning) { priority, name },
#include "cli/event.def"
#undef EVENT
};

/* Is standard error the journal's socket? systemd names it (systemd.exec(5)). */
static bool is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat status;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device &&
	       status.st_ino == inode;
}

struct fields {
	struct buf texts[8];
	struct iovec items[8];
	size_t count;
};

static void add(struct fields *fields, const char *name, const char *value)
{
	struct buf *text = &fields->texts[fields->count];

	if (!value)
		return;
	buf_addf(text, "%s=%s", name, value);
	fields->items[fields->count++] = (struct iovec){
		.iov_base = text->text,
		.iov_len = text->length,
	};
}

static bool send_to_journal(const struct event *event, const char *name,
			    const char *line)
{
	struct fields fields = { .count = 0 };
	char priority[16], prog_id[16];

	snprintf(priority, sizeof(priority), "%d", kinds[event->id].priority);
	snprintf(prog_id, sizeof(prog_id), "%u", event->prog_id);
	add(&fields, "MESSAGE", line);
	add(&fields, "PRIORITY", priority);
	add(&fields, "SYSLOG_IDENTIFIER", "wirewall");
	add(&fields, "WIREWALL_EVENT", name);
	add(&fields, "WIREWALL_INTERFACE", event->iface);
	add(&fields, "WIREWALL_TIER", event->tier);
	add(&fields, "WIREWALL_PROGRAM", event->prog_id ? prog_id : NULL);
	add(&fields, "WIREWALL_REASON", event->reason);

	int result = sd_journal_sendv(fields.items, (int)fields.count);
	for (size_t i = 0; i < fields.count; i++)
		buf_free(&fields.texts[i]);
	return result == 0;
}

void event_say(const struct event *event, const char *format, ...)
{
	const char *name = event->name ? event->name : kinds[event->id].name;
	OWN_BUF struct buf line = BUF_INIT;
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (event->iface)
		buf_addf(&line, "%s: ", event->iface);
	buf_add(&line, text);
	if (is_journal() && send_to_journal(event, name, buf_text(&line)))
		return;
	say_line(name, buf_text(&line));
}
