// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "cli/child.h"
#include "cli/input_sets.h"
#include "cli/say.h"
#include "rules/ipset_read.h"
#include "rules/read.h"

#define A_BLOCKLIST "a list of networks, one a line"

/* Files of a directory, sorted; what begins with a dot is left out. */
static int is_list(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       (entry->d_type == DT_REG || entry->d_type == DT_LNK ||
		entry->d_type == DT_UNKNOWN);
}

static void entries_free(struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
}

/* Each file is read by itself, so that its lines are its own. */
static int check_list(const char *path, struct buf *text, struct err *err)
{
	OWN(block_list) struct block_list *list = NULL;
	size_t before = text->length;
	int result = file_read(path, A_BLOCKLIST, text, err);

	if (result == 0)
		result = block_read(buf_text(text) + before,
				    text->length - before, file_name(path),
				    &list, err);
	buf_add(text, "\n");
	return result;
}

static int read_directory(const char *path, struct buf *text, struct err *err)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_list, alphasort);
	int result = 0;

	if (count < 0)
		return err_set(err, ERR_INPUT, errno, "cannot read %s: %s",
			       path, strerror(errno));
	for (int i = 0; i < count && result == 0; i++) {
		char name[PATH_MAX];

		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		result = check_list(name, text, err);
	}
	entries_free(entries, count);
	return result;
}

static bool is_directory(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

static int insert(struct ruleset **ruleset, const struct ipset *set,
		  const char *path, struct err *err)
{
	static const char empty[] = "*raw\n:PREROUTING ACCEPT\nCOMMIT\n";
	int result = 0;

	if (!*ruleset) {
		result = read_rules(empty, strlen(empty), path, set->family,
				    ruleset, NULL, err);
		if (result == 0)
			(*ruleset)->is_block_alone = true;
	}
	if (result == 0 && block_insert(*ruleset, set))
		return err_no_memory(err);
	return result;
}

int input_sets_block(const char *path, struct input *input, struct err *err)
{
	OWN_BUF struct buf text = BUF_INIT;
	int result = is_directory(path)
			     ? read_directory(path, &text, err)
			     : file_read(path, A_BLOCKLIST, &text, err);

	if (result == 0)
		result = block_read(buf_text(&text), text.length,
				    file_name(path), &input->block, err);
	if (result < 0)
		return result;

	const struct block_list *block = input->block;
	if (block->ipv4->element_count)
		result = insert(&input->ipv4, block->ipv4, path, err);
	if (result == 0 && block->ipv6->element_count)
		result = insert(&input->ipv6, block->ipv6, path, err);
	return result;
}

static int read_sets(const struct options *options, struct ipsets **out,
		     struct err *err)
{
	OWN_BUF struct buf text = BUF_INIT;
	OWN_BUF struct buf notes = BUF_INIT;
	const char *source = options->sets;
	int result;

	if (source) {
		result = file_read(source, "a file that ipset save wrote",
				   &text, err);
		source = file_name(source);
	} else {
		result = child_read("ipset", "save", &text, &notes, err);
		source = "ipset save";
	}
	return result < 0 ? result
			  : ipset_read(buf_text(&text), text.length, source,
				       out, err);
}

static const char *missing(const struct input *input)
{
	const char *name =
		input->ipv4 ? bind_missing(input->ipv4, input->sets) : NULL;

	if (!name && input->ipv6)
		name = bind_missing(input->ipv6, input->sets);
	return name;
}

/* Rules without their sets are sound, they only drop less. */
static void warn_missing(const struct input *input)
{
	const char *name = missing(input);

	if (name)
		say_warning("the rules ask for the set %s, which was not "
			    "given: what it decides is left to the host. "
			    "--sets FILE has what `ipset save` prints",
			    name);
}

int input_sets_bind(const struct options *options, struct input *input,
		    struct err *err)
{
	struct err why;
	int result = 0;

	if (options->sets)
		result = read_sets(options, &input->sets, err);
	else if (options->from_kernel && missing(input) &&
		 read_sets(options, &input->sets, &why) < 0)
		say_warning("the sets that the rules ask for are not known: %s",
			    why.text);
	if (result < 0)
		return result;
	if (input->sets && input->ipv6)
		bind_note_changes(input->ipv6, input->sets);
	if (input->sets && input->ipv4)
		bind_sets(input->ipv4, input->sets);
	if (input->sets && input->ipv6)
		bind_sets(input->ipv6, input->sets);
	warn_missing(input);
	return 0;
}
