// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "tests/lib/scene.h"

#define LOOSE_LENGTH 1000000

static const char ftp_setup[] =
	"$T -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp";
static const char tftp_setup[] =
	"$T -t raw -A PREROUTING -p udp --dport 69 -j CT --helper tftp";

static const struct scene scenes[] = {
	{ .name = "plain", .must_reach = true },
	{
		.name = "liberal",
		.setup =
			"sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=1"
			" net.netfilter.nf_conntrack_tcp_ignore_invalid_rst=1",
	},
	{
		.name = "strict",
		.setup = "sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0",
	},
	{
		.name = "masquerade",
		.setup = "$T -t nat -A POSTROUTING -o eth1 -j MASQUERADE",
		.client_seen_as = "10.2.0.1",
		.client_seen_as6 = "fd00:2::1",
	},
	{
		.name = "dnat",
		.setup = "$T -t nat -A PREROUTING -d $PUBLIC -j DNAT --to "
			 "$SERVER",
		.server_seen_as = "203.0.113.5",
		.server_seen_as6 = "fd00:9::5",
	},
	{
		/* The nat table is there, and has nothing to say. */
		.name = "untranslated",
		.setup = "$T -t nat -A PREROUTING -d $PUBLIC -j DNAT --to "
			 "$SERVER",
		.must_reach = true,
	},
	{
		.name = "notrack",
		.setup = "$T -t raw -A PREROUTING -j CT --notrack",
	},
	{
		.name = "zone",
		.setup = "$T -t raw -A PREROUTING -j CT --zone 7",
		.zone = { .id = 7, .dir = WIRE_ZONE_BOTH },
		.must_reach = true,
	},
	{
		.name = "zone-orig",
		.setup = "$T -t raw -A PREROUTING -i eth0 -j CT --zone-orig 7",
		.zone = { .id = 7, .dir = 1 },
	},
	{
		.name = "timeout",
		.setup = "sysctl -a 2>/dev/null -r 'nf_conntrack.*_timeout' | "
			 "sed 's/ = .*/=1/' | xargs sysctl -qw",
		.pause = 3,
	},
	{
		.name = "ftp",
		.setup = ftp_setup,
		.helped = IPPROTO_TCP,
		.is_announced_before = true,
		.must_reach = true,
	},
	{
		.name = "ftp-later",
		.setup = ftp_setup,
		.helped = IPPROTO_TCP,
		.is_announced_after = true,
		.must_reach = true,
	},
	{
		.name = "ftp-again",
		.setup = ftp_setup,
		.helped = IPPROTO_TCP,
		.is_announced_before = true,
		.is_announced_after = true,
		.must_reach = true,
	},
	{
		.name = "tftp",
		.setup = tftp_setup,
		.helped = IPPROTO_UDP,
		.is_announced_before = true,
		.must_reach = true,
	},
	{
		.name = "tftp-later",
		.setup = tftp_setup,
		.helped = IPPROTO_UDP,
		.is_announced_after = true,
		.must_reach = true,
	},
	{
		.name = "tftp-again",
		.setup = tftp_setup,
		.helped = IPPROTO_UDP,
		.is_announced_before = true,
		.is_announced_after = true,
		.must_reach = true,
	},
};

const struct scene *scene_at(size_t index)
{
	return index < ARRAY_SIZE(scenes) ? &scenes[index] : NULL;
}

const struct scene *scene_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++)
		if (!strcmp(scenes[i].name, name))
			return &scenes[i];
	return NULL;
}

static const struct act acts[] = {
	{ IPPROTO_TCP, "", TCP_STATE_NONE },
	{ IPPROTO_TCP, ">S", TCP_STATE_SYN_SENT },
	{ IPPROTO_TCP, ">S <SA", TCP_STATE_SYN_RECV },
	{ IPPROTO_TCP, ">S <SA >A", TCP_STATE_ESTABLISHED },
	{ IPPROTO_TCP, ">S <SA >A >FA", TCP_STATE_FIN_WAIT },
	{ IPPROTO_TCP, ">S <SA >A <FA", TCP_STATE_FIN_WAIT },
	{ IPPROTO_TCP, ">S <SA >A >FA <A", TCP_STATE_CLOSE_WAIT },
	{ IPPROTO_TCP, ">S <SA >A <FA >A", TCP_STATE_CLOSE_WAIT },
	{ IPPROTO_TCP, ">S <SA >A >FA <FA", TCP_STATE_LAST_ACK },
	{ IPPROTO_TCP, ">S <SA >A <FA >FA", TCP_STATE_LAST_ACK },
	{ IPPROTO_TCP, ">S <SA >A >FA <FA >A", TCP_STATE_TIME_WAIT },
	{ IPPROTO_TCP, ">S <SA >A <FA >A >FA <A", TCP_STATE_TIME_WAIT },
	{ IPPROTO_TCP, ">S <SA >A >RA", TCP_STATE_CLOSE },
	{ IPPROTO_TCP, ">S <SA >A <RA", TCP_STATE_CLOSE },
	{ IPPROTO_TCP, ">S <SA >R", TCP_STATE_CLOSE },
	{ IPPROTO_TCP, ">S <S", TCP_STATE_SYN_SENT2 },
	/* Both open at once. */
	{ IPPROTO_TCP, ">S <S >SA", TCP_STATE_SYN_RECV },
	{ IPPROTO_TCP, ">S <S >SA <SA >A", TCP_STATE_ESTABLISHED },
	/* Refused, answered wrongly, asked again. */
	{ IPPROTO_TCP, ">S <RA", TCP_STATE_NONE },
	{ IPPROTO_TCP, ">S <A", TCP_STATE_SYN_SENT },
	{ IPPROTO_TCP, ">S >S", TCP_STATE_SYN_SENT },
	/* Reopened after its end. */
	{ IPPROTO_TCP, ">S <SA >A >FA <FA >A >S", TCP_STATE_SYN_SENT },
	{ IPPROTO_TCP, ">S <SA >A >FA <FA >A <S", TCP_STATE_SYN_SENT },
	{ IPPROTO_UDP, "", TCP_STATE_NONE },
	{ IPPROTO_UDP, ">", TCP_STATE_NONE },
	{ IPPROTO_UDP, "> >", TCP_STATE_NONE },
	{ IPPROTO_UDP, "> <", TCP_STATE_NONE },
	{ IPPROTO_UDP, "> < > <", TCP_STATE_NONE },
	{ IPPROTO_ICMP, "", TCP_STATE_NONE },
	{ IPPROTO_ICMP, ">", TCP_STATE_NONE },
	{ IPPROTO_ICMP, "> <", TCP_STATE_NONE },
};

