// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/own.h"
#include "cli/set_elements.h"

#define BLANKS " \t\r"

void set_elements_free(struct set_elements *elements)
{
	free(elements->items);
	buf_free(&elements->text);
}

static int add(struct set_elements *elements, const char *item)
{
	if (elements->count == elements->room) {
		size_t room = elements->room ? elements->room * 2 : 64;
		const char **items =
			reallocarray(elements->items, room, sizeof(*items));

		if (!items)
			return -ENOMEM;
		elements->items = items;
		elements->room = room;
	}
	elements->items[elements->count++] = item;
	return 0;
}

int set_elements_words(char *const *words, size_t count,
		       struct set_elements *out, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (add(out, words[i]))
			return err_no_memory(err);
	}
	return 0;
}

/* The element of a line, which is written to; NULL: it has none. */
static char *element_of(char *line, const char *name)
{
	char *rest = line;
	char *first = strtok_r(rest, BLANKS, &rest);

	if (!first || *first == '#' || *first == ';' ||
	    !strcmp(first, "create"))
		return NULL;
	if (!strcmp(first, "add")) {
		char *set = strtok_r(NULL, BLANKS, &rest);

		return set && !strcmp(set, name) ? strtok_r(NULL, BLANKS, &rest)
						 : NULL;
	}
	first[strcspn(first, ";#")] = '\0';
	return first;
}

int set_elements_cut(const char *name, struct set_elements *out,
		     struct err *err)
{
	char *rest = out->text.text, *line;

	/* What stands behind it would be left out, and nobody told. */
	if (rest && memchr(rest, '\0', out->text.length))
		return err_input(err, "a byte 0 is in it: expected a list of "
				      "elements, one a line");
	while (rest && (line = strsep(&rest, "\n"))) {
		char *element = element_of(line, name);

		if (element && add(out, element))
			return err_no_memory(err);
	}
	return 0;
}

int set_elements_file(const char *path, const char *name,
		      struct set_elements *out, struct err *err)
{
	int result = file_read(path, "a list of elements", &out->text, err);

	if (result < 0)
		return result;
	result = set_elements_cut(name, out, err);
	if (result == -EINVAL)
		err_where(err, "%s", file_name(path));
	return result;
}
