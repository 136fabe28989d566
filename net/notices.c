// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/num.h"
#include "net/genl.h"
#include "net/notices.h"

/* So much at once may wait to be read; more is NOTICE_LOST. */
#define QUEUE_BYTES (1 << 20)

struct notices {
	int route, netfilter, generic; /* -1: not to be had */
};

static int open_socket(int protocol)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	const int size = QUEUE_BYTES;
	OWN_FD int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		       protocol);

	if (fd < 0 || bind(fd, (struct sockaddr *)&self, sizeof(self)) < 0)
		return -errno;
	/* Beyond rmem_max only root may; otherwise it stays smaller. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return take_fd(&fd);
}

static int join(int fd, unsigned int group)
{
	return setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			  sizeof(group)) < 0
		       ? -errno
		       : 0;
}

/* All of them, or -errno. */
static int open_and_join(int protocol, const unsigned int *groups, size_t count)
{
	OWN_FD int fd = open_socket(protocol);
	int result = fd < 0 ? fd : 0;

	for (size_t i = 0; i < count && result == 0; i++)
		result = join(fd, groups[i]);
	return result < 0 ? result : take_fd(&fd);
}

static int open_route(void)
{
	static const unsigned int groups[] = {
		RTNLGRP_LINK,	    RTNLGRP_IPV4_IFADDR,  RTNLGRP_IPV6_IFADDR,
		RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,	  RTNLGRP_IPV4_RULE,
		RTNLGRP_IPV6_RULE,  RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF,
	};

	return open_and_join(NETLINK_ROUTE, groups, ARRAY_SIZE(groups));
}

static int open_netfilter(void)
{
	static const unsigned int groups[] = { NFNLGRP_NFTABLES,
					       NFNLGRP_CONNTRACK_EXP_NEW };

	return open_and_join(NETLINK_NETFILTER, groups, ARRAY_SIZE(groups));
}

/* Each where the kernel has it: netdev since 6.3. */
static int open_generic(void)
{
	static const struct {
		const char *family, *group;
	} wanted[] = {
		{ "ethtool", "monitor" },
		{ "netdev", "mgmt" },
		{ "devlink", "config" },
	};
	OWN_FD int fd = open_socket(NETLINK_GENERIC);

	for (size_t i = 0; fd >= 0 && i < ARRAY_SIZE(wanted); i++) {
		int group = genl_group(wanted[i].family, wanted[i].group);

		if (group > 0)
			join(fd, group);
	}
	return take_fd(&fd);
}

int notices_open(struct notices **out, struct err *err)
{
	OWN(notices) struct notices *notices = malloc(sizeof(*notices));

	if (!notices)
		return err_no_memory(err);
	notices->route = open_route();
	notices->netfilter = open_netfilter();
	notices->generic = open_generic();
	if (notices->route < 0)
		return err_system(err, -notices->route,
				  "the kernel does not tell when interfaces "
				  "change (rtnetlink)");
	*out = take(notices);
	return 0;
}

static void close_one(int fd)
{
	if (fd >= 0)
		close(fd);
}

void notices_free(struct notices *notices)
{
	if (!notices)
		return;
	close_one(notices->route);
	close_one(notices->netfilter);
	close_one(notices->generic);
	free(notices);
}

void notices_poll(const struct notices *notices, struct pollfd *fds)
{
	const int all[NOTICES_FDS] = { notices->route, notices->netfilter,
				       notices->generic };

	/* poll() leaves negative ones alone. */
	for (size_t i = 0; i < NOTICES_FDS; i++)
		fds[i] = (struct pollfd){ .fd = all[i], .events = POLLIN };
}

static unsigned int notice_of_route(const struct nlmsghdr *message)
{
	switch (message->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return NOTICE_LINK;
	default:
		return NOTICE_ADDRESS;
	}
}

/* Of one datagram of the route socket. */
static unsigned int sort(const void *data, ssize_t length)
{
	unsigned int notices = 0;
	int left = (int)length;

	for (struct nlmsghdr *message = (struct nlmsghdr *)data;
	     nlmsg_ok(message, left); message = nlmsg_next(message, &left))
		notices |= notice_of_route(message);
	return notices;
}

/* @notice 0: each message tells by itself. */
static unsigned int drain(int fd, unsigned int notice)
{
	_Alignas(struct nlmsghdr) char data[16384];
	unsigned int notices = 0;

	while (fd >= 0) {
		ssize_t length = recv(fd, data, sizeof(data), MSG_TRUNC);

		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0 && errno == ENOBUFS) {
			notices |= NOTICE_LOST;
			continue;
		}
		if (length < 0)
			break;
		/* What does not fit is cut: its beginning tells enough. */
		if (length > (ssize_t)sizeof(data))
			notices |= NOTICE_LOST;
		else
			notices |= notice ? notice : sort(data, length);
	}
	return notices;
}

unsigned int notices_read(struct notices *notices)
{
	return drain(notices->route, 0) |
	       drain(notices->netfilter, NOTICE_RULES) |
	       drain(notices->generic, NOTICE_DEVICE);
}
