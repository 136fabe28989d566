/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One netlink conversation: a request, its answers, the kernel's own words
 * when it refuses (extack, NLMSGERR_ATTR_MSG, Linux 4.12).
 *
 * Messages are built and read with libnl-3; the socket is our own, because
 * libnl 3.7 neither shows extack nor keeps errno.
 */
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdbool.h>

#include "base/own.h"

/* The kernel's words; "" when it said nothing. */
struct netlink_words {
	char text[256];
};

/* Called for each answer; a negative return ends the conversation with it. */
typedef int (*netlink_visit)(struct nlmsghdr *answer, void *context);

/*
 * A request of @type and @flags (NLM_F_*) that begins with the @size bytes at
 * @header; more is added with nla_put(). NULL on ENOMEM. It leaves its
 * scope through OWN_REQUEST.
 */
struct nl_msg *netlink_request_make(int type, int flags, const void *header,
				    size_t size);

static inline void netlink_request_cleanup(struct nl_msg **request)
{
	if (*request)
		nlmsg_free(*request);
}
#define OWN_REQUEST __attribute__((cleanup(netlink_request_cleanup)))

/*
 * Send @request on a new socket of @protocol (NETLINK_ROUTE, ...) and wait for
 * its end: an acknowledgement, or the end of a dump. Returns 0; -errno as the
 * kernel refused, with *@words filled; what @visit returned; -EAGAIN for a dump
 * that was interrupted by a change, so that its answers do not fit together.
 * @visit NULL: answers are of no interest.
 */
int netlink_ask(int protocol, struct nl_msg *request, netlink_visit visit,
		void *context, struct netlink_words *words);

/*
 * The number that @attr holds, in the order of bytes that it has there;
 * @absent when @attr is NULL or no number of 1, 2 or 4 bytes. The length is
 * looked at, which nla_get_u32() and its kin leave to the caller.
 */
uint32_t netlink_number(const struct nlattr *attr, uint32_t absent);

/* The text in @attr; NULL when @attr is, or when no NUL ends it. */
const char *netlink_text(const struct nlattr *attr);

/* How often a caller asks for an interrupted dump again. */
#define NETLINK_TRIES 10
