// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "bpf/load.h"
#include "bpf/settings.h"
#include "frame.skel.h"

#define RODATA_NAME "frame.rodata"

/* What libbpf makes of the frame's constants, as this version lays them out. */
static int read_rodata(int prog_fd, struct frame__rodata *out)
{
	const __u32 first = 0;
	__u32 count;
	OWN_FD int fd = load_find_map(prog_fd, RODATA_NAME, BPF_MAP_TYPE_ARRAY,
				      sizeof(*out), &count);

	if (fd < 0)
		return fd;
	return bpf_map_lookup_elem(fd, &first, out);
}

int settings_read(uint32_t prog_id, struct wire_settings *out, struct err *err)
{
	OWN_FD int prog_fd = load_prog_fd(prog_id, err);
	struct frame__rodata rodata;

	if (prog_fd < 0)
		return prog_fd;
	int result = read_rodata(prog_fd, &rodata);
	if (result)
		return err_system(err, -result,
				  "the settings of program %u cannot be read",
				  prog_id);
	memcpy(out, (const void *)&rodata.settings, sizeof(*out));
	return 0;
}
