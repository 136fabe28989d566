// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "net/netlink.h"

/* The kernel's numbers of errors end here (linux/err.h). */
#define ERRNO_MAX 4095

/* struct genlmsghdr, struct nfgenmsg; those of routing are longer: who reads
 * them looks at the length, by nlmsg_parse() or as net/locals.c does. */
#define HEADER_MIN 4

/* No answer of the kernel takes longer; better a sentence than a hang. */
#define ANSWER_SECONDS 30

struct conversation {
	uint32_t sequence;
	netlink_visit visit;
	void *context;
	struct netlink_words *words;
	bool is_done;
	bool is_interrupted;
};

struct nl_msg *netlink_request_make(int type, int flags, const void *header,
				    size_t size)
{
	struct nl_msg *request = nlmsg_alloc_simple(type, flags);

	if (!request)
		return NULL;
	void *place = nlmsg_reserve(request, size, NLMSG_ALIGNTO);
	if (!place) {
		nlmsg_free(request);
		return NULL;
	}
	memcpy(place, header, size);
	return request;
}

static int open_socket(int protocol, int *out)
{
	const struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	const int on = 1;
	OWN_FD int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return -errno;
	/* A kernel without extack only says less. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)) < 0)
		return -errno;
	*out = take_fd(&fd);
	return 0;
}

static int send_request(int fd, struct nl_msg *request, uint32_t sequence)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct nlmsghdr *header = nlmsg_hdr(request);

	header->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	header->nlmsg_seq = sequence;
	header->nlmsg_pid = 0;
	while (sendto(fd, header, header->nlmsg_len, 0,
		      (struct sockaddr *)&kernel, sizeof(kernel)) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

/* The next datagram, whatever its size, as malloc()ed memory. */
static int receive(int fd, void **out, size_t *length)
{
	ssize_t size;

	do
		size = recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC);
	while (size < 0 && errno == EINTR);
	if (size < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;

	OWN_MEM void *data = malloc(size ? size : 1);
	if (!data)
		return -ENOMEM;
	do
		size = recv(fd, data, size, 0);
	while (size < 0 && errno == EINTR);
	if (size < 0)
		return -errno;
	*out = take(data);
	*length = size;
	return 0;
}

/* The attributes stand behind the request, of which CAP_ACK leaves a header. */
static void read_words(struct nlmsghdr *answer, const struct nlmsgerr *refusal,
		       struct netlink_words *words)
{
	size_t offset = sizeof(*refusal);

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		offset += refusal->msg.nlmsg_len - sizeof(refusal->msg);
	if (offset > (size_t)nlmsg_datalen(answer))
		return;

	struct nlattr *attr =
		nlmsg_find_attr(answer, offset, NLMSGERR_ATTR_MSG);
	if (attr)
		snprintf(words->text, sizeof(words->text), "%.*s",
			 nla_len(attr), (const char *)nla_data(attr));
}

static int take_error(struct nlmsghdr *answer, struct conversation *talk)
{
	const struct nlmsgerr *refusal = nlmsg_data(answer);

	if (nlmsg_datalen(answer) < (int)sizeof(*refusal) ||
	    refusal->error > 0 || refusal->error < -ERRNO_MAX)
		return -EBADMSG;
	talk->is_done = true;
	if (refusal->error)
		read_words(answer, refusal, talk->words);
	return refusal->error;
}

/* A dump that fails half-way says so in its last message (Linux 4.14). */
static int take_end(struct nlmsghdr *answer, struct conversation *talk)
{
	int error = 0;

	talk->is_done = true;
	if (nlmsg_datalen(answer) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(answer), sizeof(error));
	return error < 0 && error >= -ERRNO_MAX ? error : 0;
}

static int take_answer(struct nlmsghdr *answer, struct conversation *talk)
{
	if (answer->nlmsg_seq != talk->sequence)
		return 0;
	if (answer->nlmsg_flags & NLM_F_DUMP_INTR)
		talk->is_interrupted = true;
	switch (answer->nlmsg_type) {
	case NLMSG_ERROR:
		return take_error(answer, talk);
	case NLMSG_DONE:
		return take_end(answer, talk);
	case NLMSG_NOOP:
		return 0;
	default:
		/* Visitors look at the header that every protocol has. */
		if (nlmsg_datalen(answer) < HEADER_MIN)
			return -EBADMSG;
		return talk->visit ? talk->visit(answer, talk->context) : 0;
	}
}

static int take_datagram(int fd, struct conversation *talk)
{
	OWN_MEM void *data = NULL;
	size_t length = 0;
	int result = receive(fd, &data, &length);
	int left = length;

	if (result < 0)
		return result;
	for (struct nlmsghdr *answer = data;
	     !talk->is_done && nlmsg_ok(answer, left);
	     answer = nlmsg_next(answer, &left)) {
		result = take_answer(answer, talk);
		if (result < 0)
			return result;
	}
	return 0;
}

uint32_t netlink_number(const struct nlattr *attr, uint32_t absent)
{
	switch (attr ? nla_len(attr) : 0) {
	case sizeof(uint8_t):
		return nla_get_u8(attr);
	case sizeof(uint16_t):
		return nla_get_u16(attr);
	case sizeof(uint32_t):
		return nla_get_u32(attr);
	default:
		return absent;
	}
}

const char *netlink_text(const struct nlattr *attr)
{
	return attr && memchr(nla_data(attr), '\0', nla_len(attr))
		       ? nla_data(attr)
		       : NULL;
}

int netlink_ask(int protocol, struct nl_msg *request, netlink_visit visit,
		void *context, struct netlink_words *words)
{
	struct conversation talk = {
		.sequence = 1,
		.visit = visit,
		.context = context,
		.words = words,
	};
	OWN_FD int fd = -1;

	words->text[0] = '\0';
	int result = open_socket(protocol, &fd);
	if (result < 0)
		return result;
	result = send_request(fd, request, talk.sequence);
	while (result == 0 && !talk.is_done)
		result = take_datagram(fd, &talk);
	if (result < 0)
		return result;
	return talk.is_interrupted ? -EAGAIN : 0;
}
