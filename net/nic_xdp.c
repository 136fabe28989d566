// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "net/genl.h"
#include "net/nic_parts.h"

/* linux/netdev.h of 6.3, which our headers do not have. */
#define NETDEV_FAMILY	      "netdev"
#define NETDEV_VERSION	      1
#define NETDEV_CMD_DEV_GET    1
#define NETDEV_A_IFINDEX      1
#define NETDEV_A_XDP_FEATURES 3
#define NETDEV_A_MAX	      3

static int visit_features(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[NETDEV_A_MAX + 1];
	struct nic *nic = context;
	int result = genl_parse(answer, attrs, NETDEV_A_MAX);

	if (result < 0)
		return result;
	if (!attrs[NETDEV_A_XDP_FEATURES] ||
	    nla_len(attrs[NETDEV_A_XDP_FEATURES]) < (int)sizeof(uint64_t))
		return -EBADMSG;
	nic->xdp_features = nla_get_u64(attrs[NETDEV_A_XDP_FEATURES]);
	return 0;
}

int nic_read_xdp_features(struct nic *nic)
{
	struct netlink_words words;
	int family = genl_family(NETDEV_FAMILY);

	if (family < 0)
		return family;
	OWN_REQUEST struct nl_msg *request =
		genl_request_make(family, 0, NETDEV_CMD_DEV_GET,
				  NETDEV_VERSION);
	if (!request ||
	    nla_put_u32(request, NETDEV_A_IFINDEX, nic->link.ifindex) < 0)
		return -ENOMEM;
	int result = netlink_ask(NETLINK_GENERIC, request, visit_features, nic,
				 &words);
	return result < 0 ? result : 1;
}

/*
 * A program bound to the interface, which is never attached: the kernel looks
 * for ndo_bpf before and for offload after it looks at the driver
 * (__bpf_prog_dev_bound_init() in kernel/bpf/offload.c, 6.1 to 6.18).
 */
int nic_read_trial(struct nic *nic)
{
	static const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts,
		    .prog_ifindex = nic->link.ifindex);
	OWN_FD int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "wirewall_trial",
				      "GPL", pass, ARRAY_SIZE(pass), &opts);

	if (fd >= 0)
		nic->trial = NIC_TRIAL_HW;
	else if (fd == -EOPNOTSUPP)
		nic->trial = NIC_TRIAL_GENERIC;
	else if (fd == -EINVAL)
		nic->trial = NIC_TRIAL_NATIVE;
	else
		return fd;
	return 1;
}

static void add_program(struct nic *nic, uint32_t id, enum xdp_mode mode)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);

	if (!id)
		return;
	struct nic_program *program = &nic->programs[nic->program_count++];
	*program = (struct nic_program){ .id = id, .mode = mode };

	OWN_FD int fd = bpf_prog_get_fd_by_id(id);
	if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &size) == 0)
		snprintf(program->name, sizeof(program->name), "%.*s",
			 (int)sizeof(info.name), info.name);
}

/* Links do not say in which namespace their interface is: the program, too,
 * must be the one that is there. */
static int look_at_link(struct nic *nic, uint32_t id)
{
	struct bpf_link_info info = { 0 };
	uint32_t size = sizeof(info);
	OWN_FD int fd = bpf_link_get_fd_by_id(id);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (bpf_obj_get_info_by_fd(fd, &info, &size) < 0)
		return -errno;
	if (info.type != BPF_LINK_TYPE_XDP ||
	    info.xdp.ifindex != (uint32_t)nic->link.ifindex)
		return 0;
	for (size_t i = 0; i < nic->program_count; i++) {
		if (nic->programs[i].id != info.prog_id)
			continue;
		nic->programs[i].owner = NIC_OWNER_LINK;
		nic->programs[i].link_id = id;
	}
	return 0;
}

int nic_read_links(struct nic *nic)
{
	uint32_t id = 0;
	int result = 0;

	nic->program_count = 0;
	add_program(nic, nic->link.hw_id, XDP_MODE_HW);
	add_program(nic, nic->link.native_id, XDP_MODE_NATIVE);
	add_program(nic, nic->link.generic_id, XDP_MODE_GENERIC);
	if (!nic->program_count)
		return 0;
	while (result == 0 && bpf_link_get_next_id(id, &id) == 0)
		result = look_at_link(nic, id);
	if (result == 0)
		result = -errno;
	/* ENOENT: that was the last. EINVAL: links have no ids before 5.8. */
	if (result != -ENOENT && result != -EINVAL)
		return result;
	for (size_t i = 0; i < nic->program_count; i++) {
		if (nic->programs[i].owner == NIC_OWNER_UNKNOWN)
			nic->programs[i].owner = NIC_OWNER_NETLINK;
	}
	return 1;
}
