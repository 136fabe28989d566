// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "nicdb/parse.h"
#include "nicdb/row.h"

#define LINE_MAX_LENGTH 4096

/* Blanks around it and comments go; what is left is copied to @out. */
static int cut_line(struct parser *parser, const char *from, size_t length,
		    char out[LINE_MAX_LENGTH])
{
	while (length && isspace((unsigned char)*from)) {
		from++;
		length--;
	}
	while (length && isspace((unsigned char)from[length - 1]))
		length--;
	if (length >= LINE_MAX_LENGTH)
		return err_input(parser->err, "the line has more than %d bytes",
				 LINE_MAX_LENGTH - 1);
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)from[i] < ' ' && from[i] != '\t')
			return err_input(
				parser->err,
				"there is a control character (0x%02x) "
				"in it",
				(unsigned char)from[i]);
	}
	memcpy(out, from, length);
	out[length && *from == '#' ? 0 : length] = '\0';
	return 0;
}

static int parse(struct parser *parser, const char *text, size_t length)
{
	char line[LINE_MAX_LENGTH];
	int result = 0;

	while (result == 0 && length) {
		const char *end = memchr(text, '\n', length);
		size_t used = end ? (size_t)(end - text) : length;

		parser->line++;
		result = cut_line(parser, text, used, line);
		if (result == 0 && *line)
			result = row_read(parser, line);
		used += end != NULL;
		text += used;
		length -= used;
	}
	return result ? result : row_check_driver(parser);
}

static bool is_twice(const struct nicdb_driver *a, const struct nicdb_driver *b)
{
	if (!a->bus != !b->bus || (a->bus && strcmp(a->bus, b->bus) != 0))
		return false;
	for (size_t i = 0; i < a->name_count; i++) {
		for (size_t j = 0; j < b->name_count; j++) {
			if (!strcmp(a->names[i], b->names[j]))
				return true;
		}
	}
	return false;
}

static int check_twice(struct parser *parser)
{
	const struct nicdb_file *file = parser->file;

	for (size_t i = 0; i < file->count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!is_twice(file->drivers[i], file->drivers[j]))
				continue;
			parser->line = file->drivers[i]->line;
			return err_input(parser->err,
					 "the driver %s stands in line %u "
					 "already",
					 file->drivers[i]->names[0],
					 file->drivers[j]->line);
		}
	}
	return 0;
}

int nicdb_file_parse(const char *text, size_t length, const char *name,
		     struct nicdb_file **out, struct err *err)
{
	OWN(nicdb_file) struct nicdb_file *file = calloc(1, sizeof(*file));
	struct parser parser = { .file = file, .err = err };

	if (!file)
		return err_no_memory(err);
	file->arena = arena_make();
	if (!file->arena)
		return err_no_memory(err);
	parser.name = arena_text(file->arena, name, strlen(name));
	if (!parser.name)
		return err_no_memory(err);
	int result = parse(&parser, text, length);
	if (result == 0)
		result = check_twice(&parser);
	if (result < 0) {
		if (result != -ENOMEM)
			err_where(err, "%s: line %u", name, parser.line);
		return result;
	}
	*out = take(file);
	return 0;
}

void nicdb_file_free(struct nicdb_file *file)
{
	if (!file)
		return;
	arena_free(file->arena);
	free(file->drivers);
	free(file);
}
