// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/own.h"
#include "cli/trust.h"

/* In a directory like /tmp others cannot replace what is not theirs. */
static bool can_be_written(const struct stat *status)
{
	bool is_guarded =
		S_ISDIR(status->st_mode) && (status->st_mode & S_ISVTX) != 0;

	return (status->st_mode & (S_IWGRP | S_IWOTH)) != 0 && !is_guarded;
}

static int judge(const char *path, const struct stat *status, struct err *err)
{
	if (status->st_uid != 0 && status->st_uid != geteuid())
		return err_input(err,
				 "%s belongs to the user %u, who could change "
				 "it: chown root %s",
				 path, status->st_uid, path);
	if (can_be_written(status))
		return err_input(err,
				 "%s can be written by others than its owner: "
				 "chmod go-w %s",
				 path, path);
	return 0;
}

static int cannot_look(const char *path, struct err *err)
{
	return err_set(err, ERR_INPUT, errno, "cannot look at %s: %s", path,
		       strerror(errno));
}

int trust_check_fd(int fd, const char *path, struct err *err)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return cannot_look(path, err);
	return judge(path, &status, err);
}

static int check_one(const char *path, struct err *err)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return cannot_look(path, err);
	return judge(path, &status, err);
}

/* From the file up to the root; @path is used up. */
static int check_up(char *path, struct err *err)
{
	int result = check_one(path, err);

	for (char *end = strrchr(path, '/'); result == 0 && end;
	     end = strrchr(path, '/')) {
		*end = '\0';
		result = check_one(end == path ? "/" : path, err);
	}
	return result;
}

int trust_check(const char *path, struct err *err)
{
	OWN_MEM char *named = strdup(path);
	OWN_MEM char *real = realpath(path, NULL);

	if (!named)
		return err_no_memory(err);
	if (!real)
		return cannot_look(path, err);
	/* Also where links stand: they could be turned elsewhere. */
	int result = check_up(named, err);
	return result < 0 ? result : check_up(real, err);
}
