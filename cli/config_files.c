// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/num.h"
#include "cli/config_files.h"
#include "cli/trust.h"

#define FILE_MAX ((off_t)1 << 20) /* nobody writes more than that by hand */

static int cannot_read(const char *path, struct err *err)
{
	return err_set(err, ERR_INPUT, errno, "cannot read %s: %s", path,
		       strerror(errno));
}

static int check_kind(int fd, const char *path, struct err *err)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return cannot_read(path, err);
	if (!S_ISREG(status.st_mode))
		return err_input(err, "%s is not a regular file", path);
	if (status.st_size > FILE_MAX)
		return err_input(err, "%s is larger than %d KiB", path,
				 (int)(FILE_MAX / 1024));
	return 0;
}

static int read_all(int fd, const char *path, struct buf *out, struct err *err)
{
	char chunk[16384];
	ssize_t length;

	while ((length = read(fd, chunk, sizeof(chunk))) != 0) {
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return cannot_read(path, err);
		buf_addn(out, chunk, length);
	}
	return out->has_failed ? err_no_memory(err) : 0;
}

static int add_file(struct config *config, int fd, const char *path,
		    struct err *err)
{
	OWN_BUF struct buf text = BUF_INIT;
	int result = check_kind(fd, path, err);

	if (result == 0)
		result = read_all(fd, path, &text, err);
	if (result == 0)
		result = config_parse(config, buf_text(&text), text.length,
				      path, err);
	return result;
}

static int open_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	return fd < 0 ? cannot_read(path, err) : fd;
}

int config_files_add(struct config *config, const char *path, struct err *err)
{
	OWN_FD int fd = open_file(path, err);

	return fd < 0 ? fd : add_file(config, fd, path, err);
}

static int add_trusted(struct config *config, const char *path, struct err *err)
{
	OWN_FD int fd = open_file(path, err);

	if (fd < 0)
		return fd;
	int result = trust_check_fd(fd, path, err);
	return result < 0 ? result : add_file(config, fd, path, err);
}

/* Editors' and packages' leavings do not end like this. */
static int is_config(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 5 &&
	       !strcmp(entry->d_name + length - 5, ".conf");
}

/* In the order of bytes, whatever the locale. */
static int compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_entries(struct config *config, const char *directory,
			struct dirent **entries, int count, struct err *err)
{
	int result = 0;

	for (int i = 0; i < count && result == 0; i++) {
		OWN_BUF struct buf path = BUF_INIT;

		buf_addf(&path, "%s/%s", directory, entries[i]->d_name);
		result = path.has_failed
				 ? err_no_memory(err)
				 : add_trusted(config, buf_text(&path), err);
	}
	return result;
}

static int check_rules(const struct config_section *section, const char *path,
		       struct err *err)
{
	int result = path ? trust_check(path, err) : 0;

	if (result < 0)
		err_where(err, "%s: line %u", section->source, section->line);
	return result;
}

static int check_all_rules(const struct config *config, struct err *err)
{
	int result = 0;

	for (size_t i = 0; i < config->count && result == 0; i++) {
		const struct config_section *section = &config->sections[i];
		const struct options *options = &section->options;
		const char *const paths[] = { options->rules, options->rules6,
					      options->sets, options->block };

		for (size_t j = 0; j < ARRAY_SIZE(paths) && result == 0; j++)
			result = check_rules(section, paths[j], err);
	}
	return result;
}

static int none(const char *directory, struct err *err)
{
	err_set(err, ERR_INPUT, 0,
		"%s has no configuration: write %s/NAME.conf with a section "
		"[interface NAME] (wirewall.conf(5))",
		directory, directory);
	return -ENOENT;
}

int config_files_read(const char *directory, struct config **out,
		      struct err *err)
{
	OWN(config) struct config *config = config_make();
	struct dirent **entries = NULL;

	if (!config)
		return err_no_memory(err);
	if (access(directory, F_OK) < 0 && errno == ENOENT)
		return none(directory, err);
	int result = trust_check(directory, err);
	if (result < 0)
		return result;
	int count = scandir(directory, &entries, is_config, compare);
	if (count < 0)
		return cannot_read(directory, err);

	result = read_entries(config, directory, entries, count, err);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	if (result == 0 && !count)
		result = none(directory, err);
	if (result == 0)
		result = check_all_rules(config, err);
	if (result == 0)
		*out = take(config);
	return result;
}
