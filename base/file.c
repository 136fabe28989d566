// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/own.h"

#define FILE_MAX ((size_t)256 * 1024 * 1024)

const char *file_name(const char *path)
{
	return strcmp(path, "-") ? path : "<stdin>";
}

static int open_file(const char *path, const char *expected, struct err *err)
{
	struct stat status;
	OWN_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_INPUT, errno, "cannot read %s: %s",
			       path, strerror(errno));
	if (!fstat(fd, &status) && S_ISDIR(status.st_mode))
		return err_set(err, ERR_INPUT, EISDIR,
			       "%s is a directory: expected %s", path,
			       expected);
	return take_fd(&fd);
}

int file_read(const char *path, const char *expected, struct buf *text,
	      struct err *err)
{
	bool is_stdin = !strcmp(path, "-");
	OWN_FD int opened = is_stdin ? -1 : open_file(path, expected, err);
	int fd = is_stdin ? STDIN_FILENO : opened;
	char chunk[65536];
	ssize_t count;

	if (fd < 0)
		return fd;
	while ((count = read(fd, chunk, sizeof(chunk))) != 0) {
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return err_set(err, ERR_INPUT, errno,
				       "cannot read %s: %s", file_name(path),
				       strerror(errno));
		buf_addn(text, chunk, count);
		if (text->has_failed)
			return err_no_memory(err);
		if (text->length > FILE_MAX)
			return err_set(err, ERR_INPUT, EFBIG,
				       "%s has more than %zu MiB: is this %s?",
				       file_name(path), FILE_MAX >> 20,
				       expected);
	}
	return 0;
}
