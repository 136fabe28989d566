// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/ethtool_netlink.h>
#include <string.h>

#include "net/genl.h"
#include "net/netlink.h"
#include "net/nic_parts.h"

/* Send @command about one interface and let @visit read the answer. */
static int ask(int ifindex, uint8_t command, netlink_visit visit, void *context)
{
	struct netlink_words words;
	int family = genl_family(ETHTOOL_GENL_NAME);

	if (family < 0)
		return family;
	OWN_REQUEST struct nl_msg *request =
		genl_request_make(family, 0, command, ETHTOOL_GENL_VERSION);
	if (!request)
		return -ENOMEM;
	/* The header is attribute 1 of every command. */
	struct nlattr *header =
		nla_nest_start(request,
			       ETHTOOL_A_FEATURES_HEADER | NLA_F_NESTED);
	if (!header ||
	    nla_put_u32(request, ETHTOOL_A_HEADER_DEV_INDEX, ifindex) < 0)
		return -ENOMEM;
	nla_nest_end(request, header);
	int result =
		netlink_ask(NETLINK_GENERIC, request, visit, context, &words);
	return result < 0 ? result : 1;
}

static struct nic_switch *find_or_add(struct nic_switch *switches,
				      size_t *count, size_t max,
				      const struct nlattr *name)
{
	char text[NIC_NAME_MAX];

	nla_strlcpy(text, name, sizeof(text));
	for (size_t i = 0; i < *count; i++) {
		if (!strcmp(switches[i].name, text))
			return &switches[i];
	}
	if (*count == max)
		return NULL;
	struct nic_switch *added = &switches[(*count)++];
	*added = (struct nic_switch){ 0 };
	memcpy(added->name, text, sizeof(text));
	return added;
}

/* What a bit of a set means for the switch that it is of. */
typedef void (*bit_read)(struct nic_switch *out, bool is_set);

struct set {
	struct nic_switch *switches;
	size_t *count, max;
};

/* A set with names (not compact); with NOMASK only bits that are set are
 * there, otherwise each has a flag. */
static void read_set(const struct set *set, struct nlattr *nest, bit_read read)
{
	struct nlattr *attrs[ETHTOOL_A_BITSET_MAX + 1];
	struct nlattr *bit;
	int left;

	if (!nest ||
	    nla_parse_nested(attrs, ETHTOOL_A_BITSET_MAX, nest, NULL) < 0 ||
	    !attrs[ETHTOOL_A_BITSET_BITS])
		return;
	nla_for_each_nested(bit, attrs[ETHTOOL_A_BITSET_BITS], left)
	{
		struct nlattr *of[ETHTOOL_A_BITSET_BIT_MAX + 1];

		if (nla_parse_nested(of, ETHTOOL_A_BITSET_BIT_MAX, bit, NULL) <
			    0 ||
		    !of[ETHTOOL_A_BITSET_BIT_NAME])
			continue;
		struct nic_switch *of_name =
			find_or_add(set->switches, set->count, set->max,
				    of[ETHTOOL_A_BITSET_BIT_NAME]);
		if (of_name)
			read(of_name, attrs[ETHTOOL_A_BITSET_NOMASK] ||
					      of[ETHTOOL_A_BITSET_BIT_VALUE]);
	}
}

static void read_active(struct nic_switch *out, bool is_set)
{
	out->is_on = is_set;
	out->is_fixed = true;
}

static void read_changeable(struct nic_switch *out, bool is_set)
{
	if (is_set)
		out->is_fixed = false;
}

static void read_unchangeable(struct nic_switch *out, bool is_set)
{
	if (is_set)
		out->is_fixed = true;
}

/*
 * As ethtool -k: fixed is what the device cannot change or the kernel never
 * does. ACTIVE has only the features that are on, HW those that can change.
 */
static int visit_features(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[ETHTOOL_A_FEATURES_MAX + 1];
	struct nic *nic = context;
	const struct set set = { nic->features, &nic->feature_count,
				 NIC_FEATURES_MAX };
	int result = genl_parse(answer, attrs, ETHTOOL_A_FEATURES_MAX);

	if (result < 0)
		return result;
	read_set(&set, attrs[ETHTOOL_A_FEATURES_ACTIVE], read_active);
	read_set(&set, attrs[ETHTOOL_A_FEATURES_HW], read_changeable);
	read_set(&set, attrs[ETHTOOL_A_FEATURES_NOCHANGE], read_unchangeable);
	return 0;
}

int nic_read_features(struct nic *nic)
{
	return ask(nic->link.ifindex, ETHTOOL_MSG_FEATURES_GET, visit_features,
		   nic);
}

static void read_flag(struct nic_switch *out, bool is_set)
{
	out->is_on = is_set;
}

static int visit_flags(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[ETHTOOL_A_PRIVFLAGS_MAX + 1];
	struct nic *nic = context;
	const struct set set = { nic->flags, &nic->flag_count, NIC_FLAGS_MAX };
	int result = genl_parse(answer, attrs, ETHTOOL_A_PRIVFLAGS_MAX);

	if (result == 0)
		read_set(&set, attrs[ETHTOOL_A_PRIVFLAGS_FLAGS], read_flag);
	return result;
}

int nic_read_flags(struct nic *nic)
{
	return ask(nic->link.ifindex, ETHTOOL_MSG_PRIVFLAGS_GET, visit_flags,
		   nic);
}

static uint32_t number(const struct nlattr *attr)
{
	return netlink_number(attr, 0);
}

static int visit_channels(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[ETHTOOL_A_CHANNELS_MAX + 1];
	int result = genl_parse(answer, attrs, ETHTOOL_A_CHANNELS_MAX);

	if (result == 0)
		*(struct nic_channels *)context = (struct nic_channels){
			.rx = number(attrs[ETHTOOL_A_CHANNELS_RX_COUNT]),
			.tx = number(attrs[ETHTOOL_A_CHANNELS_TX_COUNT]),
			.combined = number(
				attrs[ETHTOOL_A_CHANNELS_COMBINED_COUNT]),
			.rx_max = number(attrs[ETHTOOL_A_CHANNELS_RX_MAX]),
			.tx_max = number(attrs[ETHTOOL_A_CHANNELS_TX_MAX]),
			.combined_max =
				number(attrs[ETHTOOL_A_CHANNELS_COMBINED_MAX]),
		};
	return result;
}

int nic_ask_channels(int ifindex, struct nic_channels *out)
{
	return ask(ifindex, ETHTOOL_MSG_CHANNELS_GET, visit_channels, out);
}

int nic_read_channels(struct nic *nic)
{
	return nic_ask_channels(nic->link.ifindex, &nic->channels);
}

static int visit_rings(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[ETHTOOL_A_RINGS_MAX + 1];
	struct nic *nic = context;
	int result = genl_parse(answer, attrs, ETHTOOL_A_RINGS_MAX);

	if (result == 0)
		nic->rings = (struct nic_rings){
			.rx = number(attrs[ETHTOOL_A_RINGS_RX]),
			.tx = number(attrs[ETHTOOL_A_RINGS_TX]),
			.rx_max = number(attrs[ETHTOOL_A_RINGS_RX_MAX]),
			.tx_max = number(attrs[ETHTOOL_A_RINGS_TX_MAX]),
		};
	return result;
}

int nic_read_rings(struct nic *nic)
{
	return ask(nic->link.ifindex, ETHTOOL_MSG_RINGS_GET, visit_rings, nic);
}
