// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "base/own.h"
#include "net/hooks.h"

/*
 * struct bpf_link_info of Linux 6.4 as far as it is of interest here: our
 * headers may be older than the kernel.
 */
#define LINK_TYPE_NETFILTER 10
struct link_info {
	uint32_t type, id, prog_id;
	uint32_t pad;
	uint32_t family, hook;
	int32_t priority;
	uint32_t flags;
};

/* Returns 0, also for a link that has gone meanwhile; or -errno. */
static int look_at(uint32_t id, struct fact *fact)
{
	struct link_info info = { 0 };
	uint32_t size = sizeof(info);
	OWN_FD int fd = bpf_link_get_fd_by_id(id);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (bpf_obj_get_info_by_fd(fd, &info, &size) < 0)
		return -errno;
	/* It does not say in which network namespace: it may be this one. */
	if (info.type == LINK_TYPE_NETFILTER)
		fact_yes(fact,
			 "a BPF program (id %u) is attached to netfilter hook "
			 "%u of family %u",
			 info.prog_id, info.hook, info.family);
	return 0;
}

void hooks_read(struct fact *fact)
{
	uint32_t id = 0;
	int result = 0;

	while (result == 0 && bpf_link_get_next_id(id, &id) == 0)
		result = look_at(id, fact);
	if (result == 0)
		result = -errno;
	/* ENOENT: that was the last. EINVAL: links have no ids before 5.8. */
	if (result != -ENOENT && result != -EINVAL)
		fact_unknown(fact, "BPF links cannot be listed (%s%s)",
			     strerror(-result),
			     result == -EPERM ? ": it takes CAP_SYS_ADMIN, "
						"CAP_BPF is not enough"
					      : "");
}
