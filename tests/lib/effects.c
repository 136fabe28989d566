// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/own.h"
#include "tests/lib/effects.h"
#include "tests/lib/entries.h"
#include "tests/lib/frame.h"
#include "tests/lib/nflog.h"
#include "tests/lib/topology.h"

#define GROUP_LOG   0 /* what has no group of its own */
#define GROUP_WATCH 5
#define GROUP_NFLOG 7 /* of the rules of tests/lib/gen_rules.c */
#define MARKER	    0xfffeu
#define SHOWN_BYTES 60

/* The first letter of a log prefix says where the packet is. */
static const char table[] =
	"table inet effects {\n"
	"chain met { type filter hook prerouting priority -350;\n"
	"iifname eth0 log prefix \"m\" group 5\n}\n"
	"chain input { type filter hook input priority 300;\n"
	"iifname eth0 log prefix \"i\" group 5\n}\n"
	"chain forward { type filter hook forward priority 300;\n"
	"iifname eth0 log prefix \"f\" group 5\n}\n"
	"chain sent { type filter hook postrouting priority 300;\n"
	"oifname eth0 log prefix \"s\" group 5\n"
	"oifname eth1 log prefix \"s\" group 5\n}\n"
	"chain tracked { type filter hook prerouting priority -190;\n"
	"ct state invalid counter\n}\n"
	"}\n";

/* Log lines become messages; nothing is kept back because there were many. */
static const char script[] =
	"sysctl -qw net.netfilter.nf_log.2=nfnetlink_log"
	" net.netfilter.nf_log.10=nfnetlink_log"
	" net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=1000000"
	" net.ipv4.icmp_msgs_burst=1000000 net.ipv6.icmp.ratelimit=0\n"
	/* What never becomes whole is not told about, and no connection ends
	 * because a machine is busy: applying may take longer than CLOSE. */
	"sysctl -qw net.ipv4.ipfrag_time=86400 net.ipv6.ip6frag_time=86400\n"
	"sysctl -aN -r 'nf_conntrack.*timeout' 2>/dev/null |"
	" sed 's/$/=86400/' | xargs sysctl -qw\n"
	/* Every address has a neighbour: none is asked for, none waited for. */
	"ip link set eth0 arp off\nip link set eth1 arp off\n";

int effects_make(const struct netns *netns, enum family family,
		 struct effects *out, struct err *err)
{
	static const uint16_t more[] = { GROUP_LOG, GROUP_NFLOG };
	OWN_FD int send_fd = -1;
	OWN_FD int log_fd = -1;
	int ret = netns_run("sh -e", script, err);

	if (!ret)
		ret = netns_run("nft -f -", table, err);
	if (ret)
		return ret;
	send_fd = netns_packet_socket(netns, netns->outer, "p0", err);
	if (send_fd < 0)
		return send_fd;
	log_fd = nflog_open(GROUP_WATCH, err);
	if (log_fd < 0)
		return log_fd;
	for (size_t i = 0; i < ARRAY_SIZE(more) && !ret; i++)
		ret = nflog_join(log_fd, more[i], err);
	if (ret)
		return ret;
	*out = (struct effects){
		.send_fd = take_fd(&send_fd),
		.log_fd = take_fd(&log_fd),
		.family = family,
	};
	return 0;
}

int effects_send(const struct effects *effects, const uint8_t *frame,
		 size_t length, struct err *err)
{
	if (send(effects->send_fd, frame, length, 0) < 0)
		return err_system(err, errno, "sending a frame of %zu bytes",
				  length);
	return 0;
}

/* Redirects; ip_error(): net, host unreachable, prohibited. */
static bool is_limited(const struct nflog_event *event)
{
	const uint8_t *packet = event->packet;

	if (event->length < 41)
		return false;
	if (packet[0] >> 4 == 6)
		return packet[6] == IPPROTO_ICMPV6 && packet[40] == 137;
	return packet[9] == IPPROTO_ICMP &&
	       (packet[20] == 5 ||
		(packet[20] == 3 &&
		 (packet[21] == 0 || packet[21] == 1 || packet[21] == 13)));
}

/* An answer with the time of day in it. */
static bool has_time(const struct nflog_event *event)
{
	return event->length > 20 && event->packet[0] == 0x45 &&
	       event->packet[9] == IPPROTO_ICMP && event->packet[20] == 14;
}

/* Which groups the host is in it tells when it likes. */
static bool is_group_report(const struct nflog_event *event)
{
	return event->length > 40 && event->packet[0] >> 4 == 6 &&
	       event->packet[6] == IPPROTO_HOPOPTS &&
	       event->packet[24] == 0xff && event->packet[39] == 0x16;
}

/* How much of a packet is the same when it comes again. */
static size_t shown_length(const struct effects *effects,
			   const struct nflog_event *event)
{
	size_t length = effects->is_brief ? event->packet[0] >> 4 == 4 ? 20 : 40
			: has_time(event) ? 22
					  : SHOWN_BYTES;

	return event->length < length ? event->length : length;
}

/* Without identification and checksum of IPv4, flow label of IPv6. */
static void add_packet(const struct effects *effects, struct buf *story,
		       const struct nflog_event *event)
{
	bool is_ipv4 = event->packet[0] >> 4 == 4;

	for (size_t i = 0; i < shown_length(effects, event); i++) {
		bool is_drawn = is_ipv4 ? i == 4 || i == 5 || i == 10 || i == 11
					: i >= 1 && i <= 3;

		if (is_drawn)
			buf_add(story, "--");
		else
			buf_addf(story, "%02x", event->packet[i]);
	}
	buf_add(story, "\n");
}

