// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "rules/edit.h"
#include "rules/family.h"
#include "rules/lex.h"
#include "rules/read.h"

/* A growing list of what lives in the arena. */
struct list {
	const char **items; /* malloc()ed */
	size_t count, size;
};

struct file {
	struct ruleset *ruleset;
	struct arena *arena;
	struct words words;
	struct list comments; /* that wait for what they stand before */
	struct draft draft;   /* the table being read, if any */
	bool is_in_table;
	bool is_skipping; /* a table that was refused, up to the next */
	struct read_errors *errors;
	struct err *err;
};

static void file_free(struct file *file)
{
	lex_words_free(&file->words);
	draft_free(&file->draft);
	free(file->comments.items);
}
#define OWN_FILE_STATE __attribute__((cleanup(file_free)))

static int list_add(struct list *list, const char *item)
{
	if (list->count == list->size) {
		size_t size = list->size ? list->size * 2 : 8;
		const char **items =
			reallocarray(list->items, size, sizeof(*items));

		if (!items)
			return -ENOMEM;
		list->items = items;
		list->size = size;
	}
	list->items[list->count++] = item;
	return 0;
}

/* Hand the comments over to what they stand before. */
static int take_comments(struct file *file, const char *const **comments,
			 size_t *count)
{
	*count = file->comments.count;
	if (!*count)
		return 0;
	*comments = arena_copy(file->arena, file->comments.items,
			       *count * sizeof(**comments));
	file->comments.count = 0;
	return *comments ? 0 : err_no_memory(file->err);
}

