// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/fuzz/answers.h"

#define FAMILY 0x20

static const uint8_t *answers;
static size_t left;

/* What is told without the input. */
static bool is_short;
static enum { FROM_INPUT, FAMILY_ID, END } next;

/* The datagram that is received next, until it is. */
static uint8_t waiting[1 << 16];
static size_t waiting_size;
static bool is_waiting;

void answers_begin(const uint8_t *data, size_t size)
{
	answers = data;
	left = size;
	is_short = false;
	is_waiting = false;
	next = FROM_INPUT;
}

void answers_begin_short(const uint8_t *data, size_t size)
{
	answers_begin(data, size);
	is_short = true;
}

bool answers_next(void *to, size_t room, size_t *length)
{
	if (left < 2)
		return false;
	size_t size = answers[0] | answers[1] << 8;
	if (size > left - 2)
		size = left - 2;
	*length = size < room ? size : room;
	memcpy(to, answers + 2, *length);
	answers += 2 + size;
	left -= 2 + size;
	return true;
}

/* The sequence number of each message. */
static void number(uint8_t *data, size_t size)
{
	struct nlmsghdr header;

	for (size_t at = 0; at + sizeof(header) <= size;) {
		memcpy(&header, data + at, sizeof(header));
		header.nlmsg_seq = 1;
		memcpy(data + at, &header, sizeof(header));
		if (header.nlmsg_len < sizeof(header) ||
		    header.nlmsg_len > size)
			break;
		at += NLMSG_ALIGN(header.nlmsg_len);
	}
}

static size_t make_family(uint8_t *data)
{
	static const struct {
		struct nlmsghdr header;
		struct genlmsghdr generic;
		struct nlattr attr;
		uint16_t id, pad;
	} answer = {
		.header = { .nlmsg_len = sizeof(answer),
			    .nlmsg_type = GENL_ID_CTRL,
			    .nlmsg_seq = 1 },
		.generic = { .cmd = CTRL_CMD_NEWFAMILY },
		.attr = { .nla_len = NLA_HDRLEN + sizeof(uint16_t),
			  .nla_type = CTRL_ATTR_FAMILY_ID },
		.id = FAMILY,
	};

	memcpy(data, &answer, sizeof(answer));
	return sizeof(answer);
}

static size_t make_end(uint8_t *data)
{
	static const struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} end = { .header = { .nlmsg_len = sizeof(end),
			      .nlmsg_type = NLMSG_ERROR,
			      .nlmsg_seq = 1 } };

	memcpy(data, &end, sizeof(end));
	return sizeof(end);
}

/* These stand in for the C library's. */
int socket(int domain, int type, int protocol)
{
	(void)domain, (void)type, (void)protocol;
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

int bind(int fd, const struct sockaddr *address, socklen_t size)
{
	(void)fd, (void)address, (void)size;
	return 0;
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	(void)fd, (void)level, (void)name, (void)value, (void)size;
	return 0;
}

ssize_t sendto(int fd, const void *data, size_t size, int flags,
	       const struct sockaddr *to, socklen_t to_size)
{
	const struct nlmsghdr *request = data;

	(void)fd, (void)flags, (void)to, (void)to_size;
	is_waiting = false;
	next = is_short && request->nlmsg_type == GENL_ID_CTRL ? FAMILY_ID
							       : FROM_INPUT;
	return (ssize_t)size;
}

static bool wait_for_datagram(void)
{
	if (is_waiting)
		return true;
	switch (next) {
	case FROM_INPUT:
		if (!answers_next(waiting, sizeof(waiting), &waiting_size))
			return false;
		number(waiting, waiting_size);
		break;
	case FAMILY_ID:
		waiting_size = make_family(waiting);
		break;
	case END:
		waiting_size = make_end(waiting);
		break;
	}
	if (is_short)
		next = END;
	is_waiting = true;
	return true;
}

ssize_t recv(int fd, void *data, size_t room, int flags)
{
	(void)fd;
	if (!wait_for_datagram()) {
		errno = EAGAIN;
		return -1;
	}
	if (flags & MSG_PEEK)
		return (ssize_t)waiting_size;
	is_waiting = false;
	size_t size = waiting_size < room ? waiting_size : room;
	memcpy(data, waiting, size);
	return (ssize_t)(flags & MSG_TRUNC ? waiting_size : size);
}