static void note_arrival(struct effects *effects,
			 const struct nflog_event *event)
{
	uint32_t id = frame_id(event->packet, event->length);

	if (id == MARKER)
		effects->is_done = true;
	effects->current = id <= effects->count ? id : 0;
}

/*
 * The packet that this comes of. Options of IPv6 that a host does not take it
 * answers before netfilter meets them: the error tells whose they were.
 */
static uint32_t cause_of(const struct effects *effects,
			 const struct nflog_event *event)
{
	const uint8_t *packet = event->packet;
	uint32_t id = 0;

	if (event->length > 48 && packet[0] >> 4 == 6 &&
	    packet[6] == IPPROTO_ICMPV6 && packet[40] < 128)
		id = frame_id(packet + 48, event->length - 48);
	return id && id <= effects->count ? id : effects->current;
}

/* Nobody is told about it, or not each time. */
static bool is_ignored(const struct effects *effects,
		       const struct nflog_event *event)
{
	return !event->length || is_group_report(event) ||
	       (effects->without_limited && is_limited(event));
}

static void on_event(void *context, const struct nflog_event *event)
{
	struct effects *effects = context;
	bool is_ours = event->group == GROUP_WATCH;
	char out[IF_NAMESIZE] = "?";
	struct buf *story;
	uint32_t cause;

	if (is_ours && *event->prefix == 'm')
		return note_arrival(effects, event);
	cause = cause_of(effects, event);
	if (!cause || is_ignored(effects, event))
		return;
	story = &effects->stories[cause - 1];
	if_indextoname(event->out, out);
	if (is_ours && *event->prefix == 'i') {
		buf_add(story, "accepted INPUT\n");
	} else if (is_ours && *event->prefix == 'f') {
		buf_addf(story, "accepted FORWARD %s\n", out);
	} else {
		if (is_ours)
			buf_addf(story, "sent %s ", out);
		else
			buf_addf(story, "log %u %s ", event->group,
				 event->prefix);
		add_packet(effects, story, event);
	}
}

/* Behind this one there is nothing. */
static int send_marker(const struct effects *effects, struct err *err)
{
	struct frame_spec spec = {
		.family = effects->family,
		.id = MARKER,
		.saddr = topology_addr(effects->family, 1),
		.daddr = topology_addr(effects->family, 0),
		.proto = IPPROTO_UDP,
		.sport = 67, /* no program may take it */
		.dport = 67,
		.ttl = 64,
	};
	uint8_t frame[FRAME_MAX];
	size_t length;

	if (effects->family == FAMILY_IPV6) {
		spec.sport = 547;
		spec.dport = 546;
	}
	memcpy(spec.smac, topology_peer_mac, 6);
	length = frame_write(&spec, frame);
	return effects_send(effects, frame, length, err);
}

int effects_collect(struct effects *effects, struct buf *stories, size_t count,
		    struct err *err)
{
	int ret;

	effects->stories = stories;
	effects->count = count;
	effects->current = 0;
	effects->is_done = false;
	ret = send_marker(effects, err);
	while (!ret && !effects->is_done)
		ret = nflog_read(effects->log_fd, on_event, effects, err);
	return ret;
}

struct lines {
	char (*text)[256];
	size_t count, size;
	bool has_failed;
};

static void on_entry(void *context, const struct entry *entry)
{
	struct lines *lines = context;
	char saddr[64], daddr[64];
	/* An exchange of datagrams is assured once it goes on for 2 s. */
	uint32_t ignored =
		IPS_DYING | (entry->proto == IPPROTO_TCP ? 0 : IPS_ASSURED);
	enum family family = entry->saddr >> 32 || entry->daddr >> 32
				     ? FAMILY_IPV6
				     : FAMILY_IPV4;

	if (lines->count == lines->size) {
		size_t size = lines->size ? 2 * lines->size : 256;
		void *text = realloc(lines->text, size * sizeof(*lines->text));

		if (!text) {
			lines->has_failed = true;
			return;
		}
		lines->text = text;
		lines->size = size;
	}
	topology_addr_text(family, entry->saddr, saddr);
	topology_addr_text(family, entry->daddr, daddr);
	snprintf(lines->text[lines->count++], sizeof(*lines->text),
		 "%u %s.%u > %s.%u %s %#x mark %u", entry->proto, saddr,
		 entry->sport, daddr, entry->dport,
		 entries_state_name(entry->tcp_state), entry->status & ~ignored,
		 entry->mark);
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

char *effects_connections(enum family family, struct err *err)
{
	OWN_BUF struct buf text = BUF_INIT;
	struct lines lines = { 0 };
	int ret = entries_read(family, on_entry, &lines, err);

	if (!ret && lines.count)
		qsort(lines.text, lines.count, sizeof(*lines.text), compare);
	buf_add(&text, "");
	for (size_t i = 0; i < lines.count; i++)
		buf_addf(&text, "%s\n", lines.text[i]);
	free(lines.text);
	if (!ret && (lines.has_failed || text.has_failed))
		ret = err_no_memory(err);
	return ret ? NULL : buf_take(&text);
}
