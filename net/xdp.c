// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "net/netlink.h"
#include "net/xdp.h"

struct mode {
	const char *name;
	uint32_t flag;
};

static const struct mode modes[] = {
	[XDP_MODE_NATIVE] = { "native", XDP_FLAGS_DRV_MODE },
	[XDP_MODE_GENERIC] = { "generic", XDP_FLAGS_SKB_MODE },
	[XDP_MODE_HW] = { "hardware", XDP_FLAGS_HW_MODE },
};

/* The sentence for a refusal that the kernel answered with @errnum. */
static int refused(const struct mode *mode, const char *verb, int errnum,
		   const struct netlink_words *words, struct err *err)
{
	switch (errnum) {
	case EPERM:
		return err_system(err, errnum,
				  "the kernel does not let this process %s an "
				  "XDP program: it lacks CAP_NET_ADMIN in this "
				  "network namespace; run as root",
				  verb);
	case ENODEV:
		err_set(err, ERR_SYSTEM, 0, "the interface has vanished");
		return -errnum;
	case ENOMEM:
		return err_system(err, errnum, "cannot %s a %s XDP program",
				  verb, mode->name);
	default:
		break;
	}
	if (words->text[0])
		return err_system(err, errnum,
				  "cannot %s a %s XDP program, the kernel "
				  "says \"%s\"",
				  verb, mode->name, words->text);
	return err_system(err, errnum,
			  "cannot %s a %s XDP program, the kernel does not "
			  "say why (\"dmesg\" may)",
			  verb, mode->name);
}

/* @fd -1: detach. @expected_fd -1: nothing may be there. */
static int set_program(int ifindex, enum xdp_mode mode, int fd, int expected_fd,
		       struct netlink_words *words)
{
	const struct ifinfomsg info = { .ifi_index = ifindex };
	uint32_t flags = modes[mode].flag;
	OWN_REQUEST struct nl_msg *request =
		netlink_request_make(RTM_SETLINK, 0, &info, sizeof(info));

	if (!request)
		return -ENOMEM;
	flags |= expected_fd >= 0 ? XDP_FLAGS_REPLACE
				  : XDP_FLAGS_UPDATE_IF_NOEXIST;

	struct nlattr *xdp = nla_nest_start(request, IFLA_XDP | NLA_F_NESTED);
	if (!xdp || nla_put_s32(request, IFLA_XDP_FD, fd) < 0 ||
	    nla_put_u32(request, IFLA_XDP_FLAGS, flags) < 0)
		return -ENOMEM;
	if (expected_fd >= 0 &&
	    nla_put_s32(request, IFLA_XDP_EXPECTED_FD, expected_fd) < 0)
		return -ENOMEM;
	nla_nest_end(request, xdp);
	return netlink_ask(NETLINK_ROUTE, request, NULL, NULL, words);
}

int xdp_attach(int ifindex, enum xdp_mode mode, int prog_fd, int expected_fd,
	       struct err *err)
{
	struct netlink_words words = { 0 };
	int result = set_program(ifindex, mode, prog_fd, expected_fd, &words);

	if (result < 0)
		return refused(&modes[mode], "attach", -result, &words, err);
	return 0;
}

int xdp_detach(int ifindex, enum xdp_mode mode, int expected_fd,
	       struct err *err)
{
	struct netlink_words words = { 0 };
	int result = set_program(ifindex, mode, -1, expected_fd, &words);

	if (result < 0)
		return refused(&modes[mode], "detach", -result, &words, err);
	return 0;
}
