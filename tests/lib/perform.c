// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "tests/lib/perform.h"
#include "base/random.h"
#include "tests/lib/topology.h"

#define FTP_PORT   21
#define TFTP_PORT  69
#define SERVICE	   20
#define FIRST_PORT 1024

#define TCP_ACK		0x10
#define ICMPV6_REDIRECT 137

bool perform_is_control(uint16_t dport)
{
	return dport == FTP_PORT || dport == TFTP_PORT;
}

static struct end make_end(u128 addr, const char *seen_as, uint16_t port,
			   uint64_t seq)
{
	return (struct end){
		.addr = addr,
		.seen_as = seen_as ? theatre_addr(seen_as) : addr,
		.port = port,
		.next_seq = (uint32_t)seq,
	};
}

void perform_begin(const struct scene *scene, enum family family, uint64_t seed,
		   size_t index, struct part *part)
{
	bool is_ipv4 = family == FAMILY_IPV4;
	struct random rnd = random_make(seed, index);
	struct talk *talk = &part->talk;

	*talk = (struct talk){
		.family = family,
		.proto = part->act->proto,
		.icmp_type = part->icmp_request,
		.opener = scene->helped ? TALK_SERVER : TALK_CLIENT,
	};
	if (talk->proto == IPPROTO_ICMP && !is_ipv4)
		talk->proto = IPPROTO_ICMPV6;
	talk->ends[TALK_CLIENT] =
		make_end(theatre_client(family, index),
			 is_ipv4 ? scene->client_seen_as
				 : scene->client_seen_as6,
			 (uint16_t)(FIRST_PORT + index), random_next(&rnd));
	talk->ends[TALK_SERVER] = make_end(theatre_server(family),
					   is_ipv4 ? scene->server_seen_as
						   : scene->server_seen_as6,
					   SERVICE, random_next(&rnd));
}

static int play_script(struct theatre *theatre, struct talk *talk,
		       const char *script, struct err *err)
{
	int ret = 0;

	while (*script && !ret) {
		ret = talk_step(talk, script, theatre_send_spec, theatre, err);
		script += strcspn(script, " ");
		script += strspn(script, " ");
	}
	return ret;
}

/* The conversation that announces the other one, up to there. */
static int open_control(struct theatre *theatre, struct talk *control,
			struct err *err)
{
	int ret;

	control->opener = TALK_CLIENT;
	if (control->proto == IPPROTO_UDP) {
		control->ends[TALK_SERVER].port = TFTP_PORT;
		return 0;
	}
	control->ends[TALK_SERVER].port = FTP_PORT;
	ret = play_script(theatre, control, ">S <SA >A", err);
	if (!ret)
		ret = talk_say(control, TALK_CLIENT, "USER x\r\n",
			       theatre_send_spec, theatre, err);
	return ret;
}

/* TFTP: a read request; the answer comes from another port. */
static int request_file(struct theatre *theatre, const struct talk *control,
			struct err *err)
{
	static const uint8_t request[] = "\0\1file\0octet";
	struct frame_spec spec = talk_packet(control, TALK_CLIENT, TALK_CLIENT);

	spec.quote = request;
	spec.quote_length = sizeof(request);
	return theatre_send_spec(theatre, TALK_CLIENT, &spec, err);
}

/* FTP: where the client waits for the server's connection. */
static int announce_port(struct theatre *theatre, struct talk *control,
			 struct err *err)
{
	const struct end *client = &control->ends[TALK_CLIENT];
	char text[64], line[128];

	topology_addr_text(control->family, client->addr, text);
	if (control->family == FAMILY_IPV4) {
		for (char *dot = text; (dot = strchr(dot, '.'));)
			*dot = ',';
		snprintf(line, sizeof(line), "PORT %s,%d,%d\r\n", text,
			 client->port >> 8, client->port & 0xff);
	} else {
		snprintf(line, sizeof(line), "EPRT |2|%s|%u|\r\n", text,
			 client->port);
	}
	return talk_say(control, TALK_CLIENT, line, theatre_send_spec, theatre,
			err);
}

static int announce(struct theatre *theatre, struct talk *control,
		    struct err *err)
{
	return control->proto == IPPROTO_UDP
		       ? request_file(theatre, control, err)
		       : announce_port(theatre, control, err);
}

int perform_act(struct theatre *theatre, const struct scene *scene,
		struct part *part, struct err *err)
{
	struct talk control = part->talk;
	int ret = 0;

	if (scene->helped)
		ret = open_control(theatre, &control, err);
	if (!ret && scene->is_announced_before)
		ret = announce(theatre, &control, err);
	if (!ret)
		ret = play_script(theatre, &part->talk, part->act->script, err);
	if (!ret && scene->is_announced_after)
		ret = announce(theatre, &control, err);
	return ret;
}

/* What an error quotes, behind the eight bytes of its header. */
static size_t write_quote(const struct talk *talk, const struct line *line,
			  uint8_t quote[FRAME_MAX])
{
	struct frame_spec about = talk_packet(talk, line->about, line->from);
	uint8_t frame[FRAME_MAX];
	const uint8_t *network = frame + FRAME_ETH_LEN;
	size_t length;

	about.tcp_flags = TCP_ACK;
	length = frame_write(&about, frame) - FRAME_ETH_LEN;
	memset(quote, 0, FRAME_MAX);
	if (talk->family == FAMILY_IPV4 || line->icmp_type != ICMPV6_REDIRECT) {
		memcpy(quote, network, length);
		return length;
	}
	/* Target, destination, an option with the packet (RFC 4861, 4.5). */
	memcpy(quote, network + 24, 16);
	memcpy(quote + 16, network + 24, 16);
	quote[32] = 4;
	quote[33] = (uint8_t)((length + 8 + 7) / 8);
	memcpy(quote + 40, network, length);
	return 32 + quote[33] * 8u;
}

size_t perform_line(const struct part *part, uint32_t id,
		    uint8_t frame[FRAME_MAX])
{
	const struct line *line = &part->line;
	struct frame_spec spec =
		talk_packet(&part->talk, line->from, line->from);
	uint8_t quote[FRAME_MAX];

	spec.id = id;
	spec.has_bad_checksum = line->has_bad_checksum;
	switch (line->kind) {
	case LINE_TCP:
		spec.tcp_flags = line->tcp_flags;
		spec.tcp_seq += (uint32_t)line->seq_off;
		if (!(spec.tcp_flags & TCP_ACK))
			spec.tcp_ack = 0;
		break;
	case LINE_UDP:
		break;
	case LINE_ERROR:
		spec.proto = spec.family == FAMILY_IPV4 ? IPPROTO_ICMP
							: IPPROTO_ICMPV6;
		spec.ttl = 255; /* a redirect comes from a neighbour */
		spec.quote = quote;
		spec.quote_length = write_quote(&part->talk, line, quote);
		spec.icmp = (uint16_t)(line->icmp_type << 8);
		break;
	case LINE_ICMP:
		spec.icmp = (uint16_t)(line->icmp_type << 8);
		break;
	}
	return theatre_write(line->from, &spec, frame);
}
