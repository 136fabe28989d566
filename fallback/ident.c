// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "base/own.h"
#include "bpf/load.h"
#include "fallback/ident.h"

int ident_get(uint32_t prog_id, struct ident *out, struct err *err)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);
	OWN_FD int fd = load_prog_fd(prog_id, err);

	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &size) < 0)
		return err_system(err, errno,
				  "the kernel does not tell about the program "
				  "with the id %u",
				  prog_id);
	out->prog_id = prog_id;
	memcpy(out->tag, info.tag, sizeof(out->tag));
	memcpy(out->name, info.name, sizeof(out->name));
	out->loaded = info.load_time;
	return 0;
}
