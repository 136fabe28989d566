// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/num.h"
#include "base/own.h"
#include "tests/lib/nflog.h"

#define NFLOG_SOCKET_BYTES (64 << 20)

struct request {
	struct nlmsghdr header;
	struct nfgenmsg group;
	uint8_t attrs[64];
};

static void add_attr(struct request *request, uint16_t type, const void *data,
		     uint16_t length)
{
	struct nlattr attr = { (uint16_t)(NLA_HDRLEN + length), type };
	uint8_t *at =
		(uint8_t *)request + NLMSG_ALIGN(request->header.nlmsg_len);

	memcpy(at, &attr, sizeof(attr));
	memcpy(at + NLA_HDRLEN, data, length);
	request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) +
				    NLA_ALIGN(NLA_HDRLEN + length);
}

static int send_request(int fd, struct request *request, struct err *err)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		uint8_t rest[256];
	} answer;

	if (send(fd, request, request->header.nlmsg_len, 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < 0)
		return err_system(err, errno, "nfnetlink_log");
	if (answer.header.nlmsg_type != NLMSG_ERROR || answer.error.error)
		return err_system(err, -answer.error.error,
				  "nfnetlink_log refused the group");
	return 0;
}

int nflog_join(int fd, uint16_t group, struct err *err)
{
	struct nfulnl_msg_config_cmd bind = { NFULNL_CFG_CMD_BIND };
	struct nfulnl_msg_config_mode mode = {
		.copy_range = htonl(2048),
		.copy_mode = NFULNL_COPY_PACKET,
	};
	uint32_t threshold = htonl(1), size = htonl(4096);
	struct request request = {
		.header = {
			.nlmsg_len = offsetof(struct request, attrs),
			.nlmsg_type = NFNL_SUBSYS_ULOG << 8 |
				      NFULNL_MSG_CONFIG,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.group = { .res_id = htons(group) },
	};

	add_attr(&request, NFULA_CFG_CMD, &bind, sizeof(bind));
	add_attr(&request, NFULA_CFG_MODE, &mode, sizeof(mode));
	add_attr(&request, NFULA_CFG_QTHRESH, &threshold, 4);
	add_attr(&request, NFULA_CFG_NLBUFSIZ, &size, 4);
	return send_request(fd, &request, err);
}

int nflog_open(uint16_t group, struct err *err)
{
	struct timeval patience = { 1, 0 };
	int size = NFLOG_SOCKET_BYTES;
	OWN_FD int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	int ret;

	if (fd < 0)
		return err_system(err, errno, "a netfilter netlink socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	ret = nflog_join(fd, group, err);
	return ret ? ret : take_fd(&fd);
}

static void parse_attr(const struct nlattr *attr, struct nflog_event *event)
{
	const uint8_t *data = (const uint8_t *)attr + NLA_HDRLEN;
	uint32_t number;

	switch (attr->nla_type & NLA_TYPE_MASK) {
	case NFULA_PREFIX:
		event->prefix = (const char *)data;
		break;
	case NFULA_PAYLOAD:
		event->packet = data;
		event->length = attr->nla_len - NLA_HDRLEN;
		break;
	case NFULA_IFINDEX_OUTDEV:
		memcpy(&number, data, sizeof(number));
		event->out = ntohl(number);
		break;
	}
}

static void parse_message(const struct nlmsghdr *header, nflog_fn *fn,
			  void *context)
{
	const struct nfgenmsg *message = NLMSG_DATA(header);
	struct nflog_event event = {
		.prefix = "",
		.group = ntohs(message->res_id),
	};
	const uint8_t *at = (const uint8_t *)header + NLMSG_HDRLEN +
			    sizeof(struct nfgenmsg);
	const uint8_t *end = (const uint8_t *)header + header->nlmsg_len;

	if (header->nlmsg_type != (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET))
		return;
	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const struct nlattr *)at;

		if (attr->nla_len < NLA_HDRLEN || at + attr->nla_len > end)
			break;
		parse_attr(attr, &event);
		at += NLA_ALIGN(attr->nla_len);
	}
	fn(context, &event);
}

int nflog_read(int fd, nflog_fn *fn, void *context, struct err *err)
{
	uint8_t buffer[16384] __attribute__((aligned(8)));
	ssize_t length = recv(fd, buffer, sizeof(buffer), 0);
	const struct nlmsghdr *header = (struct nlmsghdr *)buffer;

	if (length < 0)
		return err_system(err, errno == EAGAIN ? ETIMEDOUT : errno,
				  "reading the packet log");
	for (; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length))
		parse_message(header, fn, context);
	return 0;
}
