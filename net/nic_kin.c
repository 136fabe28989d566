// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "net/netlink.h"
#include "net/nic_parts.h"

#define NETNS_DIRECTORY "/run/netns" /* of ip-netns(8) */

/* Of one interface, here or in another namespace. */
struct kin {
	char name[IFNAMSIZ];
	uint32_t mtu, tx_queues;
	uint32_t link;		  /* ifindex, 0: none */
	int link_netns;		  /* its number, -1: in the same one */
	int bond_mode, bond_hash; /* -1: it is no bond */
};

static void read_bond(struct nlattr *info, struct kin *kin)
{
	struct nlattr *attrs[IFLA_INFO_MAX + 1];
	struct nlattr *bond[IFLA_BOND_MAX + 1];
	char kind[16] = "";

	if (!info || nla_parse_nested(attrs, IFLA_INFO_MAX, info, NULL) < 0 ||
	    !attrs[IFLA_INFO_KIND] || !attrs[IFLA_INFO_DATA])
		return;
	nla_strlcpy(kind, attrs[IFLA_INFO_KIND], sizeof(kind));
	if (strcmp(kind, "bond") != 0 ||
	    nla_parse_nested(bond, IFLA_BOND_MAX, attrs[IFLA_INFO_DATA], NULL) <
		    0)
		return;
	kin->bond_mode = (int)netlink_number(bond[IFLA_BOND_MODE], -1);
	kin->bond_hash =
		(int)netlink_number(bond[IFLA_BOND_XMIT_HASH_POLICY], -1);
}

static int visit_link(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[IFLA_MAX + 1];
	struct kin *kin = context;

	if (answer->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(answer, sizeof(struct ifinfomsg), attrs, IFLA_MAX,
			NULL) < 0)
		return -EBADMSG;
	if (attrs[IFLA_IFNAME])
		nla_strlcpy(kin->name, attrs[IFLA_IFNAME], sizeof(kin->name));
	kin->mtu = netlink_number(attrs[IFLA_MTU], 0);
	kin->tx_queues = netlink_number(attrs[IFLA_NUM_TX_QUEUES], 0);
	kin->link = netlink_number(attrs[IFLA_LINK], 0);
	if (attrs[IFLA_LINK_NETNSID])
		kin->link_netns =
			(int)netlink_number(attrs[IFLA_LINK_NETNSID], 0);
	read_bond(attrs[IFLA_LINKINFO], kin);
	return 0;
}

/* @netns: the namespace's number, -1: this one. */
static int ask_link(int ifindex, int netns, struct kin *out)
{
	const struct ifinfomsg info = { .ifi_index = ifindex };
	struct netlink_words words;
	OWN_REQUEST struct nl_msg *request =
		netlink_request_make(RTM_GETLINK, 0, &info, sizeof(info));

	if (!request ||
	    nla_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS) < 0)
		return -ENOMEM;
	if (netns >= 0 && nla_put_s32(request, IFLA_TARGET_NETNSID, netns) < 0)
		return -ENOMEM;
	*out = (struct kin){ .link_netns = -1,
			     .bond_mode = -1,
			     .bond_hash = -1 };
	return netlink_ask(NETLINK_ROUTE, request, visit_link, out, &words);
}

static int visit_netns(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[NETNSA_MAX + 1];

	if (nlmsg_parse(answer, sizeof(struct rtgenmsg), attrs, NETNSA_MAX,
			NULL) < 0)
		return -EBADMSG;
	if (attrs[NETNSA_NSID])
		*(int *)context = (int)netlink_number(attrs[NETNSA_NSID], 0);
	return 0;
}

/* Is this file of NETNS_DIRECTORY the namespace with the number @netns? */
static bool is_netns(int directory, const char *name, int netns)
{
	const struct rtgenmsg header = { .rtgen_family = AF_UNSPEC };
	OWN_FD int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	struct netlink_words words;
	int found = -1;
	OWN_REQUEST struct nl_msg *request =
		netlink_request_make(RTM_GETNSID, 0, &header, sizeof(header));

	return fd >= 0 && request && nla_put_u32(request, NETNSA_FD, fd) == 0 &&
	       netlink_ask(NETLINK_ROUTE, request, visit_netns, &found,
			   &words) == 0 &&
	       found == netns;
}

static void name_netns(int netns, char *out, size_t size)
{
	DIR *stream = opendir(NETNS_DIRECTORY);
	const struct dirent *entry;

	snprintf(out, size, "?");
	while (stream && (entry = readdir(stream))) {
		if (entry->d_name[0] == '.' ||
		    !is_netns(dirfd(stream), entry->d_name, netns))
			continue;
		snprintf(out, size, "%.*s", (int)size - 1, entry->d_name);
		break;
	}
	if (stream)
		closedir(stream);
}

static void read_peer(struct nic *nic, const struct kin *self)
{
	struct nic_peer *peer = &nic->peer;
	struct nic_channels channels;
	struct kin kin;

	peer->is_gone = !self->link;
	if (peer->is_gone || ask_link(self->link, self->link_netns, &kin) < 0)
		return;
	peer->is_known = true;
	memcpy(peer->name, kin.name, sizeof(peer->name));
	peer->mtu = kin.mtu;
	/* Only the most that it can have is told by rtnetlink. */
	peer->tx_queues = kin.tx_queues;
	peer->is_tx_bound = true;
	if (self->link_netns >= 0) {
		name_netns(self->link_netns, peer->netns, sizeof(peer->netns));
	} else if (nic_ask_channels(self->link, &channels) > 0) {
		peer->tx_queues = channels.tx + channels.combined;
		peer->is_tx_bound = false;
	}
}

static void name_bond(struct nic *nic, const struct kin *self)
{
	/* As linux/if_bonding.h numbers them, which libc's net/if.h clashes
	 * with. */
	static const char *const modes[] = {
		"balance-rr", "active-backup", "balance-xor", "broadcast",
		"802.3ad",    "balance-tlb",   "balance-alb",
	};
	enum { MODE_XOR = 2, MODE_8023AD = 4 };
	static const char *const hashes[] = {
		"layer2",   "layer3+4", "layer2+3",
		"encap2+3", "encap3+4", "vlan+srcmac",
	};
	size_t mode = self->bond_mode, hash = self->bond_hash;

	if (mode < sizeof(modes) / sizeof(*modes))
		snprintf(nic->bond_mode, sizeof(nic->bond_mode), "%s",
			 modes[mode]);
	/* Only these modes choose ports by it. */
	if ((mode == MODE_XOR || mode == MODE_8023AD) &&
	    hash < sizeof(hashes) / sizeof(*hashes))
		snprintf(nic->bond_hash, sizeof(nic->bond_hash), "%s",
			 hashes[hash]);
}

int nic_read_kin(struct nic *nic)
{
	struct kin self;
	int result = ask_link(nic->link.ifindex, -1, &self);

	if (result < 0)
		return result;
	if (!strcmp(nic->link.kind, "veth"))
		read_peer(nic, &self);
	if (self.bond_mode >= 0)
		name_bond(nic, &self);
	return 0;
}
