// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/own.h"
#include "tests/lib/nflog.h"
#include "tests/lib/topology.h"
#include "tests/lib/watch.h"

#define WATCH_GROUP  5
#define WATCH_MARKER 0xfffeu /* identification of the last packet */

/* The first letter of a log prefix says where the packet is. */
#define LOG(prefix)                                                            \
	"iifname eth0 log prefix \"" prefix "\" group 5 snaplen 64\n"

static const char table_begin[] =
	"table inet watch {\n"
	"chain met { type filter hook prerouting priority -350;\n"
	"iifname eth0 log prefix \"m\" group 5\n}\n"
	"chain routed { type filter hook prerouting priority 90;\n" LOG(
		"r") "}\n"
		     "chain input { type filter hook input priority "
		     "-160;\n" LOG(
			     "I") "}\n"
				  "chain input_end { type filter hook input "
				  "priority 300;\n" LOG(
					  "i") "}\n"
					       "chain forward { type filter "
					       "hook forward priority "
					       "-160;\n" LOG(
						       "F") "}\n"
							    "chain forward_end "
							    "{ type filter "
							    "hook forward "
							    "priority "
							    "300;\n" LOG(
								    "f") "}\n";

static const char
	table_states
		[] = "chain states { type filter hook prerouting priority "
		     "-190;\n"
		     "ct state new " LOG("sN") "ct state established " LOG("sE") "ct state related " LOG(
			     "sR") "ct state invalid " LOG("sI") "ct state "
								 "untracked"
								 " " LOG("sU") "}\n";

int watch_make(const struct netns *netns, enum family family, bool has_tracking,
	       struct watch *out, struct err *err)
{
	OWN_BUF struct buf table = BUF_INIT;
	OWN_FD int send_fd = -1;
	int log_fd, ret;

	buf_addf(&table, "%s%s}\n", table_begin,
		 has_tracking ? table_states : "");
	ret = netns_run("nft -f -", buf_text(&table), err);
	if (ret)
		return ret;
	send_fd = netns_packet_socket(netns, netns->outer, "p0", err);
	if (send_fd < 0)
		return send_fd;
	log_fd = nflog_open(WATCH_GROUP, err);
	if (log_fd < 0)
		return log_fd;
	*out = (struct watch){
		.send_fd = take_fd(&send_fd),
		.log_fd = log_fd,
		.family = family,
	};
	return 0;
}

int watch_send(struct watch *watch, const uint8_t *frame, size_t length,
	       struct err *err)
{
	if (send(watch->send_fd, frame, length, 0) < 0)
		return err_system(err, errno, "sending a frame of %zu bytes",
				  length);
	return 0;
}

static unsigned int state_of(char letter)
{
	switch (letter) {
	case 'N':
		return CT_NEW;
	case 'E':
		return CT_ESTABLISHED;
	case 'R':
		return CT_RELATED;
	case 'I':
		return CT_INVALID;
	case 'U':
		return CT_UNTRACKED;
	}
	return 0;
}

static void note_met(struct fate *fate, const struct nflog_event *event)
{
	fate->length = event->length < FRAME_MAX ? event->length : FRAME_MAX;
	memcpy(fate->bytes, event->packet, fate->length);
}

/* Addresses and protocol: what no rule of the tests rewrites. */
static bool is_same_flow(enum family family, const uint8_t *a, const uint8_t *b)
{
	if (family == FAMILY_IPV4)
		return a[9] == b[9] && !memcmp(a + 12, b + 12, 8);
	return a[6] == b[6] && !memcmp(a + 8, b + 8, 32);
}

/*
 * The kernel's own packets (answers to broadcasts, for one) may by chance have
 * the identification of one of ours.
 */
static bool is_ours(const struct watch *watch, const struct fate *fate,
		    const struct nflog_event *event)
{
	const struct packet packet = { .family = watch->family,
				       .data = event->packet,
				       .length = event->length };

	if (event->length < (watch->family == FAMILY_IPV4 ? 20 : 40))
		return true;
	if (*event->prefix == 'm')
		return !topology_is_local(watch->family, packet_saddr(&packet));
	return fate->length &&
	       is_same_flow(watch->family, fate->bytes, event->packet);
}

static void on_event(void *context, const struct nflog_event *event)
{
	struct watch *watch = context;
	uint32_t id = frame_id(event->packet, event->length);
	struct fate *fate;

	if (id == WATCH_MARKER && *event->prefix == 'm')
		watch->is_done = true;
	if (id == 0 || id > watch->fate_count)
		return;
	fate = &watch->fates[id - 1];
	if (!is_ours(watch, fate, event))
		return;
	switch (*event->prefix) {
	case 'm':
		return note_met(fate, event);
	case 's':
		fate->state = state_of(event->prefix[1]);
		return;
	case 'r':
		fate->is_routed = true;
		return;
	case 'I':
	case 'F':
		fate->has_path = true;
		fate->path = *event->prefix == 'I' ? HOOK_INPUT : HOOK_FORWARD;
		fate->out = event->out;
		return;
	case 'i':
	case 'f':
		fate->is_accepted = true;
		return;
	}
}

/* One processor takes packets in order, so the marker comes last. */
static int send_marker(struct watch *watch, struct err *err)
{
	struct frame_spec spec = {
		.family = watch->family,
		.id = WATCH_MARKER,
		.saddr = topology_addr(watch->family, 1),
		.daddr = topology_addr(watch->family, 0),
		.proto = IPPROTO_UDP,
		.sport = 9,
		.dport = 9,
		.ttl = 64,
	};
	uint8_t frame[FRAME_MAX];
	size_t length;

	memcpy(spec.smac, topology_peer_mac, 6);
	length = frame_write(&spec, frame);
	return watch_send(watch, frame, length, err);
}

int watch_collect(struct watch *watch, struct fate *fates, size_t count,
		  struct err *err)
{
	int ret;

	memset(fates, 0, count * sizeof(*fates));
	watch->fates = fates;
	watch->fate_count = count;
	watch->is_done = false;
	ret = send_marker(watch, err);
	while (!ret && !watch->is_done)
		ret = nflog_read(watch->log_fd, on_event, watch, err);
	return ret;
}

int watch_forget(struct err *err)
{
	struct {
		struct nlmsghdr header;
		struct nfgenmsg family;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 |
				      IPCTNL_MSG_CT_DELETE,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
	};
	OWN_FD int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} answer;

	if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < 0)
		return err_system(err, errno, "flushing connections");
	if (answer.error.error)
		return err_system(err, -answer.error.error,
				  "flushing connections");
	return 0;
}
