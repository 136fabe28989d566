// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/own.h"
#include "tests/lib/entries.h"

static const char *const state_names[TCP_STATE_COUNT] = {
	"none",	      "SYN_SENT", "SYN_RECV",  "ESTABLISHED", "FIN_WAIT",
	"CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE",	      "SYN_SENT2",
};

const char *entries_state_name(unsigned int tcp_state)
{
	assert(tcp_state < TCP_STATE_COUNT);
	return state_names[tcp_state];
}

static u128 read_number(const uint8_t *bytes, size_t length)
{
	u128 number = 0;

	for (size_t i = 0; i < length; i++)
		number = number << 8 | bytes[i];
	return number;
}

enum nest { NEST_ENTRY, NEST_TUPLE, NEST_IP, NEST_PROTO, NEST_INFO, NEST_TCP };

/* What an attribute is made of, if it nests, or -1. */
static int nest_of(enum nest nest, unsigned int type)
{
	switch (nest) {
	case NEST_ENTRY:
		return type == CTA_TUPLE_ORIG  ? NEST_TUPLE
		       : type == CTA_PROTOINFO ? NEST_INFO
					       : -1;
	case NEST_TUPLE:
		return type == CTA_TUPLE_IP	 ? NEST_IP
		       : type == CTA_TUPLE_PROTO ? NEST_PROTO
						 : -1;
	case NEST_INFO:
		return type == CTA_PROTOINFO_TCP ? NEST_TCP : -1;
	case NEST_IP:
	case NEST_PROTO:
	case NEST_TCP:
		return -1;
	}
	return -1;
}

static void read_value(enum nest nest, unsigned int type, u128 value,
		       struct entry *entry)
{
	if (nest == NEST_IP && (type == CTA_IP_V4_SRC || type == CTA_IP_V6_SRC))
		entry->saddr = value;
	else if (nest == NEST_IP)
		entry->daddr = value;
	else if (nest == NEST_PROTO && type == CTA_PROTO_NUM)
		entry->proto = (uint8_t)value;
	else if (nest == NEST_PROTO && type == CTA_PROTO_SRC_PORT)
		entry->sport = (uint16_t)value;
	else if (nest == NEST_PROTO && type == CTA_PROTO_DST_PORT)
		entry->dport = (uint16_t)value;
	else if (nest == NEST_TCP && type == CTA_PROTOINFO_TCP_STATE)
		entry->tcp_state = (uint8_t)value;
	else if (nest == NEST_ENTRY && type == CTA_STATUS)
		entry->status = (uint32_t)value;
	else if (nest == NEST_ENTRY && type == CTA_MARK)
		entry->mark = (uint32_t)value;
}

static void read_attrs(enum nest nest, const uint8_t *at, size_t length,
		       struct entry *entry)
{
	while (length >= NLA_HDRLEN) {
		const struct nlattr *attr = (const struct nlattr *)at;
		unsigned int type = attr->nla_type & NLA_TYPE_MASK;
		size_t step = NLA_ALIGN(attr->nla_len);
		int inner = nest_of(nest, type);

		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > length)
			return;
		if (inner >= 0)
			read_attrs((enum nest)inner, at + NLA_HDRLEN,
				   attr->nla_len - NLA_HDRLEN, entry);
		else
			read_value(nest, type,
				   read_number(at + NLA_HDRLEN,
					       attr->nla_len - NLA_HDRLEN),
				   entry);
		if (step >= length)
			return;
		at += step;
		length -= step;
	}
}

static int ask(int fd, enum family family, struct err *err)
{
	struct {
		struct nlmsghdr header;
		struct nfgenmsg family;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 |
				      IPCTNL_MSG_CT_GET,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.family.nfgen_family = family == FAMILY_IPV4 ? AF_INET
							     : AF_INET6,
	};

	if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0)
		return err_system(err, errno, "listing connections");
	return 0;
}

int entries_read(enum family family, entries_fn *fn, void *context,
		 struct err *err)
{
	OWN_FD int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	uint8_t buffer[65536] __attribute__((aligned(8)));
	int ret = ask(fd, family, err);

	while (!ret) {
		const struct nlmsghdr *header = (struct nlmsghdr *)buffer;
		ssize_t length = recv(fd, buffer, sizeof(buffer), 0);

		if (length < 0)
			return err_system(err, errno, "listing connections");
		for (; NLMSG_OK(header, length);
		     header = NLMSG_NEXT(header, length)) {
			struct entry entry = { 0 };
			size_t skip = NLMSG_HDRLEN + sizeof(struct nfgenmsg);

			if (header->nlmsg_type == NLMSG_DONE)
				return 0;
			if (header->nlmsg_type == NLMSG_ERROR)
				return err_system(err, EIO,
						  "listing connections");
			read_attrs(NEST_ENTRY, (const uint8_t *)header + skip,
				   header->nlmsg_len - skip, &entry);
			fn(context, &entry);
		}
	}
	return ret;
}
