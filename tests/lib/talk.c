// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>

#include "tests/lib/talk.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10

uint8_t talk_icmp_answer(enum family family, uint8_t type)
{
	if (family == FAMILY_IPV4 && type == 8)
		return 0;
	return type + 1;
}

struct frame_spec talk_packet(const struct talk *talk, unsigned int from,
			      unsigned int viewer)
{
	const struct end *source = &talk->ends[from];
	const struct end *target = &talk->ends[!from];
	bool is_answer = from != talk->opener;
	uint8_t type = is_answer
			       ? talk_icmp_answer(talk->family, talk->icmp_type)
			       : talk->icmp_type;

	return (struct frame_spec){
		.family = talk->family,
		.pkt_type = PACKET_HOST,
		.saddr = viewer == from ? source->addr : source->seen_as,
		.daddr = viewer == from ? target->seen_as : target->addr,
		.sport = source->port,
		.dport = target->port,
		.proto = talk->proto,
		.icmp = (uint16_t)(type << 8),
		.ttl = 64,
		.tcp_seq = source->next_seq,
		.tcp_ack = target->next_seq,
	};
}

static uint8_t tcp_flag(char letter)
{
	switch (letter) {
	case 'F':
		return TCP_FIN;
	case 'S':
		return TCP_SYN;
	case 'R':
		return TCP_RST;
	case 'A':
		return TCP_ACK;
	}
	assert(!"a letter of a script");
	return 0;
}

int talk_step(struct talk *talk, const char *word, talk_send_fn *fn,
	      void *context, struct err *err)
{
	unsigned int from = *word == '>' ? talk->opener : !talk->opener;
	struct end *end = &talk->ends[from];
	struct frame_spec spec = talk_packet(talk, from, from);

	assert(*word == '>' || *word == '<');
	while (*++word && *word != ' ')
		spec.tcp_flags |= tcp_flag(*word);
	if (!(spec.tcp_flags & TCP_ACK))
		spec.tcp_ack = 0;
	/* Both opened at once: the SYN is sent again, with an ACK. */
	if (spec.tcp_flags == (TCP_SYN | TCP_ACK) && end->has_begun)
		spec.tcp_seq--;
	else
		end->next_seq += !!(spec.tcp_flags & TCP_SYN) +
				 !!(spec.tcp_flags & TCP_FIN);
	if (spec.tcp_flags & TCP_SYN)
		end->has_begun = true;
	return fn(context, from, &spec, err);
}

int talk_say(struct talk *talk, unsigned int from, const char *text,
	     talk_send_fn *fn, void *context, struct err *err)
{
	struct frame_spec spec = talk_packet(talk, from, from);

	spec.tcp_flags = TCP_PSH | TCP_ACK;
	spec.quote = (const uint8_t *)text;
	spec.quote_length = strlen(text);
	talk->ends[from].next_seq += (uint32_t)spec.quote_length;
	return fn(context, from, &spec, err);
}
