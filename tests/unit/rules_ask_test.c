// SPDX-License-Identifier: GPL-2.0-only
/*
 * Matches asked of packets that the differential tests seldom have.
 */
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/ask.h"
#include "rules/read.h"

/* 10.0.0.1:40000 > 192.0.2.1:22, TTL 64; the fragment's offset is at [7]. */
static const uint8_t tcp[] = { 0x45, 0,		  0, 40, 0,    1,    0, 0,
			       64,   IPPROTO_TCP, 0, 0,	 10,   0,    0, 1,
			       192,  0,		  2, 1,	 0x9c, 0x40, 0, 22,
			       0,    0,		  0, 0,	 0,    0,    0, 0,
			       0x50, 0x02,	  0, 0,	 0,    0,    0, 0 };

/* Hop-by-hop options that are cut off. */
static const uint8_t cut_off_ipv6[41] = {
	[0] = 0x60,	    [5] = 1, [6] = IPPROTO_HOPOPTS, [7] = 64,
	[40] = IPPROTO_TCP,
};

static struct situation at(enum backend backend)
{
	return (struct situation){ .backend = backend,
				   .state = CT_NEW,
				   .path = HOOK_FORWARD,
				   .in = "eth0" };
}

/* The answer of the rule's last match. */
static enum answer ask(const char *matches, const struct packet *packet,
		       const struct situation *situation, enum hook hook)
{
	OWN(ruleset) struct ruleset *ruleset = NULL;
	struct question question = { .packet = packet,
				     .situation = situation,
				     .hook = hook,
				     .states = CT_NEW };
	struct err err = { 0 };
	char text[256];

	snprintf(text, sizeof(text),
		 "*filter\n:FORWARD ACCEPT [0:0]\n"
		 "-A FORWARD %s -j DROP\nCOMMIT\n",
		 matches);
	if (read_rules(text, strlen(text), "test", packet->family, &ruleset,
		       NULL, &err))
		fail_msg("%s", err.text);
	packet_transport(packet, situation->backend == BACKEND_NFT,
			 &question.transport);

	const struct rule *rule = &ruleset->tables[0].chains[0].rules[0];
	return ask_match(&question, rule, rule->match_count - 1);
}

static enum answer ask_tcp(const char *matches, enum backend backend,
			   uint8_t fragment, enum hook hook)
{
	const struct situation situation = at(backend);
	uint8_t bytes[sizeof(tcp)];
	const struct packet packet = { .family = FAMILY_IPV4,
				       .data = bytes,
				       .length = sizeof(bytes),
				       .pkt_type = PACKET_HOST };

	memcpy(bytes, tcp, sizeof(bytes));
	bytes[7] = fragment;
	return ask(matches, &packet, &situation, hook);
}

static void forward_sees_one_less_of_the_ttl(void **state)
{
	const char *rule = "-m ttl --ttl-eq 64";

	(void)state;
	assert_int_equal(ask_tcp(rule, BACKEND_LEGACY, 0, HOOK_INPUT),
			 ANSWER_YES);
	assert_int_equal(ask_tcp(rule, BACKEND_LEGACY, 0, HOOK_FORWARD),
			 ANSWER_NO);
}

static void a_fragment_that_would_overwrite_flags_is_dropped(void **state)
{
	const char *rule = "-p tcp -m tcp";

	(void)state;
	assert_int_equal(ask_tcp(rule, BACKEND_LEGACY, 0, HOOK_FORWARD),
			 ANSWER_YES);
	assert_int_equal(ask_tcp(rule, BACKEND_LEGACY, 1, HOOK_FORWARD),
			 ANSWER_HOTDROP);
	assert_int_equal(ask_tcp(rule, BACKEND_LEGACY, 2, HOOK_FORWARD),
			 ANSWER_NO);
}

static void ports_of_a_later_fragment_are_unknown_to_nft(void **state)
{
	const char *rule = "-p tcp -m tcp --dport 22";

	(void)state;
	assert_int_equal(ask_tcp(rule, BACKEND_NFT, 0, HOOK_FORWARD),
			 ANSWER_YES);
	assert_int_equal(ask_tcp(rule, BACKEND_NFT, 2, HOOK_FORWARD),
			 ANSWER_UNKNOWN);
}

static void an_unparsable_ipv6_packet_is_dropped_by_legacy_only(void **state)
{
	const struct packet packet = { .family = FAMILY_IPV6,
				       .data = cut_off_ipv6,
				       .length = sizeof(cut_off_ipv6),
				       .pkt_type = PACKET_HOST };
	const struct situation legacy = at(BACKEND_LEGACY);
	const struct situation nft = at(BACKEND_NFT);

	(void)state;
	assert_int_equal(ask("-p tcp", &packet, &legacy, HOOK_FORWARD),
			 ANSWER_HOTDROP);
	assert_int_equal(ask("-p tcp", &packet, &nft, HOOK_FORWARD), ANSWER_NO);
}

