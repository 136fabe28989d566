// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "net/link.h"
#include "net/netlink.h"

struct links {
	struct link *items;
	size_t count, room;
};

static void links_free(struct links *links)
{
	free(links->items);
}
#define OWN_LINKS __attribute__((cleanup(links_free)))

static void read_text(char *out, size_t size, const struct nlattr *attr)
{
	if (attr)
		nla_strlcpy(out, attr, size);
}

static void read_kind(struct link *link, struct nlattr *info)
{
	struct nlattr *attrs[IFLA_INFO_MAX + 1];

	if (!info || nla_parse_nested(attrs, IFLA_INFO_MAX, info, NULL) < 0)
		return;
	read_text(link->kind, sizeof(link->kind), attrs[IFLA_INFO_KIND]);
	read_text(link->slave_kind, sizeof(link->slave_kind),
		  attrs[IFLA_INFO_SLAVE_KIND]);
}

/*
 * IFLA_XDP_PROG_ID is absent when several programs are attached, the id of
 * each mode never is (rtnl_xdp_fill() in net/core/rtnetlink.c, 4.18 to 6.18).
 */
static void read_xdp(struct link *link, struct nlattr *xdp)
{
	struct nlattr *attrs[IFLA_XDP_MAX + 1];

	if (!xdp || nla_parse_nested(attrs, IFLA_XDP_MAX, xdp, NULL) < 0)
		return;
	if (attrs[IFLA_XDP_ATTACHED])
		link->xdp =
			(enum xdp_state)netlink_number(attrs[IFLA_XDP_ATTACHED],
						       link->xdp);
	link->native_id = netlink_number(attrs[IFLA_XDP_DRV_PROG_ID], 0);
	link->generic_id = netlink_number(attrs[IFLA_XDP_SKB_PROG_ID], 0);
	link->hw_id = netlink_number(attrs[IFLA_XDP_HW_PROG_ID], 0);
}

static int read_link(struct nlmsghdr *answer, struct link *link)
{
	const struct ifinfomsg *info = nlmsg_data(answer);
	struct nlattr *attrs[IFLA_MAX + 1];

	if (answer->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(answer, sizeof(*info), attrs, IFLA_MAX, NULL) < 0)
		return -EBADMSG;
	*link = (struct link){
		.ifindex = info->ifi_index,
		.type = info->ifi_type,
		.is_up = info->ifi_flags & IFF_UP,
		.is_loopback = info->ifi_flags & IFF_LOOPBACK,
		.mtu = netlink_number(attrs[IFLA_MTU], 0),
		.promiscuity = netlink_number(attrs[IFLA_PROMISCUITY], 0),
		.master = (int)netlink_number(attrs[IFLA_MASTER], 0),
		/* In another namespace the number means another interface. */
		.lower = attrs[IFLA_LINK_NETNSID]
				 ? 0
				 : (int)netlink_number(attrs[IFLA_LINK], 0),
	};
	read_text(link->name, sizeof(link->name), attrs[IFLA_IFNAME]);
	if (attrs[IFLA_ADDRESS] &&
	    nla_len(attrs[IFLA_ADDRESS]) == sizeof(link->mac))
		memcpy(link->mac, nla_data(attrs[IFLA_ADDRESS]),
		       sizeof(link->mac));
	read_kind(link, attrs[IFLA_LINKINFO]);
	read_xdp(link, attrs[IFLA_XDP]);
	return 0;
}

static int visit_one(struct nlmsghdr *answer, void *context)
{
	return read_link(answer, context);
}

/* Ask for one interface, by name or (@name NULL) by @ifindex. */
static int ask_one(const char *name, int ifindex, struct link *link)
{
	const struct ifinfomsg info = { .ifi_index = ifindex };
	struct netlink_words words;
	OWN_REQUEST struct nl_msg *request =
		netlink_request_make(RTM_GETLINK, 0, &info, sizeof(info));

	if (!request ||
	    nla_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS) < 0)
		return -ENOMEM;
	if (name && nla_put_string(request, IFLA_IFNAME, name) < 0)
		return -ENOMEM;
	return netlink_ask(NETLINK_ROUTE, request, visit_one, link, &words);
}

static int visit_stats(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[IFLA_MAX + 1];
	struct rtnl_link_stats64 stats = { 0 };

	if (answer->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(answer, sizeof(struct ifinfomsg), attrs, IFLA_MAX,
			NULL) < 0 ||
	    !attrs[IFLA_STATS64])
		return -EBADMSG;
	nla_memcpy(&stats, attrs[IFLA_STATS64], sizeof(stats));
	*(uint64_t *)context = stats.rx_packets;
	return 0;
}

