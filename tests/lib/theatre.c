// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/own.h"
#include "tests/lib/nflog.h"
#include "tests/lib/theatre.h"
#include "tests/lib/topology.h"

#define GROUP  6
#define MARKER 0xfffeu /* identification of the last packet */

/* Behind connection tracking, before addresses are translated. */
static const char log_table[] =
	"table inet theatre {\n"
	"chain states { type filter hook prerouting priority -190;\n"
	"ip id 0 return\nip6 flowlabel 0 return\n"
	"ct state new log prefix \"N\" group 6 snaplen 64\n"
	"ct state established log prefix \"E\" group 6 snaplen 64\n"
	"ct state related log prefix \"R\" group 6 snaplen 64\n"
	"ct state invalid log prefix \"I\" group 6 snaplen 64\n"
	"ct state untracked log prefix \"U\" group 6 snaplen 64\n"
	"}\n}\n";

static const char setup4[] =
	"set -e\nip route add 100.64.0.0/10 via 10.1.0.2\n"
	"T=iptables-legacy PUBLIC=203.0.113.5 SERVER=10.2.0.9\n";
static const char setup6[] =
	"set -e\nip route add 2001:db8:64::/64 via fd00:1::2\n"
	"T=ip6tables-legacy PUBLIC=fd00:9::5 SERVER=fd00:2::9\n";

u128 theatre_addr(const char *text)
{
	uint8_t bytes[16];
	bool is_ipv6 = strchr(text, ':');
	u128 addr = 0;

	assert(inet_pton(is_ipv6 ? AF_INET6 : AF_INET, text, bytes) == 1);
	for (size_t i = 0; i < (is_ipv6 ? 16 : 4); i++)
		addr = addr << 8 | bytes[i];
	return addr;
}

u128 theatre_client(enum family family, size_t index)
{
	return theatre_addr(family == FAMILY_IPV4 ? "100.64.0.1"
						  : "2001:db8:64::1") +
	       index;
}

u128 theatre_server(enum family family)
{
	return theatre_addr(family == FAMILY_IPV4 ? "10.2.0.9" : "fd00:2::9");
}

static void stay_on_one_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

int theatre_make(enum family family, const char *setup, struct theatre *out,
		 struct err *err)
{
	static const char *const ifaces[2] = { "eth0", "eth1" };
	static const char *const peers[2] = { "p0", "p1" };
	OWN_BUF struct buf script = BUF_INIT;
	int ret;

	stay_on_one_cpu();
	out->family = family;
	buf_add(&script, family == FAMILY_IPV4 ? setup4 : setup6);
	if (setup)
		buf_add(&script, setup);
	ret = netns_make(&out->netns, err);
	if (!ret)
		ret = netns_run("sh >/dev/null", buf_text(&script), err);
	if (!ret)
		ret = netns_run("nft -f -", log_table, err);
	for (int end = 0; end < 2 && !ret; end++) {
		out->ifindex[end] = if_nametoindex(ifaces[end]);
		out->wires[end] =
			netns_packet_socket(&out->netns, out->netns.outer,
					    peers[end], err);
		if (out->wires[end] < 0)
			ret = out->wires[end];
	}
	if (ret)
		return ret;
	out->log_fd = nflog_open(GROUP, err);
	return out->log_fd < 0 ? out->log_fd : 0;
}

size_t theatre_write(unsigned int from, const struct frame_spec *spec,
		     uint8_t frame[FRAME_MAX])
{
	static const uint8_t server_side[6] = { 0x02, 0, 0, 0, 0x02, 0x01 };
	size_t length = frame_write(spec, frame);

	/* The router's own address there. */
	if (from == TALK_SERVER)
		memcpy(frame, server_side, sizeof(server_side));
	return length;
}

int theatre_send(const struct theatre *theatre, unsigned int from,
		 const uint8_t *frame, size_t length, struct err *err)
{
	if (send(theatre->wires[from], frame, length, 0) < 0)
		return err_system(err, errno, "sending a frame");
	return 0;
}

int theatre_send_spec(void *context, unsigned int from,
		      const struct frame_spec *spec, struct err *err)
{
	uint8_t frame[FRAME_MAX];
	size_t length = theatre_write(from, spec, frame);

	return theatre_send(context, from, frame, length, err);
}

struct listener {
	struct theatre *theatre;
	theatre_fn *fn;
	void *context;
};

static void on_event(void *context, const struct nflog_event *event)
{
	static const char letters[] = "NERIU"; /* in the order of CT_* */
	const struct listener *listener = context;
	uint32_t id = frame_id(event->packet, event->length);
	const char *letter = strchr(letters, *event->prefix);

	if (id == MARKER)
		listener->theatre->is_settled = true;
	else if (*event->prefix && letter)
		listener->fn(listener->context, id, 1u << (letter - letters));
}

/* Behind this one there is nothing. */
static int send_marker(struct theatre *theatre, struct err *err)
{
	const struct frame_spec marker = {
		.family = theatre->family,
		.id = MARKER,
		.saddr = topology_addr(theatre->family, 1),
		.daddr = topology_addr(theatre->family, 0),
		.proto = IPPROTO_UDP,
		.sport = 9,
		.dport = 9,
		.ttl = 64,
	};

	return theatre_send_spec(theatre, TALK_CLIENT, &marker, err);
}

int theatre_settle(struct theatre *theatre, theatre_fn *fn, void *context,
		   struct err *err)
{
	struct listener listener = { theatre, fn, context };
	int ret;

	theatre->is_settled = false;
	ret = send_marker(theatre, err);
	while (!ret && !theatre->is_settled)
		ret = nflog_read(theatre->log_fd, on_event, &listener, err);
	return ret;
}
