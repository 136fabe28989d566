// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/own.h"
#include "cli/lookout.h"

/* Notices are the watcher's to read: it looks this often. */
#define LOOK_MS 200

/* In the other process: until the watcher has planned, or is no more. */
static void keep_looking(int fd, const struct lookout *lookout,
			 const struct watched *items, void (*look)(void *),
			 void *context)
{
	struct pollfd end = { .fd = fd, .events = POLLIN };

	while (poll(&end, 1, LOOK_MS) == 0) {
		look(context);
		memcpy(lookout->items, items, lookout->count * sizeof(*items));
	}
	_exit(0);
}

static struct watched *share(const struct watched *items, size_t count)
{
	struct watched *shared =
		mmap(NULL, count * sizeof(*items), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return NULL;
	memcpy(shared, items, count * sizeof(*items));
	return shared;
}

static void unshare_items(struct lookout *lookout)
{
	munmap(lookout->items, lookout->count * sizeof(*lookout->items));
}

void lookout_begin(struct lookout *lookout, struct watched *items, size_t count,
		   void (*look)(void *context), void *context)
{
	int fds[2];

	*lookout = (struct lookout){ .count = count };
	lookout->items = share(items, count);
	if (!lookout->items)
		return;
	if (pipe2(fds, O_CLOEXEC) < 0) {
		unshare_items(lookout);
		return;
	}
	lookout->pid = fork();
	if (lookout->pid == 0) {
		close(fds[1]);
		keep_looking(fds[0], lookout, items, look, context);
	}
	close(fds[0]);
	lookout->fd = fds[1];
	if (lookout->pid < 0) {
		close(lookout->fd);
		unshare_items(lookout);
		lookout->pid = 0;
	}
}

void lookout_end(struct lookout *lookout, struct watched *items,
		 const struct watched *planned)
{
	if (!lookout->pid)
		return;
	close(lookout->fd);
	while (waitpid(lookout->pid, NULL, 0) < 0 && errno == EINTR)
		;
	for (size_t i = 0; i < lookout->count; i++) {
		char *said = items[i].said; /* the other's is not here */

		if (&items[i] == planned)
			continue;
		items[i] = lookout->items[i];
		items[i].said = said;
	}
	unshare_items(lookout);
	lookout->pid = 0;
}
