/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Generic netlink: families are known by name, their numbers change. */
#include <linux/genetlink.h>

#include "net/netlink.h"

/* The number of a family, -ENOENT when the kernel has none, or -errno. */
int genl_family(const char *name);

/* The number of the family's multicast group of that name; as genl_family(). */
int genl_group(const char *name, const char *group);

/* A request of @family that begins with @command; NULL on ENOMEM. */
struct nl_msg *genl_request_make(int family, int flags, uint8_t command,
				 uint8_t version);

/* Attributes of an answer. -EBADMSG when it is none. */
int genl_parse(struct nlmsghdr *answer, struct nlattr **attrs, int max);
