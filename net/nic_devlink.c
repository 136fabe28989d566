// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/devlink.h>
#include <stdio.h>
#include <string.h>

#include "net/genl.h"
#include "net/nic_parts.h"

struct port {
	uint32_t ifindex;
	char bus[32], device[64]; /* "" until it is found */
};

/* Devlink has no question for the device of an interface: all ports are told. */
static int visit_port(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[DEVLINK_ATTR_MAX + 1];
	struct port *port = context;
	int result = genl_parse(answer, attrs, DEVLINK_ATTR_MAX);

	if (result < 0)
		return result;
	if (!attrs[DEVLINK_ATTR_PORT_NETDEV_IFINDEX] ||
	    !attrs[DEVLINK_ATTR_BUS_NAME] || !attrs[DEVLINK_ATTR_DEV_NAME] ||
	    netlink_number(attrs[DEVLINK_ATTR_PORT_NETDEV_IFINDEX], 0) !=
		    port->ifindex)
		return 0;
	nla_strlcpy(port->bus, attrs[DEVLINK_ATTR_BUS_NAME], sizeof(port->bus));
	nla_strlcpy(port->device, attrs[DEVLINK_ATTR_DEV_NAME],
		    sizeof(port->device));
	return 0;
}

static int find_port(int family, struct port *port)
{
	struct netlink_words words;
	OWN_REQUEST struct nl_msg *request =
		genl_request_make(family, NLM_F_DUMP, DEVLINK_CMD_PORT_GET,
				  DEVLINK_GENL_VERSION);

	if (!request)
		return -ENOMEM;
	int result =
		netlink_ask(NETLINK_GENERIC, request, visit_port, port, &words);
	if (result < 0)
		return result;
	return port->device[0] ? 0 : -ENODEV;
}

static void add_version(struct nic *nic, struct nlattr *nest)
{
	struct nlattr *attrs[DEVLINK_ATTR_MAX + 1];

	if (nic->version_count == NIC_VERSIONS_MAX ||
	    nla_parse_nested(attrs, DEVLINK_ATTR_MAX, nest, NULL) < 0 ||
	    !attrs[DEVLINK_ATTR_INFO_VERSION_NAME] ||
	    !attrs[DEVLINK_ATTR_INFO_VERSION_VALUE])
		return;
	struct nic_version *version = &nic->versions[nic->version_count++];
	nla_strlcpy(version->name, attrs[DEVLINK_ATTR_INFO_VERSION_NAME],
		    sizeof(version->name));
	nla_strlcpy(version->value, attrs[DEVLINK_ATTR_INFO_VERSION_VALUE],
		    sizeof(version->value));
}

static int visit_info(struct nlmsghdr *answer, void *context)
{
	int left = nlmsg_attrlen(answer, sizeof(struct genlmsghdr));
	struct nlattr *attr = nlmsg_attrdata(answer, sizeof(struct genlmsghdr));

	for (; nla_ok(attr, left); attr = nla_next(attr, &left)) {
		if (nla_type(attr) == DEVLINK_ATTR_INFO_VERSION_RUNNING)
			add_version(context, attr);
	}
	return 0;
}

int nic_read_devlink(struct nic *nic)
{
	struct port port = { .ifindex = nic->link.ifindex };
	struct netlink_words words;
	int family = genl_family(DEVLINK_GENL_NAME);
	int result = family < 0 ? family : find_port(family, &port);

	if (result < 0)
		return result;
	snprintf(nic->devlink, sizeof(nic->devlink), "%.24s/%.36s", port.bus,
		 port.device);
	OWN_REQUEST struct nl_msg *request =
		genl_request_make(family, 0, DEVLINK_CMD_INFO_GET,
				  DEVLINK_GENL_VERSION);
	if (!request ||
	    nla_put_string(request, DEVLINK_ATTR_BUS_NAME, port.bus) < 0 ||
	    nla_put_string(request, DEVLINK_ATTR_DEV_NAME, port.device) < 0)
		return -ENOMEM;
	/* A device without versions is a device all the same. */
	netlink_ask(NETLINK_GENERIC, request, visit_info, nic, &words);
	return 1;
}
