// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/own.h"
#include "tests/lib/netns.h"

/* No IPv6 noise; reverse paths, redirects and options must not decide. */
static const char host_script[] =
	"set -e\n"
	"sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"
	" net.ipv6.conf.default.accept_dad=0"
	" net.ipv6.conf.default.router_solicitations=0"
	" net.ipv6.conf.default.addr_gen_mode=1"
	" net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0"
	" net.ipv4.conf.all.send_redirects=0\n"
	"ip link set lo up\n"
	"ip link add eth0 address 02:00:00:00:01:01 type veth"
	" peer name p0 address 02:00:00:00:01:02 netns $OUTER\n"
	"ip link add eth1 address 02:00:00:00:02:01 type veth"
	" peer name p1 address 02:00:00:00:02:02 netns $OUTER\n"
	"ip link set eth0 up\nip link set eth1 up\n"
	"ip addr add 10.1.0.1/24 brd + dev eth0\n"
	"ip addr add 10.1.0.3/32 dev eth0\n"
	"ip addr add 10.2.0.1/24 brd + dev eth1\n"
	"ip addr add fd00:1::1/64 dev eth0 nodad\n"
	"ip addr add fd00:2::1/64 dev eth1 nodad\n"
	"neigh() { ip neigh replace $1 lladdr $2 dev $3 nud permanent; }\n"
	"for n in 2 77; do\n"
	"neigh 10.1.0.$n 02:00:00:00:01:02 eth0\n"
	"neigh fd00:1::$n 02:00:00:00:01:02 eth0\n"
	"done\n"
	"for n in 2 9; do\n"
	"neigh 10.2.0.$n 02:00:00:00:02:02 eth1\n"
	"neigh fd00:2::$n 02:00:00:00:02:02 eth1\n"
	"done\n"
	"ip route add default via 10.2.0.2\n"
	"ip -6 route add default via fd00:2::2 dev eth1\n";

static const char outer_script[] =
	"set -e\nip link set p0 up\nip link set p1 up\n";

static int netns_new(struct err *err)
{
	int fd;

	if (unshare(CLONE_NEWNET) < 0)
		return err_system(err, errno,
				  "a network namespace of its own (needs "
				  "CAP_SYS_ADMIN)");
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_system(err, errno, "/proc/self/ns/net");
	return fd;
}

int netns_enter(int fd, struct err *err)
{
	if (setns(fd, CLONE_NEWNET) < 0)
		return err_system(err, errno, "entering a network namespace");
	return 0;
}

int netns_run(const char *command, const char *input, struct err *err)
{
	FILE *pipe = popen(command, "w");
	int status;

	if (!pipe)
		return err_system(err, errno, "%.60s", command);
	if (input)
		fputs(input, pipe);
	status = pclose(pipe);
	if (status)
		return err_system(err, EIO, "%.200s: status %d", command,
				  status);
	return 0;
}

char *netns_read(const char *command, struct err *err)
{
	OWN_BUF struct buf text = BUF_INIT;
	FILE *pipe = popen(command, "r");
	char chunk[4096];
	size_t count;

	if (!pipe) {
		err_system(err, errno, "%.60s", command);
		return NULL;
	}
	while ((count = fread(chunk, 1, sizeof(chunk), pipe)) > 0)
		buf_addn(&text, chunk, count);
	if (pclose(pipe) || text.has_failed) {
		err_system(err, EIO, "%.60s", command);
		return NULL;
	}
	buf_add(&text, "");
	return buf_take(&text);
}

int netns_make(struct netns *out, struct err *err)
{
	OWN_BUF struct buf script = BUF_INIT;
	OWN_FD int outer = -1;
	OWN_FD int host = -1;
	int ret;

	outer = netns_new(err);
	if (outer < 0)
		return outer;
	ret = netns_run("sh",
			"sysctl -qw net.ipv6.conf.all.disable_ipv6=1 "
			"net.ipv6.conf.default.disable_ipv6=1\n",
			err);
	if (ret)
		return ret;
	host = netns_new(err);
	if (host < 0)
		return host;
	buf_addf(&script, "OUTER=/proc/%d/fd/%d\n%s", getpid(), outer,
		 host_script);
	ret = netns_run("sh", buf_text(&script), err);
	if (!ret)
		ret = netns_enter(outer, err);
	if (!ret)
		ret = netns_run("sh", outer_script, err);
	if (!ret)
		ret = netns_enter(host, err);
	if (ret)
		return ret;
	out->outer = take_fd(&outer);
	out->host = take_fd(&host);
	return 0;
}

int netns_packet_socket(const struct netns *netns, int ns, const char *iface,
			struct err *err)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET };
	OWN_FD int fd = -1;
	int ret;

	ret = netns_enter(ns, err);
	if (ret)
		return ret;
	/* Protocol 0: it only sends. */
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	addr.sll_ifindex = (int)if_nametoindex(iface);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		ret = err_system(err, errno, "a packet socket on %s", iface);
		return ret;
	}
	ret = netns_enter(netns->host, err);
	return ret ? ret : take_fd(&fd);
}
