// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "net/locals.h"
#include "net/netlink.h"

/* Does the first rule of all lead to the local table, and every packet? */
struct rules_seen {
	bool has_first, is_local;
};

static bool is_unconditional(struct nlmsghdr *answer)
{
	static const int conditions[] = {
		FRA_SRC,    FRA_IIFNAME, FRA_FWMARK,	  FRA_TUN_ID,
		FRA_L3MDEV, FRA_OIFNAME, FRA_UID_RANGE,	  FRA_IP_PROTO,
		FRA_DST,    FRA_FLOW,	 FRA_SPORT_RANGE, FRA_DPORT_RANGE,
	};
	const struct fib_rule_hdr *rule = nlmsg_data(answer);

	for (size_t i = 0; i < ARRAY_SIZE(conditions); i++) {
		if (nlmsg_find_attr(answer, sizeof(*rule), conditions[i]))
			return false;
	}
	return rule->action == FR_ACT_TO_TBL && !rule->dst_len &&
	       !rule->src_len && !rule->tos && !(rule->flags & FIB_RULE_INVERT);
}

static uint32_t get_u32(struct nlmsghdr *answer, size_t header, int type,
			uint32_t absent)
{
	struct nlattr *attr = nlmsg_find_attr(answer, (int)header, type);

	return netlink_number(attr, absent);
}

/* Rules come in the order in which they are asked. */
static int visit_rule(struct nlmsghdr *answer, void *context)
{
	const struct fib_rule_hdr *rule = nlmsg_data(answer);
	struct rules_seen *seen = context;

	if (answer->nlmsg_type != RTM_NEWRULE || seen->has_first)
		return 0;
	if (nlmsg_datalen(answer) < (int)sizeof(*rule))
		return -EBADMSG;
	seen->has_first = true;
	seen->is_local = is_unconditional(answer) &&
			 get_u32(answer, sizeof(*rule), FRA_TABLE,
				 rule->table) == RT_TABLE_LOCAL;
	return 0;
}

static int ask(int type, const void *header, size_t size, netlink_visit visit,
	       void *context, struct netlink_words *words)
{
	OWN_REQUEST struct nl_msg *request =
		netlink_request_make(type, NLM_F_DUMP, header, size);

	return request ? netlink_ask(NETLINK_ROUTE, request, visit, context,
				     words)
		       : -ENOMEM;
}

/* Without rules (CONFIG_IP_MULTIPLE_TABLES) the local table is the first. */
static int is_local_first(int family)
{
	const struct fib_rule_hdr header = { .family = family };
	struct rules_seen seen = { 0 };
	struct netlink_words words;
	int result = ask(RTM_GETRULE, &header, sizeof(header), visit_rule,
			 &seen, &words);

	if (result == -EOPNOTSUPP)
		return 1;
	return result < 0 ? result : seen.is_local;
}

static u128 read_address(const struct nlattr *attr, int family)
{
	const uint8_t *bytes = nla_data(attr);
	int length = family == AF_INET ? 4 : 16;
	u128 address = 0;

	if (nla_len(attr) < length)
		return 0;
	for (int i = 0; i < length; i++)
		address = address << 8 | bytes[i];
	return address;
}

static bool is_loopback(int family, u128 address)
{
	return family == AF_INET ? address >> 24 == 127 : address == 1;
}

static bool read_route(struct nlmsghdr *answer, struct locals_range *out)
{
	const struct rtmsg *route = nlmsg_data(answer);
	int family = route->rtm_family;
	unsigned int bits = family == AF_INET ? 32 : 128;
	struct nlattr *dest = nlmsg_find_attr(answer, sizeof(*route), RTA_DST);
	u128 address;

	if (answer->nlmsg_type != RTM_NEWROUTE || !dest ||
	    route->rtm_dst_len > bits || route->rtm_dst_len == 0 ||
	    get_u32(answer, sizeof(*route), RTA_TABLE, route->rtm_table) !=
		    RT_TABLE_LOCAL)
		return false;
	address = read_address(dest, family);
	out->min = address;
	out->max = address | num_max(bits - route->rtm_dst_len);
	return !is_loopback(family, address);
}

/* Is it for every packet to that destination? */
static bool is_plain_local(const struct rtmsg *route)
{
	return route->rtm_type == RTN_LOCAL && !route->rtm_tos &&
	       !route->rtm_src_len;
}

static int visit_local(struct nlmsghdr *answer, void *context)
{
	struct locals_family *out = context;
	struct locals_range range;

	if (nlmsg_datalen(answer) < (int)sizeof(struct rtmsg))
		return -EBADMSG;
	if (read_route(answer, &range) && out->count < LOCALS_MAX &&
	    is_plain_local(nlmsg_data(answer)))
		out->ranges[out->count++] = range;
	return 0;
}

/* Routes of the same table within what is local make that unsure. */
static int visit_other(struct nlmsghdr *answer, void *context)
{
	struct locals_family *out = context;
	struct locals_range range;
	size_t kept = 0;

	if (nlmsg_datalen(answer) < (int)sizeof(struct rtmsg))
		return -EBADMSG;
	if (!read_route(answer, &range) || is_plain_local(nlmsg_data(answer)))
		return 0;
	for (size_t i = 0; i < out->count; i++) {
		const struct locals_range *local = &out->ranges[i];

		if (range.min < local->min || range.max > local->max)
			out->ranges[kept++] = *local;
	}
	out->count = kept;
	return 0;
}

static void read_family(int family, struct locals_family *out, char *text,
			size_t size)
{
	const struct rtmsg header = { .rtm_family = family };
	struct netlink_words words;
	int result = is_local_first(family);

	if (result == 0) {
		snprintf(text, size,
			 "rules of routing stand before the local table "
			 "(ip rule)");
		return;
	}
	if (result > 0)
		result = ask(RTM_GETROUTE, &header, sizeof(header), visit_local,
			     out, &words);
	if (result == 0)
		result = ask(RTM_GETROUTE, &header, sizeof(header), visit_other,
			     out, &words);
	if (result < 0) {
		out->count = 0;
		snprintf(text, size, "routes cannot be read: %s",
			 strerror(-result));
	}
}

void locals_read(struct locals *out)
{
	*out = (struct locals){ 0 };
	read_family(AF_INET, &out->families[0], out->text, sizeof(out->text));
	read_family(AF_INET6, &out->families[1], out->text, sizeof(out->text));
}
