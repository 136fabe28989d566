// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "nicdb/row.h"

#define DRIVERS_MAX 4096

/* What a row is about decides where it may stand. */
enum place {
	PLACE_FILE,   /* before the first driver */
	PLACE_ANY,    /* begins a driver */
	PLACE_DRIVER, /* below a driver */
	PLACE_RANGE,  /* below a row with versions */
	PLACE_NEED,   /* below a need */
};

struct row {
	const char *key;
	enum place place;
	int (*read)(struct parser *parser, const char *value);
};

static int no_memory(struct parser *parser)
{
	return err_no_memory(parser->err);
}

/* A copy; NULL on ENOMEM. */
static const char *keep(struct parser *parser, const char *text)
{
	return arena_text(parser->file->arena, text, strlen(text));
}

static int keep_once(struct parser *parser, const char *value, const char **out)
{
	if (*out)
		return err_input(parser->err, "said twice, first: \"%.60s\"",
				 *out);
	*out = keep(parser, value);
	return *out ? 0 : no_memory(parser);
}

/* The first word of @value is @word; *@rest is what follows it. */
static bool begins(const char *value, const char *word, const char **rest)
{
	size_t length = strlen(word);

	if (strncmp(value, word, length) != 0 ||
	    (value[length] && value[length] != ' ' && value[length] != '\t'))
		return false;
	*rest = value + length + strspn(value + length, " \t");
	return true;
}

static int read_version(struct parser *parser, const char *value, uint32_t *out)
{
	unsigned int major, minor;
	int length = 0;

	if (sscanf(value, "%3u.%3u%n", &major, &minor, &length) != 2 ||
	    value[length] || !isdigit((unsigned char)*value))
		return err_input(parser->err,
				 "expected a version of Linux like 5.18, seen "
				 "\"%.40s\"",
				 value);
	*out = NICDB_VERSION(major, minor);
	return 0;
}

static int read_nicdb(struct parser *parser, const char *value)
{
	unsigned int format, date;
	int length = 0;

	if (sscanf(value, "%9u %8u%n", &format, &date, &length) != 2 ||
	    value[length] || format != NICDB_FORMAT)
		return err_input(
			parser->err,
			"expected \"nicdb %d YYYYMMDD\", seen \"%.40s\"",
			NICDB_FORMAT, value);
	parser->file->date = date;
	return 0;
}

int row_check_driver(struct parser *parser)
{
	const struct nicdb_driver *driver = parser->driver;

	if (!driver)
		return 0;
	if (!driver->source)
		return err_input(parser->err,
				 "the driver %s above names no source: where "
				 "were its facts read?",
				 driver->names[0]);
	for (size_t i = 0; i < driver->need_count; i++) {
		if (!driver->needs[i].reason)
			return err_input(parser->err,
					 "the driver %s above needs \"%s\" "
					 "without a reason",
					 driver->names[0],
					 driver->needs[i].test.text);
	}
	return 0;
}

static int read_names(struct parser *parser, const char *value,
		      struct nicdb_driver *driver)
{
	while (*value) {
		size_t length = strcspn(value, ",");
		size_t kept = length;

		while (kept && isblank((unsigned char)value[kept - 1]))
			kept--;
		if (!kept || driver->name_count == NICDB_NAMES_MAX)
			return err_input(parser->err,
					 "expected 1 to %d names between "
					 "commas",
					 NICDB_NAMES_MAX);
		const char *name = arena_text(parser->file->arena, value, kept);
		if (!name)
			return no_memory(parser);
		driver->names[driver->name_count++] = name;
		value += length;
		value += strspn(value, ", \t");
	}
	return 0;
}

static int read_driver(struct parser *parser, const char *value)
{
	struct nicdb_file *file = parser->file;
	int result = row_check_driver(parser);

	if (result < 0)
		return result;
	if (file->count == DRIVERS_MAX)
		return err_input(parser->err, "more than %d drivers",
				 DRIVERS_MAX);
	if (file->count == parser->room) {
		size_t room = parser->room ? 2 * parser->room : 64;
		struct nicdb_driver **drivers =
			reallocarray(file->drivers, room, sizeof(*drivers));

		if (!drivers)
			return no_memory(parser);
		file->drivers = drivers;
		parser->room = room;
	}
	parser->driver = arena_alloc(file->arena, sizeof(*parser->driver));
	if (!parser->driver)
		return no_memory(parser);
	parser->driver->origin = parser->name;
	parser->driver->line = parser->line;
	parser->need = NULL;
	parser->range = NULL;
	file->drivers[file->count++] = parser->driver;
	return read_names(parser, value, parser->driver);
}

static int read_bus(struct parser *parser, const char *value)
{
	return keep_once(parser, value, &parser->driver->bus);
}

static int read_title(struct parser *parser, const char *value)
{
	return keep_once(parser, value, &parser->driver->title);
}

static int read_source(struct parser *parser, const char *value)
{
	return keep_once(parser, value, &parser->driver->source);
}