/* Anything but letters would disturb the terminal that it is shown on. */
static void note_error(struct file *file, const struct line *line,
		       unsigned int column)
{
	struct read_error *error = &file->errors->errors[file->errors->count++];

	error->line = line->number;
	error->column = column;
	snprintf(error->text, sizeof(error->text), "%.*s",
		 (int)sizeof(error->text) - 1, file->err->text);
	for (char *c = error->text; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
}

static int finish_table(struct file *file)
{
	struct ruleset *ruleset = file->ruleset;
	/* There are few tables, and they double. */
	size_t count = ruleset->table_count;

	if ((count & (count - 1)) == 0) {
		size_t size = count ? count * 2 : 1;
		struct table *tables =
			arena_alloc(file->arena, size * sizeof(*tables));

		if (!tables)
			return err_no_memory(file->err);
		if (count)
			memcpy(tables, ruleset->tables,
			       count * sizeof(*tables));
		ruleset->tables = tables;
	}
	if (draft_finish(&file->draft, &ruleset->tables[count]))
		return err_no_memory(file->err);
	ruleset->table_count++;
	draft_free(&file->draft);
	file->is_in_table = false;
	return 0;
}

static int check_is_first(struct file *file, const char *name)
{
	for (size_t i = 0; i < file->ruleset->table_count; i++) {
		const struct table *table = &file->ruleset->tables[i];

		if (!strcmp(table->name, name))
			return err_input(file->err,
					 "table '%.64s' was there already, on "
					 "line %u, and iptables-restore would "
					 "forget that one: make them one",
					 name, table->line);
	}
	return 0;
}

static int read_table(struct file *file, const struct line *line)
{
	int result;

	if (file->is_in_table && finish_table(file))
		return -ENOMEM;
	file->is_skipping = true; /* what follows has no table to go to */
	result = edit_table(&file->draft, file->arena, &file->words,
			    line->number, file->err);
	if (!result)
		result = check_is_first(file, file->draft.table.name);
	if (result)
		return result;
	file->is_skipping = false;
	file->is_in_table = true;
	return take_comments(file, &file->draft.table.comments,
			     &file->draft.table.comment_count);
}

static int read_command(struct file *file, const struct line *line,
			unsigned int *column)
{
	struct rule_line rule_line;
	struct rule *rule = &rule_line.rule;
	int result = rule_read(&file->draft, file->ruleset->family,
			       &file->words, &rule_line, column, file->err);

	if (result)
		return result;
	*column = rule_line.chain_column;
	rule->line = line->number;
	if (rule_line.command == COMMAND_APPEND ||
	    rule_line.command == COMMAND_INSERT)
		result = take_comments(file, &rule->comments,
				       &rule->comment_count);
	return result ? result
		      : edit_command(&file->draft, &rule_line, file->err);
}

static int keep_comment(struct file *file, const struct line *line)
{
	const char *text = arena_text(file->arena, line->text, line->length);

	if (!text || list_add(&file->comments, text))
		return err_no_memory(file->err);
	return 0;
}

static int read_line(struct file *file, const struct line *line,
		     unsigned int *column)
{
	const char *first;
	int result = lex_check(line, column, file->err);

	if (result)
		return result;
	if (line->length && line->text[0] == '#')
		return keep_comment(file, line);
	result = lex_words(file->arena, line, &file->words, column, file->err);
	if (result || !file->words.count)
		return result;
	first = file->words.words[0].text;
	*column = file->words.words[0].column;
	if (*first == '*')
		return read_table(file, line);
	if (file->is_skipping)
		return 0;
	if (!file->is_in_table)
		return err_input(
			file->err,
			"'%.64s' stands outside of any table: expected "
			"'*filter' or another table before it",
			first);
	if (*first == ':')
		return edit_chain(&file->draft, &file->words, line->number,
				  column, file->err);
	if (!strcmp(first, "COMMIT"))
		return finish_table(file);
	return read_command(file, line, column);
}

static int read_lines(struct file *file, const char *text, size_t length)
{
	static const char bom[] = "\xef\xbb\xbf";
	const char *at = text, *end = text + length;
	struct line line = { 0 };

	if (length >= 3 && !memcmp(text, bom, 3))
		at += 3;
	while (file->errors->count < READ_ERRORS_MAX &&
	       lex_line(&at, end, &line)) {
		unsigned int column = 1;
		int result = read_line(file, &line, &column);

		if (result == -ENOMEM)
			return result;
		if (result)
			note_error(file, &line, column);
	}
	/* The COMMIT of the last table may be missing. */
	if (file->is_in_table && finish_table(file))
		return -ENOMEM;
	return take_comments(file, &file->ruleset->comments,
			     &file->ruleset->comment_count);
}

static int tell_errors(const struct read_errors *errors, const char *source,
		       struct err *err)
{
	const struct read_error *first = &errors->errors[0];
	char more[64] = "";

	if (errors->count > 1)
		snprintf(more, sizeof(more), " (and %s%zu more)",
			 errors->count == READ_ERRORS_MAX ? "at least " : "",
			 errors->count - 1);
	return err_input(err, "%s: line %u, column %u: %s%s", source,
			 first->line, first->column, first->text, more);
}

int read_rules(const char *text, size_t length, const char *source,
	       enum family family, struct ruleset **out,
	       struct read_errors *errors, struct err *err)
{
	struct read_errors own_errors;
	OWN_FILE_STATE struct file file = {
		.errors = errors ? errors : &own_errors,
		.arena = arena_make(),
		.err = err,
	};
	OWN(ruleset) struct ruleset *ruleset = NULL;

	file.errors->count = 0;
	if (!file.arena)
		return err_no_memory(err);
	ruleset = arena_alloc(file.arena, sizeof(*ruleset));
	if (!ruleset) {
		arena_free(file.arena);
		return err_no_memory(err);
	}
	ruleset->arena = file.arena;
	ruleset->family = family ? family : family_detect(text, length);
	ruleset->source = arena_text(file.arena, source, strlen(source));
	if (!ruleset->source)
		return err_no_memory(err);
	file.ruleset = ruleset;

	int result = read_lines(&file, text, length);
	if (result)
		return result;
	if (file.errors->count)
		return tell_errors(file.errors, source, err);
	*out = take(ruleset);
	return 0;
}

int read_rules_file(const char *path, enum family family, struct ruleset **out,
		    struct read_errors *errors, struct err *err)
{
	OWN_BUF struct buf text = BUF_INIT;
	int result;

	if (errors)
		errors->count = 0;
	result = file_read(path, "a file that iptables-save wrote", &text, err);
	if (result)
		return result;
	return read_rules(buf_text(&text), text.length, file_name(path), family,
			  out, errors, err);
}
