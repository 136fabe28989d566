// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <time.h>

#include "base/clock.h"
#include "base/own.h"
#include "bpf/load.h"
#include "bpf/switch.h"

/* An fd of the switch's map, or -errno. */
static int find_switch(uint32_t prog_id, struct err *err)
{
	return load_open_array(prog_id, WIRE_SWITCH_NAME,
			       sizeof(struct wire_switch),
			       "has no switch to stop it by",
			       "the kernel does not show the switch of the "
			       "program",
			       err);
}

static int read_value(int fd, uint32_t prog_id, struct wire_switch *out,
		      struct err *err)
{
	const uint32_t first = 0;

	if (bpf_map_lookup_elem(fd, &first, out) < 0)
		return err_system(err, errno,
				  "the switch of program %u cannot be read",
				  prog_id);
	return 0;
}

int switch_set(uint32_t prog_id, bool is_stopped, struct err *err)
{
	OWN_FD int fd = find_switch(prog_id, err);
	struct wire_switch value;
	const uint32_t first = 0;

	if (fd < 0)
		return fd;
	int result = read_value(fd, prog_id, &value, err);
	if (result < 0)
		return result;
	value.is_stopped = is_stopped;
	value.when = (uint64_t)time(NULL);
	if (bpf_map_update_elem(fd, &first, &value, BPF_ANY) < 0)
		return err_system(err, errno, "program %u cannot be %s",
				  prog_id, is_stopped ? "stopped" : "started");
	return 0;
}

int switch_lease(uint32_t prog_id, uint64_t planned, unsigned int milliseconds,
		 struct err *err)
{
	OWN_FD int fd = find_switch(prog_id, err);
	struct wire_switch value;
	const uint32_t first = 0;

	if (fd < 0)
		return fd;
	int result = read_value(fd, prog_id, &value, err);
	if (result < 0)
		return result;
	value.planned = planned;
	value.until = clock_ns() + (uint64_t)milliseconds * 1000000;
	if (bpf_map_update_elem(fd, &first, &value, BPF_ANY) < 0)
		return err_system(
			err, errno,
			"program %u cannot be told that it is watched",
			prog_id);
	return 0;
}

int switch_get(uint32_t prog_id, struct wire_switch *out, struct err *err)
{
	OWN_FD int fd = find_switch(prog_id, err);
	struct wire_switch value;

	if (fd < 0)
		return fd;
	int result = read_value(fd, prog_id, &value, err);
	if (result == 0)
		*out = value;
	return result;
}
