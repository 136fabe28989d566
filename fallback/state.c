// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/own.h"
#include "fallback/state.h"

/* A record's size is bounded by its ruleset's, far below this. */
#define RECORD_MAX ((off_t)1 << 30)

/* "ID-TAG"; a temporary file is ".ID-TAG.PID". */
struct name {
	char text[64];
};

static struct name name_make(const struct ident *ident, const char *before,
			     const char *behind)
{
	struct name name;
	int length = snprintf(name.text, sizeof(name.text), "%s%u-", before,
			      ident->prog_id);

	for (size_t i = 0; i < sizeof(ident->tag); i++)
		length +=
			snprintf(name.text + length, sizeof(name.text) - length,
				 "%02x", ident->tag[i]);
	snprintf(name.text + length, sizeof(name.text) - length, "%s", behind);
	return name;
}

/* The directory's fd, or -errno. A link in its place is not followed. */
static int open_directory(void)
{
	int fd = open(STATE_DIR, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int make_directory(void)
{
	/* chmod: the caller's umask must not hide the records from users. */
	if (mkdir(STATE_DIR, 0755) == 0)
		chmod(STATE_DIR, 0755);
	else if (errno != EEXIST)
		return -errno;
	return open_directory();
}

static int write_all(int fd, const char *text)
{
	for (size_t left = strlen(text); left;) {
		ssize_t done = write(fd, text, left);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			text += done;
			left -= done;
		}
	}
	return 0;
}

static int write_file(int dir, const char *name, const char *text)
{
	OWN_FD int fd =
		openat(dir, name,
		       O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		       0644);

	if (fd < 0 || fchmod(fd, 0644) < 0)
		return -errno;
	return write_all(fd, text);
}

int state_write(const struct ident *ident, const char *record, struct err *err)
{
	char behind[16];
	OWN_FD int dir = make_directory();

	snprintf(behind, sizeof(behind), ".%d", getpid());
	struct name name = name_make(ident, "", "");
	struct name temporary = name_make(ident, ".", behind);

	int result = dir < 0 ? dir : write_file(dir, temporary.text, record);
	if (result == 0 && renameat(dir, temporary.text, dir, name.text) < 0)
		result = -errno;
	if (result == 0)
		return 0;
	if (dir >= 0)
		unlinkat(dir, temporary.text, 0);
	return err_system(err, -result, "cannot write " STATE_DIR "/%s",
			  name.text);
}

static int read_file(int dir, const char *name, char **out)
{
	struct stat status;
	OWN_FD int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_size > RECORD_MAX)
		return -EINVAL;

	OWN_MEM char *text = malloc(status.st_size + 1);
	if (!text)
		return -ENOMEM;
	off_t length = 0;
	while (length < status.st_size) {
		ssize_t done = read(fd, text + length, status.st_size - length);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done == 0)
			break;
		if (done > 0)
			length += done;
	}
	text[length] = '\0';
	*out = take(text);
	return 0;
}

int state_read(const struct ident *ident, char **out, struct err *err)
{
	struct name name = name_make(ident, "", "");
	OWN_FD int dir = open_directory();
	int result = dir < 0 ? dir : read_file(dir, name.text, out);

	if (result < 0)
		return err_system(err, -result, "cannot read " STATE_DIR "/%s",
				  name.text);
	return 0;
}

/* Is it a record, or a temporary file, of a program that is gone? */
static bool is_stale(const char *file)
{
	struct ident ident;
	struct err err;
	unsigned int prog_id;

	file += file[0] == '.';
	if (sscanf(file, "%u-", &prog_id) != 1)
		return false;
	int result = ident_get(prog_id, &ident, &err);
	if (result < 0)
		return result == -ENOENT;

	struct name name = name_make(&ident, "", "");
	return strncmp(file, name.text, strlen(name.text)) != 0;
}

void state_prune(void)
{
	DIR *stream = opendir(STATE_DIR);
	const struct dirent *entry;

	if (!stream)
		return;
	while ((entry = readdir(stream))) {
		if (is_stale(entry->d_name))
			unlinkat(dirfd(stream), entry->d_name, 0);
	}
	closedir(stream);
}
