// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "net/genl.h"

struct nl_msg *genl_request_make(int family, int flags, uint8_t command,
				 uint8_t version)
{
	const struct genlmsghdr header = { .cmd = command, .version = version };

	return netlink_request_make(family, flags, &header, sizeof(header));
}

int genl_parse(struct nlmsghdr *answer, struct nlattr **attrs, int max)
{
	int result = nlmsg_parse(answer, sizeof(struct genlmsghdr), attrs, max,
				 NULL);

	return result < 0 ? -EBADMSG : 0;
}

static int read_family(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];
	int result = genl_parse(answer, attrs, CTRL_ATTR_MAX);

	if (result == 0 && attrs[CTRL_ATTR_FAMILY_ID])
		*(int *)context =
			(int)netlink_number(attrs[CTRL_ATTR_FAMILY_ID],
					    -ENOENT);
	return result;
}

/* A group that is asked for. */
struct group {
	const char *name;
	int id; /* -ENOENT: not found so far */
};

static void read_group(struct nlattr *nest, struct group *group)
{
	struct nlattr *attrs[CTRL_ATTR_MCAST_GRP_MAX + 1];

	if (nla_parse_nested(attrs, CTRL_ATTR_MCAST_GRP_MAX, nest, NULL) < 0 ||
	    !attrs[CTRL_ATTR_MCAST_GRP_NAME] || !attrs[CTRL_ATTR_MCAST_GRP_ID])
		return;
	if (nla_strcmp(attrs[CTRL_ATTR_MCAST_GRP_NAME], group->name) == 0)
		group->id = (int)netlink_number(attrs[CTRL_ATTR_MCAST_GRP_ID],
						-ENOENT);
}

static int read_groups(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];
	int result = genl_parse(answer, attrs, CTRL_ATTR_MAX);

	if (result < 0 || !attrs[CTRL_ATTR_MCAST_GROUPS])
		return result;
	struct nlattr *nest = nla_data(attrs[CTRL_ATTR_MCAST_GROUPS]);
	for (int left = nla_len(attrs[CTRL_ATTR_MCAST_GROUPS]);
	     nla_ok(nest, left); nest = nla_next(nest, &left))
		read_group(nest, context);
	return 0;
}

/* Ask about the family @name. */
static int ask(const char *name, netlink_visit visit, void *context)
{
	struct netlink_words words;
	OWN_REQUEST struct nl_msg *request =
		genl_request_make(GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, 1);

	if (!request || nla_put_string(request, CTRL_ATTR_FAMILY_NAME, name))
		return -ENOMEM;
	return netlink_ask(NETLINK_GENERIC, request, visit, context, &words);
}

int genl_family(const char *name)
{
	int family = -ENOENT;
	int result = ask(name, read_family, &family);

	return result < 0 ? result : family;
}

int genl_group(const char *name, const char *group)
{
	struct group wanted = { group, -ENOENT };
	int result = ask(name, read_groups, &wanted);

	return result < 0 ? result : wanted.id;
}
