// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>

#include "cli/packet_text.h"
#include "cli/packet_words.h"

struct token {
	const char *text;
	size_t length;
};

struct parser {
	const char *text;  /* all of it */
	const char *at;	   /* what was not read yet */
	struct token last; /* for messages */
	struct packet_draft draft;
	bool has_sport, has_dport, has_icmp_type;
	unsigned int states;
	struct err *err;
};

static struct token next(struct parser *parser)
{
	parser->at += strspn(parser->at, " \t");

	size_t length = strcspn(parser->at, " \t");
	parser->last = (struct token){ parser->at, length };
	parser->at += length;
	return parser->last;
}

/* "column 9: expected a port from 0 to 65535, not "x"". */
static int fail_at(struct parser *parser, const char *at, size_t length,
		   const char *expected)
{
	size_t column = at - parser->text + 1;

	if (!length)
		return err_input(parser->err,
				 "column %zu: expected %s, but the packet "
				 "ends here",
				 column, expected);
	return err_input(parser->err, "column %zu: expected %s, not \"%.*s\"",
			 column, expected, (int)length, at);
}

static int fail(struct parser *parser, const char *expected)
{
	return fail_at(parser, parser->last.text, parser->last.length,
		       expected);
}

static bool is_word(struct token token, const char *word)
{
	return strlen(word) == token.length &&
	       !strncasecmp(token.text, word, token.length);
}

/* Decimal digits only, at most @max. */
static bool read_number(const char *text, size_t length, uint32_t max,
			uint32_t *out)
{
	uint64_t number = 0;

	if (!length || length > 10)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = 10 * number + (text[i] - '0');
	}
	if (number > max)
		return false;
	*out = number;
	return true;
}

static int next_number(struct parser *parser, uint32_t max,
		       const char *expected, uint32_t *out)
{
	struct token token = next(parser);

	if (!read_number(token.text, token.length, max, out))
		return fail(parser, expected);
	return 0;
}

static int next_byte(struct parser *parser, const char *expected, uint8_t *out)
{
	uint32_t number;
	int result = next_number(parser, UINT8_MAX, expected, &number);

	if (result == 0)
		*out = number;
	return result;
}

static int parse_proto(struct parser *parser)
{
	struct token token = next(parser);
	const struct packet_word *word;

	if (is_word(token, "proto"))
		return next_byte(parser, "a protocol number from 0 to 255",
				 &parser->draft.proto);
	word = packet_words_find(packet_words_proto, token.text, token.length);
	if (!word)
		return fail(parser, "tcp, udp, udplite, sctp, dccp, icmp, "
				    "icmp6 or proto NUMBER");
	parser->draft.proto = word->value;
	return 0;
}