static int read_native(struct parser *parser, const char *value)
{
	const char *checked;

	if (!begins(value, "never", &checked))
		return read_version(parser, value, &parser->driver->native);
	parser->driver->native = NICDB_NEVER;
	return read_version(parser, checked, &parser->driver->checked);
}

static int read_hw(struct parser *parser, const char *value)
{
	return read_version(parser, value, &parser->driver->hw);
}

static int read_frags(struct parser *parser, const char *value)
{
	return read_version(parser, value, &parser->driver->frags);
}

static int read_attach(struct parser *parser, const char *value)
{
	static const char *const words[] = {
		[NICDB_ATTACH_UNKNOWN] = "unknown",
		[NICDB_ATTACH_QUIET] = "quiet",
		[NICDB_ATTACH_RINGS] = "rings",
		[NICDB_ATTACH_RESET] = "reset",
	};
	const char *text;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!begins(value, words[i], &text))
			continue;
		parser->driver->attach = i;
		return *text ? keep_once(parser, text,
					 &parser->driver->attach_text)
			     : 0;
	}
	return err_input(parser->err,
			 "expected quiet, rings, reset or unknown, seen "
			 "\"%.40s\"",
			 value);
}

static int read_flags(struct parser *parser, const char *value)
{
	if (!strcmp(value, "true"))
		parser->driver->flags = NICDB_FLAGS_TRUE;
	else if (!strcmp(value, "hide"))
		parser->driver->flags = NICDB_FLAGS_HIDE;
	else if (!strcmp(value, "partial"))
		parser->driver->flags = NICDB_FLAGS_PARTIAL;
	else
		return err_input(parser->err,
				 "expected true, hide or partial, seen "
				 "\"%.40s\"",
				 value);
	return 0;
}

/* KIND [CAPACITY|device] [TEXT] */
static int read_filter(struct parser *parser, const char *value,
		       struct nicdb_filter *filters, size_t *count)
{
	struct nicdb_filter filter = { 0 };
	int length = 0;

	if (*count == NICDB_FILTERS_MAX)
		return err_input(parser->err, "more than %d rows of this kind",
				 NICDB_FILTERS_MAX);
	if (begins(value, "drop", &value))
		filter.kind = NICDB_FILTER_DROP;
	else if (begins(value, "steer", &value))
		filter.kind = NICDB_FILTER_STEER;
	else if (!begins(value, "none", &value))
		return err_input(parser->err,
				 "expected drop, steer or none, seen \"%.40s\"",
				 value);
	filter.asks_device = begins(value, "device", &value);
	if (sscanf(value, "%9u%n", &filter.capacity, &length) == 1 &&
	    (!value[length] || isblank((unsigned char)value[length])))
		value += length + strspn(value + length, " \t");
	else
		filter.capacity = 0;
	if (*value) {
		filter.text = keep(parser, value);
		if (!filter.text)
			return no_memory(parser);
	}
	filters[*count] = filter;
	parser->need = NULL;
	parser->range = &filters[(*count)++].kernels;
	return 0;
}

static int read_ntuple(struct parser *parser, const char *value)
{
	return read_filter(parser, value, parser->driver->ntuple,
			   &parser->driver->ntuple_count);
}

static int read_flower(struct parser *parser, const char *value)
{
	return read_filter(parser, value, parser->driver->flower,
			   &parser->driver->flower_count);
}

static int read_warn(struct parser *parser, const char *value)
{
	struct nicdb_driver *driver = parser->driver;

	if (driver->warning_count == NICDB_WARNINGS_MAX)
		return err_input(parser->err, "more than %d warnings",
				 NICDB_WARNINGS_MAX);
	struct nicdb_warning *warning =
		&driver->warnings[driver->warning_count++];
	parser->need = NULL;
	parser->range = &warning->kernels;
	warning->text = keep(parser, value);
	return warning->text ? 0 : no_memory(parser);
}

static int read_need(struct parser *parser, const char *value)
{
	struct nicdb_driver *driver = parser->driver;

	if (driver->need_count == NICDB_NEEDS_MAX)
		return err_input(parser->err, "more than %d needs",
				 NICDB_NEEDS_MAX);
	parser->need = &driver->needs[driver->need_count];
	parser->range = &parser->need->kernels;
	int result = need_parse(value, parser->file->arena, &parser->need->test,
				parser->err);
	if (result == 0)
		driver->need_count++;
	return result;
}

static int read_from(struct parser *parser, const char *value)
{
	return read_version(parser, value, &parser->range->from);
}

static int read_before(struct parser *parser, const char *value)
{
	return read_version(parser, value, &parser->range->before);
}

/* hw | single | frags */
static int read_for(struct parser *parser, const char *value)
{
	if (!strcmp(value, "hw"))
		parser->need->is_for_hw = true;
	else if (!strcmp(value, "single"))
		parser->need->only_single = true;
	else if (!strcmp(value, "frags"))
		parser->need->only_frags = true;
	else
		return err_input(parser->err,
				 "expected hw, single or frags, seen \"%.40s\"",
				 value);
	return 0;
}

