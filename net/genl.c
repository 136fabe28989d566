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
		*(int *)context = nla_get_u16(attrs[CTRL_ATTR_FAMILY_ID]);
	return result;
}

int genl_family(const char *name)
{
	struct netlink_words words;
	int family = -ENOENT;
	OWN_REQUEST struct nl_msg *request =
		genl_request_make(GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, 1);

	if (!request || nla_put_string(request, CTRL_ATTR_FAMILY_NAME, name))
		return -ENOMEM;
	int result = netlink_ask(NETLINK_GENERIC, request, read_family, &family,
				 &words);
	return result < 0 ? result : family;
}
