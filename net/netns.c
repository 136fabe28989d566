// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>

#include "base/num.h"
#include "base/own.h"
#include "net/netns.h"

/* Those with a name first: there are fewer of them. */
static const char *const places[] = {
	"/run/netns/*",
	"/run/docker/netns/*",
	"/proc/[0-9]*/ns/net",
};

uint64_t netns_own(void)
{
	struct stat found;

	return stat("/proc/thread-self/ns/net", &found) < 0 ? 0 : found.st_ino;
}

/* Compared when it is open: a name may be given to another one meanwhile. */
static int open_if(const char *path, uint64_t inode)
{
	struct stat found;

	if (stat(path, &found) < 0 || found.st_ino != inode)
		return -1;
	OWN_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &found) < 0 || found.st_ino != inode)
		return -1;
	return take_fd(&fd);
}

static int open_at(const char *place, uint64_t inode)
{
	glob_t paths = { 0 };
	int fd = -1;

	if (glob(place, GLOB_NOSORT, NULL, &paths) == 0) {
		for (size_t i = 0; i < paths.gl_pathc && fd < 0; i++)
			fd = open_if(paths.gl_pathv[i], inode);
	}
	globfree(&paths);
	return fd;
}

int netns_open(uint64_t inode)
{
	int fd = -1;

	for (size_t i = 0; i < ARRAY_SIZE(places) && fd < 0; i++)
		fd = open_at(places[i], inode);
	return fd < 0 ? -ENOENT : fd;
}

struct journey {
	int fd;
	int (*errand)(void *context, struct err *err);
	void *context;
	struct err *err;
	int result;
};

static void *travel(void *argument)
{
	struct journey *journey = argument;

	if (setns(journey->fd, CLONE_NEWNET) < 0)
		journey->result =
			err_system(journey->err, errno,
				   "cannot enter another network namespace");
	else
		journey->result =
			journey->errand(journey->context, journey->err);
	return NULL;
}

int netns_run_in(int fd, int (*errand)(void *context, struct err *err),
		 void *context, struct err *err)
{
	struct journey journey = { fd, errand, context, err, 0 };
	pthread_t thread;
	int number = pthread_create(&thread, NULL, travel, &journey);

	if (number)
		return err_system(err, number,
				  "cannot go to another network namespace");
	pthread_join(thread, NULL);
	return journey.result;
}