int link_count_received(int ifindex, uint64_t *out)
{
	const struct ifinfomsg info = { .ifi_index = ifindex };
	struct netlink_words words;
	OWN_REQUEST struct nl_msg *request =
		netlink_request_make(RTM_GETLINK, 0, &info, sizeof(info));

	if (!request)
		return -ENOMEM;
	return netlink_ask(NETLINK_ROUTE, request, visit_stats, out, &words);
}

static int visit_each(struct nlmsghdr *answer, void *context)
{
	struct links *links = context;

	if (links->count == links->room) {
		size_t room = links->room ? 2 * links->room : 16;
		struct link *items =
			reallocarray(links->items, room, sizeof(*links->items));
		if (!items)
			return -ENOMEM;
		links->items = items;
		links->room = room;
	}
	int result = read_link(answer, &links->items[links->count]);
	if (result == 0)
		links->count++;
	return result;
}

static int ask_all(struct links *links)
{
	const struct ifinfomsg info = { 0 };
	struct netlink_words words;
	OWN_REQUEST struct nl_msg *request =
		netlink_request_make(RTM_GETLINK, NLM_F_DUMP, &info,
				     sizeof(info));

	if (!request ||
	    nla_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS) < 0)
		return -ENOMEM;
	links->count = 0;
	return netlink_ask(NETLINK_ROUTE, request, visit_each, links, &words);
}

static int fail(int result, struct err *err)
{
	if (result == -ENOMEM)
		return err_no_memory(err);
	return err_system(err, -result,
			  "the kernel does not tell about its interfaces "
			  "(rtnetlink)");
}

static int no_such(const char *name, struct err *err)
{
	err_set(err, ERR_SYSTEM, 0,
		"there is no interface \"%.128s\" in this network namespace; "
		"\"ip link\" lists those that there are",
		name);
	return -ENODEV;
}

int link_get(const char *name, struct link *out, struct err *err)
{
	struct link link = { 0 }, master;

	if (!name[0] || strlen(name) >= IFNAMSIZ)
		return no_such(name, err);
	int result = ask_one(name, 0, &link);
	if (result == -ENODEV)
		return no_such(name, err);
	if (result < 0)
		return fail(result, err);
	/*
	 * Rules with -i know an interface by its first name only, so that a
	 * second one must not reach the planner.
	 */
	if (strcmp(name, link.name) != 0) {
		err_set(err, ERR_USAGE, 0,
			"\"%s\" is an alternative name of the interface "
			"\"%s\"; use that one, as rules do",
			name, link.name);
		return -ENODEV;
	}
	if (link.master && ask_one(NULL, link.master, &master) == 0)
		memcpy(link.master_name, master.name, sizeof(master.name));
	*out = link;
	return 0;
}

static void name_masters(struct links *links)
{
	for (size_t i = 0; i < links->count; i++) {
		struct link *link = &links->items[i];

		for (size_t j = 0; link->master && j < links->count; j++) {
			const struct link *other = &links->items[j];

			if (other->ifindex == link->master)
				memcpy(link->master_name, other->name,
				       sizeof(other->name));
		}
	}
}

int link_list(struct link **out, size_t *count, struct err *err)
{
	OWN_LINKS struct links links = { 0 };
	int result = -EAGAIN;

	for (int i = 0; i < NETLINK_TRIES && result == -EAGAIN; i++)
		result = ask_all(&links);
	if (result < 0)
		return fail(result, err);
	name_masters(&links);
	*count = links.count;
	*out = take(links.items);
	return 0;
}

/* Kinds whose IFLA_LINK is where their packets come from. A veth's is its
 * peer, a tunnel's is where it sends. */
bool link_is_receiver(const struct link *link)
{
	static const char *const kinds[] = { "vlan",   "macvlan", "macvtap",
					     "ipvlan", "ipvtap",  "dsa",
					     "macsec", "hsr" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!strcmp(link->kind, kinds[i]))
			return true;
	}
	return false;
}

bool link_is_upper(const struct link *upper, const struct link *link)
{
	return upper->lower == link->ifindex && link_is_receiver(upper);
}

int link_find_upper(const struct link *link, struct link *out, struct err *err)
{
	OWN_MEM struct link *links = NULL;
	size_t count;
	int result = link_list(&links, &count, err);

	if (result < 0)
		return result;
	for (size_t i = 0; i < count; i++) {
		if (link_is_upper(&links[i], link)) {
			*out = links[i];
			return 1;
		}
	}
	return 0;
}