static void the_interface_out_is_unknown_until_it_is_told(void **state)
{
	const struct packet packet = { .family = FAMILY_IPV4,
				       .data = tcp,
				       .length = sizeof(tcp) };
	struct situation situation = at(BACKEND_LEGACY);

	(void)state;
	assert_int_equal(ask("-o eth1", &packet, &situation, HOOK_FORWARD),
			 ANSWER_UNKNOWN);
	situation.out = "eth1";
	assert_int_equal(ask("-o eth1", &packet, &situation, HOOK_FORWARD),
			 ANSWER_YES);
	situation.out = "eth10";
	assert_int_equal(ask("-o eth1", &packet, &situation, HOOK_FORWARD),
			 ANSWER_NO);
	assert_int_equal(ask("-o eth1+", &packet, &situation, HOOK_FORWARD),
			 ANSWER_YES);
}

/* The header with its options, of which @length bytes say @options. */
static enum answer ask_mss(const char *matches, const char *options,
			   size_t length)
{
	const struct situation situation = at(BACKEND_LEGACY);
	uint8_t bytes[sizeof(tcp) + 40];
	const struct packet packet = { .family = FAMILY_IPV4,
				       .data = bytes,
				       .length = sizeof(tcp) + length,
				       .pkt_type = PACKET_HOST };
	char rule[128];

	memcpy(bytes, tcp, sizeof(tcp));
	memcpy(bytes + sizeof(tcp), options, length);
	bytes[3] = (uint8_t)packet.length;
	bytes[32] = (uint8_t)((5 + (length + 3) / 4) << 4);
	snprintf(rule, sizeof(rule), "-p tcp -m tcpmss %s", matches);
	return ask(rule, &packet, &situation, HOOK_FORWARD);
}

static void the_segment_size_is_that_of_the_first_whole_option(void **state)
{
	static const char plain[] = "\2\4\5\xb4"; /* 1460 */
	static const char behind[] = "\1\3\3\7\2\4\5\xb4";
	static const char ended[] = "\0\0\0\0\2\4\5\xb4";
	static const char wrong[] = "\2\3\5\2\4\5\xb4\0";
	static const char cut[] = "\1\1\1\1\1\2\4\5";

	(void)state;
	assert_int_equal(ask_mss("--mss 1460", plain, 4), ANSWER_YES);
	assert_int_equal(ask_mss("! --mss 536:65535", plain, 4), ANSWER_NO);
	assert_int_equal(ask_mss("--mss 536:1459", plain, 4), ANSWER_NO);
	assert_int_equal(ask_mss("--mss 1460", behind, 8), ANSWER_YES);
	/* The kernel goes on behind the end of the list. */
	assert_int_equal(ask_mss("--mss 1460", ended, 8), ANSWER_YES);
	assert_int_equal(ask_mss("--mss 1460", wrong, 8), ANSWER_YES);
	assert_int_equal(ask_mss("--mss 0:65535", cut, 8), ANSWER_NO);
	assert_int_equal(ask_mss("! --mss 0:65535", cut, 8), ANSWER_YES);
	assert_int_equal(ask_mss("--mss 0:65535", "", 0), ANSWER_NO);
	/* What the header's length promises is not there. */
	assert_int_equal(ask_mss("--mss 1460", plain, 3), ANSWER_HOTDROP);
}

/* A routing header of type 0, all its addresses visited, before TCP. */
static const uint8_t routed_ipv6[68] = {
	[0] = 0x60, [5] = 28,		[6] = IPPROTO_ROUTING,
	[7] = 64,   [40] = IPPROTO_TCP,
};

static void what_has_no_extension_header_matches_none(void **state)
{
	const struct situation situation = at(BACKEND_LEGACY);
	uint8_t bytes[sizeof(routed_ipv6)];
	const struct packet packet = { .family = FAMILY_IPV6,
				       .data = bytes,
				       .length = sizeof(bytes),
				       .pkt_type = PACKET_HOST };

	(void)state;
	memcpy(bytes, routed_ipv6, sizeof(bytes));
	assert_int_equal(ask("-m rt", &packet, &situation, HOOK_FORWARD),
			 ANSWER_UNKNOWN);
	bytes[6] = IPPROTO_TCP;
	assert_int_equal(ask("-m rt", &packet, &situation, HOOK_FORWARD),
			 ANSWER_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forward_sees_one_less_of_the_ttl),
		cmocka_unit_test(
			a_fragment_that_would_overwrite_flags_is_dropped),
		cmocka_unit_test(ports_of_a_later_fragment_are_unknown_to_nft),
		cmocka_unit_test(
			an_unparsable_ipv6_packet_is_dropped_by_legacy_only),
		cmocka_unit_test(the_interface_out_is_unknown_until_it_is_told),
		cmocka_unit_test(what_has_no_extension_header_matches_none),
		cmocka_unit_test(
			the_segment_size_is_that_of_the_first_whole_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
