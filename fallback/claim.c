// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "base/clock.h"
#include "base/own.h"
#include "fallback/claim.h"

#define QUEUE	 64 /* of those who wait */
#define PAUSE_MS 20 /* when even the queue is full */

struct address {
	struct sockaddr_un un;
	socklen_t size;
};

static struct address address_of(const char *name)
{
	struct address address = { .un.sun_family = AF_UNIX };
	char *path = address.un.sun_path + 1; /* behind the NUL: abstract */
	int length = snprintf(path, sizeof(address.un.sun_path) - 1,
			      "wirewall/%s", name);

	address.size = offsetof(struct sockaddr_un, sun_path) + 1 + length;
	return address;
}

static int open_socket(struct err *err)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? err_system(err, errno, "cannot open a UNIX socket")
		      : fd;
}

/* 1: it is to be believed; 0; -errno when the kernel does not tell. */
static int judge_peer(int fd, pid_t *pid)
{
	struct ucred peer = { 0 };
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return -errno;
	if (pid)
		*pid = peer.pid;
	return peer.uid == 0 || peer.uid == geteuid();
}

bool claim_trusts(int fd)
{
	return judge_peer(fd, NULL) > 0;
}

/*
 * An fd; -ENOENT when nobody holds the name, -EAGAIN when too many wait
 * already, -EACCES when the holder is not to be believed, or -errno.
 */
static int reach(const char *name, pid_t *pid, struct err *err)
{
	struct address address = address_of(name);
	OWN_FD int fd = open_socket(err);

	if (fd < 0)
		return fd;
	if (connect(fd, (struct sockaddr *)&address.un, address.size) < 0) {
		int error = errno == ECONNREFUSED ? ENOENT
			    : errno == EACCES	  ? EPERM
						  : errno;

		return err_system(err, error,
				  "cannot reach the wirewall that holds \"%s\"",
				  name);
	}
	int trust = judge_peer(fd, pid);
	if (trust < 0)
		return err_system(err, -trust,
				  "cannot tell who holds wirewall's \"%s\"",
				  name);
	if (trust == 0) {
		err_set(err, ERR_SYSTEM, 0,
			"the process %d of another user holds the name of "
			"wirewall's \"%s\"; end it",
			(int)*pid, name);
		return -EACCES;
	}
	return take_fd(&fd);
}

int claim_connect(const char *name, pid_t *pid, struct err *err)
{
	pid_t holder = 0;
	int fd = reach(name, &holder, err);

	if (fd >= 0 && pid)
		*pid = holder;
	return fd == -EACCES ? -ENOENT : fd;
}

bool claim_is_held(const char *name)
{
	struct err unseen;
	OWN_FD int fd = claim_connect(name, NULL, &unseen);

	return fd >= 0;
}

void claim_turn_away(int fd)
{
	int other;

	while ((other = accept4(fd, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		close(other);
}

/* An fd, or -EADDRINUSE, or -errno. */
static int try_to_take(const char *name, struct err *err)
{
	struct address address = address_of(name);
	OWN_FD int fd = open_socket(err);

	if (fd < 0)
		return fd;
	if (bind(fd, (struct sockaddr *)&address.un, address.size) < 0 ||
	    listen(fd, QUEUE) < 0)
		return err_system(err, errno, "cannot hold the name \"%s\"",
				  name);
	return take_fd(&fd);
}

int claim_take(const char *name, struct err *err)
{
	struct err unseen;
	pid_t holder = 0;
	int fd = try_to_take(name, err);

	if (fd != -EADDRINUSE)
		return fd;
	OWN_FD int other = reach(name, &holder, &unseen);
	if (other == -EACCES)
		*err = unseen;
	else
		err_set(err, ERR_SYSTEM, 0,
			"another wirewall is at it in this network namespace: "
			"the process %d (%s)",
			(int)holder, name);
	return -EADDRINUSE;
}

/* Until the holder's socket closes, or the time is over. */
static void wait_for_end(int fd, int milliseconds)
{
	struct pollfd end = { .fd = fd, .events = POLLIN };

	poll(&end, 1, milliseconds);
}

int claim_wait(const char *name, int milliseconds, struct err *err)
{
	long deadline = clock_ms() + milliseconds;
	struct err unseen;
	pid_t holder = 0;

	for (;;) {
		int fd = try_to_take(name, err);
		if (fd != -EADDRINUSE)
			return fd;

		long left = deadline - clock_ms();
		if (left <= 0)
			break;
		OWN_FD int other = reach(name, &holder, &unseen);
		if (other == -EACCES) {
			*err = unseen;
			return other;
		}
		if (other >= 0)
			wait_for_end(other, (int)left);
		else if (other != -ENOENT)
			poll(NULL, 0, PAUSE_MS);
	}
	err_set(err, ERR_SYSTEM, 0,
		"another wirewall, the process %d, has been at it for %d "
		"seconds; try again when it has ended",
		(int)holder, milliseconds / 1000);
	return -ETIMEDOUT;
}
