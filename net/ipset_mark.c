// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nfnetlink.h>

#include "net/hash.h"
#include "net/ipset_mark.h"
#include "net/netlink.h"

/* What changes by itself while a member stays what it is. */
static int is_running(const struct nlattr *attr)
{
	switch (nla_type(attr)) {
	case IPSET_ATTR_TIMEOUT:
	case IPSET_ATTR_BYTES:
	case IPSET_ATTR_PACKETS:
		return 1;
	default:
		return 0;
	}
}

static uint64_t hash_attr(uint64_t sum, const struct nlattr *attr)
{
	return hash_add(sum, attr, sizeof(*attr) + nla_len(attr));
}

static uint64_t hash_member(uint64_t sum, const struct nlattr *member)
{
	int left = nla_len(member);

	for (struct nlattr *attr = nla_data(member); nla_ok(attr, left);
	     attr = nla_next(attr, &left)) {
		if (!is_running(attr))
			sum = hash_attr(sum, attr);
	}
	return sum;
}

static uint64_t hash_members(uint64_t sum, const struct nlattr *list)
{
	int left = nla_len(list);

	for (struct nlattr *member = nla_data(list); nla_ok(member, left);
	     member = nla_next(member, &left))
		sum = hash_member(sum, member);
	return sum;
}

/* A set, or a part of one that is too large for a message. */
static int visit_set(struct nlmsghdr *answer, void *context)
{
	uint64_t *sum = context;
	int left = nlmsg_attrlen(answer, sizeof(struct nfgenmsg));
	struct nlattr *attr;

	for (attr = nlmsg_attrdata(answer, sizeof(struct nfgenmsg));
	     nla_ok(attr, left); attr = nla_next(attr, &left)) {
		int type = nla_type(attr);

		if (type == IPSET_ATTR_SETNAME || type == IPSET_ATTR_TYPENAME)
			*sum = hash_attr(*sum, attr);
		else if (type == IPSET_ATTR_ADT)
			*sum = hash_members(*sum, attr);
	}
	return 0;
}

uint64_t ipset_mark_read(void)
{
	const struct nfgenmsg header = { .nfgen_family = AF_INET,
					 .version = NFNETLINK_V0 };
	struct netlink_words words;
	uint64_t sum = HASH_BEGIN;
	OWN_REQUEST struct nl_msg *request =
		netlink_request_make(NFNL_SUBSYS_IPSET << 8 | IPSET_CMD_LIST,
				     NLM_F_DUMP, &header, sizeof(header));

	if (request &&
	    nla_put_u8(request, IPSET_ATTR_PROTOCOL, IPSET_PROTOCOL_MIN) == 0)
		netlink_ask(NETLINK_NETFILTER, request, visit_set, &sum,
			    &words);
	return sum;
}
