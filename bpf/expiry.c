// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>

#include "base/clock.h"
#include "base/own.h"
#include "bpf/expiry.h"
#include "bpf/load.h"
#include "bpf/wire.h"

#define SECOND_NS 1000000000ull

int expiry_fill(int map_fd, unsigned int seconds)
{
	const uint32_t first = 0;
	uint64_t until = seconds ? clock_ns() + seconds * SECOND_NS : 0;

	return bpf_map_update_elem(map_fd, &first, &until, BPF_ANY);
}

/* An fd of its map, or -errno; -ENOENT also when it has none. */
static int find_map(uint32_t prog_id, struct err *err)
{
	return load_open_array(prog_id, WIRE_EXPIRY_NAME, sizeof(uint64_t),
			       "was not attached to be confirmed",
			       "the kernel does not show when the program "
			       "expires",
			       err);
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
	uint64_t until, now = clock_ns();

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
