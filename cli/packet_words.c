// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <string.h>

#include "cli/packet_words.h"

const struct packet_word packet_words_proto[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "udplite", IPPROTO_UDPLITE },
	{ "sctp", IPPROTO_SCTP },
	{ "dccp", IPPROTO_DCCP },
	{ "icmp", IPPROTO_ICMP },
	{ "icmp6", IPPROTO_ICMPV6 },
	{ "icmpv6", IPPROTO_ICMPV6 },
	{ NULL, 0 },
};

const struct packet_word packet_words_flag[] = {
	{ "fin", 0x01 }, { "syn", 0x02 }, { "rst", 0x04 },
	{ "psh", 0x08 }, { "ack", 0x10 }, { "urg", 0x20 },
	{ "ece", 0x40 }, { "cwr", 0x80 }, { NULL, 0 },
};

const struct packet_word packet_words_state[] = {
	{ "new", CT_NEW },
	{ "established", CT_ESTABLISHED },
	{ "related", CT_RELATED },
	{ "invalid", CT_INVALID },
	{ "untracked", CT_UNTRACKED },
	{ NULL, 0 },
};

static const struct packet_word icmp_types[] = {
	{ "echo-reply", 0 },	       { "destination-unreachable", 3 },
	{ "source-quench", 4 },	       { "redirect", 5 },
	{ "echo-request", 8 },	       { "router-advertisement", 9 },
	{ "router-solicitation", 10 }, { "time-exceeded", 11 },
	{ "parameter-problem", 12 },   { "timestamp-request", 13 },
	{ "timestamp-reply", 14 },     { "address-mask-request", 17 },
	{ "address-mask-reply", 18 },  { NULL, 0 },
};

static const struct packet_word icmp6_types[] = {
	{ "destination-unreachable", 1 },
	{ "packet-too-big", 2 },
	{ "time-exceeded", 3 },
	{ "parameter-problem", 4 },
	{ "echo-request", 128 },
	{ "echo-reply", 129 },
	{ "router-solicitation", 133 },
	{ "router-advertisement", 134 },
	{ "neighbour-solicitation", 135 },
	{ "neighbor-solicitation", 135 },
	{ "neighbour-advertisement", 136 },
	{ "neighbor-advertisement", 136 },
	{ "redirect", 137 },
	{ NULL, 0 },
};

const struct packet_word *packet_words_icmp(enum family family)
{
	return family == FAMILY_IPV4 ? icmp_types : icmp6_types;
}

const struct packet_word *packet_words_find(const struct packet_word *words,
					    const char *name, size_t length)
{
	for (; words->name; words++)
		if (strlen(words->name) == length &&
		    !strncasecmp(words->name, name, length))
			return words;
	return NULL;
}

const char *packet_words_name(const struct packet_word *words,
			      unsigned int value)
{
	for (; words->name; words++)
		if (words->value == value)
			return words->name;
	return NULL;
}
