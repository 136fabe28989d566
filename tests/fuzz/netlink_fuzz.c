// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel that answers anything: the input is what recv() returns, one
 * datagram after the other, to whatever of net/ its first byte chooses.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "base/num.h"
#include "base/own.h"
#include "net/facts.h"
#include "net/ipset_mark.h"
#include "net/link.h"
#include "net/locals.h"
#include "net/nft.h"
#include "net/nic.h"
#include "net/notices.h"
#include "net/rules_mark.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *answers;
static size_t left;

/*
 * These stand in for the C library's. A datagram is its length in two bytes
 * and so many behind them; the sequence number is the expected one.
 */
int socket(int domain, int type, int protocol)
{
	(void)domain, (void)type, (void)protocol;
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	(void)fd, (void)level, (void)name, (void)value, (void)size;
	return 0;
}

ssize_t sendto(int fd, const void *data, size_t size, int flags,
	       const struct sockaddr *to, socklen_t to_size)
{
	(void)fd, (void)data, (void)flags, (void)to, (void)to_size;
	return (ssize_t)size;
}

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

ssize_t recv(int fd, void *data, size_t room, int flags)
{
	size_t size = left < 2 ? 0 : answers[0] | answers[1] << 8;

	(void)fd;
	if (left < 2) {
		errno = EAGAIN;
		return -1;
	}
	if (size > left - 2)
		size = left - 2;
	if (flags & MSG_PEEK)
		return (ssize_t)size;
	memcpy(data, answers + 2, size < room ? size : room);
	number(data, size < room ? size : room);
	answers += 2 + size;
	left -= 2 + size;
	return (ssize_t)(flags & MSG_TRUNC || size < room ? size : room);
}

static const struct link lo = { .name = "lo", .ifindex = 1 };

static void ask_link(void)
{
	struct link link;
	struct err err;

	link_get("lo", &link, &err);
}

static void ask_upper(void)
{
	struct link link;
	struct err err;

	link_find_upper(&lo, &link, &err);
}

static void ask_links(void)
{
	OWN_MEM struct link *links = NULL;
	size_t count;
	struct err err;

	link_list(&links, &count, &err);
}

static void ask_received(void)
{
	uint64_t packets;

	link_count_received(1, &packets);
}

static void ask_locals(void)
{
	static struct locals locals;

	locals_read(&locals);
}

static void ask_nic(void)
{
	OWN(nic) struct nic *nic = NULL;
	struct err err;

	nic_read("lo", &nic, &err);
}

static void ask_nft(void)
{
	static struct host_facts facts;

	nft_read(&facts);
}

static void ask_rules(void)
{
	struct rules_mark mark;

	rules_mark_read(&mark);
}

static void ask_sets(void)
{
	ipset_mark_read();
}

static void ask_facts(void)
{
	static struct host_facts facts;

	facts_read("lo", &facts);
}

static void ask_notices(void)
{
	OWN(notices) struct notices *notices = NULL;
	struct err err;

	if (notices_open(&notices, &err) == 0)
		notices_read(notices);
}

static void (*const questions[])(void) = {
	ask_link, ask_upper, ask_links, ask_received, ask_locals,  ask_nic,
	ask_nft,  ask_rules, ask_sets,	ask_facts,    ask_notices,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	answers = data + 1;
	left = size - 1;
	questions[data[0] % ARRAY_SIZE(questions)]();
	return 0;
}
