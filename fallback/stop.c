// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>

#include "base/own.h"
#include "bpf/load.h"
#include "bpf/switch.h"
#include "fallback/holder.h"
#include "fallback/stop.h"
#include "net/netns.h"

/* Whose place of @link the program has; NULL: it is not on it. */
static const struct xdp_backend *find_place(const struct link *link,
					    uint32_t prog_id)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		const struct xdp_backend *backend =
			backend_attached(link, slot);

		if (backend && backend->prog_id(link) == prog_id)
			return backend;
	}
	return NULL;
}

/* From every interface of this network namespace. */
static int take_off_here(void *context, struct err *err)
{
	OWN_MEM struct link *links = NULL;
	struct holder holder = { .ident.prog_id = *(uint32_t *)context };
	size_t count = 0;
	int result = link_list(&links, &count, err);

	for (size_t i = 0; i < count && result == 0; i++) {
		holder.backend = find_place(&links[i], holder.ident.prog_id);
		if (holder.backend)
			result = holder_detach(&holder, &links[i], err);
		if (result == -ENODEV)
			result = 0;
		if (result < 0)
			err_where(err, "%s", links[i].name);
	}
	return result;
}

/*
 * Where the card's program is, of a card's program: it goes with its interface
 * (bpf_prog_offload_info_fill() in kernel/bpf/offload.c, 4.16). 0: the host's,
 * or its interface has vanished.
 */
static uint64_t find_netns(uint32_t prog_id)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);
	struct err unseen;
	OWN_FD int fd = load_prog_fd(prog_id, &unseen);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size) < 0)
		return 0;
	return info.ifindex ? info.netns_ino : 0;
}

static int take_off(uint32_t prog_id, struct err *err)
{
	uint64_t netns = find_netns(prog_id);

	if (!netns || netns == netns_own())
		return take_off_here(&prog_id, err);

	OWN_FD int fd = netns_open(netns);
	if (fd < 0)
		return err_system(err, ENOENT,
				  "it is on a card whose interface is in a "
				  "network namespace that has no name here "
				  "(inode %llu of lsns -t net); go there and "
				  "take it off: ip link set dev IF xdpoffload "
				  "off",
				  (unsigned long long)netns);
	return netns_run_in(fd, take_off_here, &prog_id, err);
}

/* Those of others are left alone, and one that has gone needs nothing. */
static int is_to_go(uint32_t prog_id, struct err *err)
{
	struct wire_meta meta;
	int result = load_is_ours(prog_id, &meta, err);

	return result == -ENOENT ? 0 : result;
}

int stop_program(uint32_t prog_id, bool may_detach, struct err *err)
{
	struct err unseen;
	int switched = switch_set(prog_id, true, err);

	if (switched == 0)
		return 0;

	int result = is_to_go(prog_id, err);
	if (result > 0)
		result = may_detach ? take_off(prog_id, err) : switched;
	/* It may have gone with its interface meanwhile. */
	return result < 0 && is_to_go(prog_id, &unseen) == 0 ? 0 : result;
}