/* Of the @length bytes at @text; the family, or 0. */
static int read_address(const char *text, size_t length, u128 *out)
{
	char copy[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	int family;

	if (length >= sizeof(copy))
		return 0;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (inet_pton(AF_INET, copy, bytes) == 1)
		family = FAMILY_IPV4;
	else if (inet_pton(AF_INET6, copy, bytes) == 1)
		family = FAMILY_IPV6;
	else
		return 0;
	*out = 0;
	for (int i = 0; i < (family == FAMILY_IPV4 ? 4 : 16); i++)
		*out = *out << 8 | bytes[i];
	return family;
}

/* Where the address in @token ends, and where its port begins, or NULL. */
static const char *find_port(struct token *token)
{
	const char *end = token->text + token->length;
	const char *colon = memchr(token->text, ':', token->length);

	if (token->length && token->text[0] == '[') {
		const char *bracket = memchr(token->text, ']', token->length);

		if (!bracket)
			return NULL;
		token->text++;
		token->length = bracket - token->text;
		if (bracket + 1 == end)
			return NULL;
		return bracket[1] == ':' ? bracket + 2 : bracket + 1;
	}
	/* More than one colon is an IPv6 address without a port. */
	if (!colon || memchr(colon + 1, ':', end - colon - 1))
		return NULL;
	token->length = colon - token->text;
	return colon + 1;
}

/* "1.2.3.4", "1.2.3.4:55", "::1", "[::1]:55" */
static int parse_endpoint(struct parser *parser, int *family, u128 *address,
			  uint16_t *port, bool *has_port)
{
	struct token token = next(parser);
	const char *end = token.text + token.length;
	struct token name = token;
	const char *digits = find_port(&name);
	uint32_t number;

	*family = read_address(name.text, name.length, address);
	if (!*family)
		return fail(parser, "an address, like 10.0.0.1, 10.0.0.1:80, "
				    "2001:db8::1 or [2001:db8::1]:80");
	if (!digits)
		return 0;
	if (!packet_draft_has_ports(parser->draft.proto))
		return fail_at(parser, digits - 1, end - digits + 1,
			       "an address without a port: this protocol has "
			       "none");
	if (!read_number(digits, end - digits, UINT16_MAX, &number))
		return fail_at(parser, digits, end - digits,
			       "a port from 0 to 65535");
	*port = number;
	*has_port = true;
	return 0;
}

static int parse_addresses(struct parser *parser)
{
	struct packet_draft *draft = &parser->draft;
	int from, to;
	int result = parse_endpoint(parser, &from, &draft->saddr, &draft->sport,
				    &parser->has_sport);

	if (result < 0)
		return result;
	if (!is_word(next(parser), ">"))
		return fail(parser, "\">\" between source and destination");
	result = parse_endpoint(parser, &to, &draft->daddr, &draft->dport,
				&parser->has_dport);
	if (result < 0)
		return result;
	if (from != to)
		return fail(parser, "a destination of the same family as the "
				    "source");
	draft->family = from;
	return 0;
}

/* frag OFFSET[+] */
static int parse_fragment(struct parser *parser)
{
	struct packet_draft *draft = &parser->draft;
	struct token token = next(parser);
	uint32_t offset;

	if (token.length && token.text[token.length - 1] == '+') {
		draft->has_more = true;
		token.length--;
	}
	if (!read_number(token.text, token.length, UINT16_MAX, &offset) ||
	    offset % 8)
		return fail(parser, "an offset in bytes, a multiple of 8 up "
				    "to 65528, with + when more follow");
	draft->fragment_offset = offset;
	draft->is_fragment =
		draft->family == FAMILY_IPV6 || draft->has_more || offset;
	return 0;
}

static int parse_mac(struct parser *parser)
{
	struct token token = next(parser);
	unsigned int mac[6];
	char copy[18];
	int end = 0;

	if (token.length == sizeof(copy) - 1) {
		memcpy(copy, token.text, token.length);
		copy[token.length] = '\0';
		sscanf(copy, "%2x:%2x:%2x:%2x:%2x:%2x%n", &mac[0], &mac[1],
		       &mac[2], &mac[3], &mac[4], &mac[5], &end);
	}
	if (end != sizeof(copy) - 1)
		return fail(parser, "a source address like 02:00:00:00:00:01");
	for (int i = 0; i < 6; i++)
		parser->draft.smac[i] = mac[i];
	return 0;
}

/* state new[,established]... */
static int parse_state(struct parser *parser)
{
	struct token token = next(parser);
	const char *end = token.text + token.length;
	const char *at = token.text;

	do {
		size_t length = 0;

		while (at + length < end && at[length] != ',')
			length++;

		const struct packet_word *word =
			packet_words_find(packet_words_state, at, length);
		if (!word)
			return fail_at(parser, at, length,
				       "new, established, related, invalid or "
				       "untracked, with commas between them");
		parser->states |= word->value;
		at += length;
	} while (at++ < end);
	return 0;
}

static int parse_length(struct parser *parser)
{
	parser->draft.has_length = true;
	return next_number(parser, UINT16_MAX + 40, "a length in bytes",
			   &parser->draft.length);
}

static int parse_type(struct parser *parser)
{
	if (!packet_draft_is_icmp(&parser->draft))
		return fail(parser, "no type: only ICMP has one");
	parser->has_icmp_type = true;
	return next_byte(parser, "an ICMP type from 0 to 255",
			 &parser->draft.icmp_type);
}

static int parse_code(struct parser *parser)
{
	if (!packet_draft_is_icmp(&parser->draft))
		return fail(parser, "no code: only ICMP has one");
	return next_byte(parser, "an ICMP code from 0 to 255",
			 &parser->draft.icmp_code);
}

static int parse_ttl(struct parser *parser)
{
	return next_byte(parser, "a time to live from 0 to 255",
			 &parser->draft.ttl);
}

static int parse_tos(struct parser *parser)
{
	return next_byte(parser, "a TOS byte from 0 to 255",
			 &parser->draft.tos);
}

static int parse_options(struct parser *parser)
{
	parser->draft.has_options = true;
	return 0;
}

static int parse_broadcast(struct parser *parser)
{
	parser->draft.pkt_type = PACKET_BROADCAST;
	return 0;
}

static int parse_multicast(struct parser *parser)
{
	parser->draft.pkt_type = PACKET_MULTICAST;
	return 0;
}

static const struct {
	const char *name;
	int (*parse)(struct parser *parser);
} words[] = {
	{ "type", parse_type },
	{ "code", parse_code },
	{ "ttl", parse_ttl },
	{ "tos", parse_tos },
	{ "len", parse_length },
	{ "frag", parse_fragment },
	{ "options", parse_options },
	{ "mac", parse_mac },
	{ "broadcast", parse_broadcast },
	{ "multicast", parse_multicast },
	{ "state", parse_state },
};

/* One word behind the addresses. */
static int parse_word(struct parser *parser, struct token token)
{
	struct packet_draft *draft = &parser->draft;
	const struct packet_word *named;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (is_word(token, words[i].name))
			return words[i].parse(parser);

	named = packet_words_find(packet_words_flag, token.text, token.length);
	if (named && draft->proto == IPPROTO_TCP) {
		draft->tcp_flags |= named->value;
		return 0;
	}
	named = packet_words_find(packet_words_icmp(draft->family), token.text,
				  token.length);
	if (named && packet_draft_is_icmp(draft)) {
		draft->icmp_type = named->value;
		parser->has_icmp_type = true;
		return 0;
	}
	return fail(parser,
		    draft->proto == IPPROTO_TCP
			    ? "a flag (syn ack fin rst psh urg ece cwr), "
			      "ttl, tos, len, frag, options, mac, "
			      "broadcast, multicast or state"
		    : packet_draft_is_icmp(draft)
			    ? "a type's name, type, code, ttl, tos, len, "
			      "frag, options, mac, broadcast, multicast "
			      "or state"
			    : "ttl, tos, len, frag, options, mac, "
			      "broadcast, multicast or state");
}

/* What only the whole text tells to be missing. */
static int check(struct parser *parser)
{
	const struct packet_draft *draft = &parser->draft;

	if (!packet_draft_has_transport(draft))
		return 0;
	if (packet_draft_has_ports(draft->proto) &&
	    (!parser->has_sport || !parser->has_dport))
		return err_input(parser->err,
				 "the %s has no port: expected ADDRESS:PORT, "
				 "or [ADDRESS]:PORT for IPv6",
				 parser->has_sport ? "destination" : "source");
	if (packet_draft_is_icmp(draft) && !parser->has_icmp_type)
		return err_input(parser->err,
				 "the packet has no ICMP type: expected "
				 "echo-request, or type NUMBER");
	return 0;
}

int packet_text_parse(const char *text, struct packet_bytes **out,
		      unsigned int *states, struct err *err)
{
	struct parser parser = {
		.text = text,
		.at = text,
		.draft.ttl = PACKET_DRAFT_TTL,
		.err = err,
	};
	int result = parse_proto(&parser);

	if (result == 0)
		result = parse_addresses(&parser);
	while (result == 0) {
		struct token token = next(&parser);

		if (!token.length)
			break;
		result = parse_word(&parser, token);
	}
	if (result == 0)
		result = check(&parser);
	if (result == 0)
		result = packet_draft_build(&parser.draft, out, err);
	if (result < 0)
		return result;
	*states = parser.states ? parser.states : CT_ALL;
	return 0;
}
