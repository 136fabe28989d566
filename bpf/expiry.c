// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <time.h>

#include "base/own.h"
#include "bpf/expiry.h"
#include "bpf/load.h"
#include "bpf/refusal.h"
#include "bpf/wire.h"

#define SECOND_NS 1000000000ull

/* The clock of bpf_ktime_get_ns(). */
static uint64_t nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

int expiry_fill(int map_fd, unsigned int seconds)
{
	const uint32_t first = 0;
	uint64_t until = seconds ? nanoseconds() + seconds * SECOND_NS : 0;

	return bpf_map_update_elem(map_fd, &first, &until, BPF_ANY);
}

/* An fd of its map, or -errno; -ENOENT also when it has none. */
static int find_map(uint32_t prog_id, struct err *err)
{
	OWN_FD int prog_fd = load_prog_fd(prog_id, err);
	uint32_t size;

	if (prog_fd < 0)
		return prog_fd;
	int fd = load_find_map(prog_fd, WIRE_EXPIRY_NAME, BPF_MAP_TYPE_ARRAY,
			       sizeof(uint64_t), &size);
	if (fd == -ENOENT)
		return err_system(err, ENOENT,
				  "program %u was not attached to be confirmed",
				  prog_id);
	if (fd < 0)
		return refusal_set(err, -fd,
				   "the kernel does not show when the program "
				   "expires",
				   "");
	return fd;
}

int expiry_set(uint32_t prog_id, unsigned int seconds, struct err *err)
{
	OWN_FD int fd = find_map(prog_id, err);

	if (fd < 0)
		return fd;
	int result = expiry_fill(fd, seconds);
	if (result < 0)
		return err_system(err, -result,
				  "program %u cannot be told when to expire",
				  prog_id);
	return 0;
}

int expiry_get(uint32_t prog_id, unsigned int *seconds, struct err *err)
{
	OWN_FD int fd = find_map(prog_id, err);
	const uint32_t first = 0;
	uint64_t until, now = nanoseconds();

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	int result = bpf_map_lookup_elem(fd, &first, &until);
	if (result < 0)
		return err_system(err, -result,
				  "when program %u expires cannot be read",
				  prog_id);
	if (!until)
		return 0;
	*seconds = until > now ? (until - now + SECOND_NS - 1) / SECOND_NS : 0;
	return 1;
}