static int read_shown(struct parser *parser, const char *value)
{
	if (strcmp(value, "in xdp-features") != 0)
		return err_input(parser->err,
				 "expected \"in xdp-features\", seen \"%.40s\"",
				 value);
	parser->need->is_in_flags = true;
	return 0;
}

static int read_reason(struct parser *parser, const char *value)
{
	return keep_once(parser, value, &parser->need->reason);
}

/* ERRNO CHANNEL */
static int read_refuses(struct parser *parser, const char *value)
{
	char number[32], channel[16];
	int length = 0;

	if (sscanf(value, "%31s %15s%n", number, channel, &length) != 2 ||
	    value[length] || number[0] != 'E' ||
	    (strcmp(channel, "extack") && strcmp(channel, "dmesg") &&
	     strcmp(channel, "both") && strcmp(channel, "nowhere")))
		return err_input(parser->err,
				 "expected like \"EINVAL extack\" (or dmesg, "
				 "both, nowhere), seen \"%.40s\"",
				 value);
	int result = keep_once(parser, number, &parser->need->errnos);
	return result ? result
		      : keep_once(parser, channel, &parser->need->channel);
}

static int read_says(struct parser *parser, const char *value)
{
	return keep_once(parser, value, &parser->need->says);
}

static int read_template(struct parser *parser, const char *value,
			 const char **out)
{
	int result = need_check_template(value, parser->err);

	return result ? result : keep_once(parser, value, out);
}

static int read_fix(struct parser *parser, const char *value)
{
	return read_template(parser, value, &parser->need->fix);
}

static int read_undo(struct parser *parser, const char *value)
{
	return read_template(parser, value, &parser->need->undo);
}

static int read_remedy(struct parser *parser, const char *value)
{
	return read_template(parser, value, &parser->need->remedy);
}

static int read_costs(struct parser *parser, const char *value)
{
	return keep_once(parser, value, &parser->need->costs);
}

static const struct row rows[] = {
	{ "nicdb", PLACE_FILE, read_nicdb },
	{ "driver", PLACE_ANY, read_driver },
	{ "bus", PLACE_DRIVER, read_bus },
	{ "title", PLACE_DRIVER, read_title },
	{ "source", PLACE_DRIVER, read_source },
	{ "native", PLACE_DRIVER, read_native },
	{ "hw", PLACE_DRIVER, read_hw },
	{ "frags", PLACE_DRIVER, read_frags },
	{ "flags", PLACE_DRIVER, read_flags },
	{ "attach", PLACE_DRIVER, read_attach },
	{ "ntuple", PLACE_DRIVER, read_ntuple },
	{ "flower", PLACE_DRIVER, read_flower },
	{ "warn", PLACE_DRIVER, read_warn },
	{ "need", PLACE_DRIVER, read_need },
	{ "from", PLACE_RANGE, read_from },
	{ "before", PLACE_RANGE, read_before },
	{ "for", PLACE_NEED, read_for },
	{ "shown", PLACE_NEED, read_shown },
	{ "reason", PLACE_NEED, read_reason },
	{ "refuses", PLACE_NEED, read_refuses },
	{ "says", PLACE_NEED, read_says },
	{ "fix", PLACE_NEED, read_fix },
	{ "undo", PLACE_NEED, read_undo },
	{ "remedy", PLACE_NEED, read_remedy },
	{ "costs", PLACE_NEED, read_costs },
};

static int check_place(const struct parser *parser, const struct row *row)
{
	switch (row->place) {
	case PLACE_FILE:
		if (!parser->driver && !parser->file->date)
			return 0;
		return err_input(parser->err,
				 "\"%s\" stands once, in front of all drivers",
				 row->key);
	case PLACE_ANY:
		return 0;
	case PLACE_DRIVER:
		if (parser->driver)
			return 0;
		return err_input(parser->err,
				 "\"%s\" stands below a line \"driver NAME\"",
				 row->key);
	case PLACE_RANGE:
		if (parser->range)
			return 0;
		return err_input(parser->err,
				 "\"%s\" stands below a need, a warning or a "
				 "filter",
				 row->key);
	case PLACE_NEED:
		if (parser->need)
			return 0;
		return err_input(parser->err, "\"%s\" stands below a need",
				 row->key);
	}
	return 0;
}

int row_read(struct parser *parser, const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *value;

		if (!begins(text, rows[i].key, &value))
			continue;
		int result = check_place(parser, &rows[i]);
		if (result == 0 && !*value)
			result = err_input(parser->err,
					   "\"%s\" has nothing behind it",
					   rows[i].key);
		return result ? result : rows[i].read(parser, value);
	}
	return err_input(parser->err, "\"%.40s\" is no row that is known",
			 text);
}
