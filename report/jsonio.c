// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "base/own.h"
#include "report/jsonio.h"

static json_t *made(struct jsonio *io, json_t *value)
{
	if (!value)
		io->has_failed = true;
	return value;
}

json_t *jsonio_object(struct jsonio *io)
{
	return made(io, json_object());
}

json_t *jsonio_array(struct jsonio *io)
{
	return made(io, json_array());
}

void jsonio_put(struct jsonio *io, json_t *object, const char *key,
		json_t *value)
{
	if (!value || json_object_set_new(object, key, value))
		io->has_failed = true;
}

/* Rules may hold bytes in any encoding: what is not UTF-8 becomes '?'. */
static json_t *text_make(const char *text)
{
	if (!text)
		return json_null();

	json_t *value = json_string(text);
	if (value)
		return value;

	OWN_MEM char *copy = strdup(text);
	if (!copy)
		return NULL;
	for (char *p = copy; *p; p++)
		if (*p & 0x80)
			*p = '?';
	return json_string(copy);
}

void jsonio_put_text(struct jsonio *io, json_t *object, const char *key,
		     const char *text)
{
	jsonio_put(io, object, key, text_make(text));
}

void jsonio_put_number(struct jsonio *io, json_t *object, const char *key,
		       uint64_t number)
{
	jsonio_put(io, object, key, json_integer((json_int_t)number));
}

void jsonio_put_bool(struct jsonio *io, json_t *object, const char *key,
		     bool value)
{
	jsonio_put(io, object, key, json_boolean(value));
}

void jsonio_append(struct jsonio *io, json_t *array, json_t *value)
{
	if (!value || json_array_append_new(array, value))
		io->has_failed = true;
}

void jsonio_append_text(struct jsonio *io, json_t *array, const char *text)
{
	jsonio_append(io, array, text_make(text));
}

json_t *jsonio_document(struct jsonio *io, const char *kind)
{
	json_t *document = jsonio_object(io);

	jsonio_put_number(io, document, "version", JSONIO_VERSION);
	jsonio_put_text(io, document, "kind", kind);
	return document;
}

void jsonio_print(struct jsonio *io, json_t *document, struct buf *buf)
{
	OWN_MEM char *text = NULL;

	if (!io->has_failed)
		text = json_dumps(document, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	json_decref(document);
	if (!text) {
		buf->has_failed = true;
		return;
	}
	buf_add(buf, text);
	buf_add(buf, "\n");
}

const char *jsonio_get_text(const json_t *object, const char *key,
			    struct arena *arena)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? arena_text(arena, text, strlen(text)) : NULL;
}

uint64_t jsonio_get_number(const json_t *object, const char *key, uint64_t max)
{
	json_int_t number = json_integer_value(json_object_get(object, key));

	return number > 0 && (uint64_t)number <= max ? (uint64_t)number : 0;
}
