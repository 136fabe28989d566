// SPDX-License-Identifier: GPL-2.0-only
#include <time.h>

#include "base/num.h"
#include "report/escape.h"
#include "report/jsonio.h"
#include "report/rule_name.h"
#include "report/sample.h"

#define NSEC_PER_SEC UINT64_C(1000000000)

/* In UTC, to the microsecond. */
static void add_time(struct buf *buf, uint64_t when)
{
	time_t seconds = (time_t)(when / NSEC_PER_SEC);
	struct tm tm = { 0 };
	char text[32] = "?";

	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_addf(buf, "%s.%06uZ", text,
		 (unsigned int)(when % NSEC_PER_SEC / 1000));
}

static const char *stage_name(enum wire_stage stage)
{
	switch (stage) {
	case WIRE_PREROUTING:
		return "PREROUTING";
	case WIRE_INPUT:
		return "INPUT";
	case WIRE_FORWARD:
		return "FORWARD";
	case WIRE_STAGE_COUNT:
		break;
	}
	return "?";
}

static void add_rule_name(struct buf *buf, const struct record_counter *counter)
{
	OWN_BUF struct buf name = BUF_INIT;

	rule_name_add(&name, counter->table, counter->chain, counter->number);
	escape_add(buf, buf_text(&name));
	buf->has_failed |= name.has_failed;
}

void sample_add_text(struct buf *buf, const struct report_style *style,
		     const struct report_sample *sample)
{
	const struct record_counter *counter = sample->counter;

	(void)style;
	add_time(buf, sample->when);
	buf_addf(buf, " %s ", sample->is_shadow ? "would drop" : "dropped");
	escape_add(buf, sample->packet);
	buf_addf(buf, " (%u bytes): ", sample->length);
	if (!counter || !counter->table || !counter->chain) {
		buf_addf(buf, "counter %u\n", sample->rule);
		return;
	}
	add_rule_name(buf, counter);
	if (counter->line)
		buf_addf(buf, ", line %u", counter->line);
	if (counter->text) {
		buf_add(buf, ": ");
		escape_add(buf, counter->text);
	}
	buf_add(buf, "\n");
}

static json_t *states_make(struct jsonio *io, unsigned int states)
{
	static const char *const names[] = { "NEW", "ESTABLISHED", "RELATED",
					     "INVALID", "UNTRACKED" };
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (states & 1u << i)
			jsonio_append_text(io, array, names[i]);
	}
	return array;
}

void sample_add_json(struct buf *buf, const struct report_style *style,
		     const struct report_sample *sample)
{
	const struct record_counter *counter = sample->counter;
	OWN_BUF struct buf when = BUF_INIT;
	struct jsonio io = { 0 };
	json_t *root = jsonio_document(&io, "sample");

	(void)style;
	add_time(&when, sample->when);
	io.has_failed |= when.has_failed;
	jsonio_put_text(&io, root, "interface", sample->iface);
	jsonio_put_text(&io, root, "time", buf_text(&when));
	jsonio_put_bool(&io, root, "shadow", sample->is_shadow);
	jsonio_put_text(&io, root, "packet", sample->packet);
	jsonio_put_number(&io, root, "length", sample->length);
	jsonio_put_text(&io, root, "stage", stage_name(sample->stage));
	jsonio_put(&io, root, "states", states_make(&io, sample->states));
	jsonio_put_number(&io, root, "counter", sample->rule);
	if (counter) {
		jsonio_put_number(&io, root, "family", counter->family);
		jsonio_put_text(&io, root, "table", counter->table);
		jsonio_put_text(&io, root, "chain", counter->chain);
		jsonio_put_number(&io, root, "number", counter->number);
		jsonio_put_number(&io, root, "line", counter->line);
		jsonio_put_text(&io, root, "text", counter->text);
	}
	jsonio_print(&io, root, buf);
}