static const uint8_t requests4[] = { 8, 13, 15, 17 };
static const uint8_t requests6[] = { 128, 139 };
static const uint8_t errors4[] = { 3, 4, 5, 11, 12 };
static const uint8_t errors6[] = { 1, 2, 3, 4, 100, 127, 137 };

/* One act, and who gets its lines. */
struct play {
	enum family family;
	const struct act *act;
	uint8_t icmp_request;
	scene_fn *fn;
	void *context;
};

static void say(const struct play *play, const struct line *line)
{
	play->fn(play->context, play->act, play->icmp_request, line);
}

/* All that the flags FIN SYN RST PSH ACK URG can say. */
static void play_tcp(const struct play *play, uint8_t from)
{
	static const int32_t offsets[] = { 0, -LOOSE_LENGTH, LOOSE_LENGTH };
	struct line line = { .kind = LINE_TCP, .from = from };

	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		line.seq_off = offsets[i];
		for (unsigned int flags = 0; flags < 64; flags++) {
			line.tcp_flags = (uint8_t)flags;
			say(play, &line);
		}
	}
	line = (struct line){ .kind = LINE_TCP,
			      .from = from,
			      .tcp_flags = 2,
			      .has_bad_checksum = true };
	say(play, &line);
}

static void play_udp(const struct play *play, uint8_t from)
{
	struct line line = { .kind = LINE_UDP, .from = from };

	say(play, &line);
	line.has_bad_checksum = true;
	say(play, &line);
}

static void play_icmp(const struct play *play, uint8_t from)
{
	struct line line = { .kind = LINE_ICMP, .from = from };

	for (unsigned int type = 0; type < 256; type++) {
		line.icmp_type = (uint8_t)type;
		say(play, &line);
	}
}

static void play_errors(const struct play *play, uint8_t from)
{
	bool is_ipv4 = play->family == FAMILY_IPV4;
	const uint8_t *types = is_ipv4 ? errors4 : errors6;
	size_t count = is_ipv4 ? ARRAY_SIZE(errors4) : ARRAY_SIZE(errors6);
	struct line line = { .kind = LINE_ERROR, .from = from };

	for (size_t i = 0; i < count * 2; i++) {
		line.icmp_type = types[i / 2];
		line.about = i % 2;
		say(play, &line);
	}
}

static void play_act(const struct play *play)
{
	for (uint8_t from = TALK_CLIENT; from <= TALK_SERVER; from++) {
		if (play->act->proto == IPPROTO_TCP)
			play_tcp(play, from);
		else if (play->act->proto == IPPROTO_UDP)
			play_udp(play, from);
		else
			play_icmp(play, from);
		play_errors(play, from);
	}
}

void scene_play(const struct scene *scene, enum family family, scene_fn *fn,
		void *context)
{
	bool is_ipv4 = family == FAMILY_IPV4;
	const uint8_t *requests = is_ipv4 ? requests4 : requests6;
	size_t count = is_ipv4 ? ARRAY_SIZE(requests4) : ARRAY_SIZE(requests6);

	for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
		bool is_icmp = acts[i].proto == IPPROTO_ICMP;
		struct play play = { .family = family,
				     .act = &acts[i],
				     .fn = fn,
				     .context = context };

		if (scene->helped && scene->helped != acts[i].proto)
			continue;
		for (size_t r = 0; r < (is_icmp ? count : 1); r++) {
			play.icmp_request = is_icmp ? requests[r] : 0;
			play_act(&play);
		}
	}
}

const char *scene_line_text(const struct line *line, char text[128])
{
	const char *from = line->from == TALK_CLIENT ? "client" : "server";

	switch (line->kind) {
	case LINE_TCP:
		snprintf(text, 128,
			 "tcp of the %s, flags %#04x, sequence %+d%s", from,
			 line->tcp_flags, line->seq_off,
			 line->has_bad_checksum ? ", bad checksum" : "");
		break;
	case LINE_UDP:
		snprintf(text, 128, "udp of the %s%s", from,
			 line->has_bad_checksum ? ", bad checksum" : "");
		break;
	case LINE_ICMP:
		snprintf(text, 128, "icmp type %u of the %s", line->icmp_type,
			 from);
		break;
	case LINE_ERROR:
		snprintf(text, 128,
			 "icmp error %u of the %s about a packet of the %s",
			 line->icmp_type, from,
			 line->about == TALK_CLIENT ? "client" : "server");
		break;
	}
	return text;
}
