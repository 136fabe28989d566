// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/if_packet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "cli/packet_text.h"

static struct packet_bytes *parse(const char *text, unsigned int *states)
{
	struct packet_bytes *bytes = NULL;
	struct err err = { 0 };

	if (packet_text_parse(text, &bytes, states, &err))
		fail_msg("%s: %s", text, err.text);
	return bytes;
}

static void assert_bytes(const char *text, const char *hex)
{
	unsigned int states;
	OWN_MEM struct packet_bytes *bytes = parse(text, &states);
	char found[512] = "";

	for (size_t i = 0; i < bytes->packet.length; i++)
		snprintf(found + 2 * i, 3, "%02x", bytes->bytes[i]);
	assert_string_equal(found, hex);
}

static void assert_error(const char *text, const char *sentence)
{
	struct packet_bytes *bytes = NULL;
	unsigned int states = 77;
	struct err err = { 0 };

	assert_int_equal(packet_text_parse(text, &bytes, &states, &err),
			 -EINVAL);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_string_equal(err.text, sentence);
	assert_null(bytes);
	assert_int_equal(states, 77);
}

static void a_tcp_packet_has_the_bytes_of_one(void **state)
{
	(void)state;
	assert_bytes("tcp 1.2.3.4:55 > 5.6.7.8:22 syn",
		     "45000028000000004006000001020304050607080037001600000000"
		     "000000005002000000000000");
}

static void an_ipv6_packet_has_the_bytes_of_one(void **state)
{
	(void)state;
	assert_bytes(
		"udp [2001:db8::1]:53 > [::1]:4000 ttl 3 tos 16 len 50",
		"61000000000a110320010db80000000000000000000000010000000000"
		"000000000000000000000100350fa0000a00000000");
}

static void a_fragment_has_offset_and_flag(void **state)
{
	(void)state;
	assert_bytes("udp 1.2.3.4 > 5.6.7.8 frag 16+",
		     "4500001c0000200240110000010203040506070800000000"
		     "00000000");
	assert_bytes("proto 47 ::1 > ::2 frag 8",
		     "6000000000102c4000000000000000000000000000000001"
		     "00000000000000000000000000000002"
		     "2f000008000000000000000000000000");
}

static void a_short_length_cuts_the_header_off(void **state)
{
	(void)state;
	assert_bytes("tcp 1.2.3.4:1 > 5.6.7.8:2 len 24",
		     "45000018000000004006000001020304050607080001"
		     "0002");
}

static void what_is_printed_is_what_was_written(void **state)
{
	static const char *const texts[] = {
		"tcp 1.2.3.4:55 > 5.6.7.8:22 syn",
		"tcp 1.2.3.4:55 > 5.6.7.8:22 fin syn rst psh ack urg ece cwr",
		"tcp 1.2.3.4:55 > 5.6.7.8:22",
		"udp [2001:db8::1]:53 > [::1]:4000 len 120",
		"udplite 1.2.3.4:0 > 5.6.7.8:65535",
		"sctp 1.2.3.4:1 > 5.6.7.8:2 ttl 1",
		"dccp 1.2.3.4:1 > 5.6.7.8:2 tos 255",
		"icmp 10.0.0.1 > 10.0.0.2 echo-request",
		"icmp 10.0.0.1 > 10.0.0.2 destination-unreachable code 1",
		"icmp 10.0.0.1 > 10.0.0.2 type 77",
		"icmp6 ::1 > ::2 echo-reply",
		"icmp6 1.2.3.4 > 5.6.7.8",
		"proto 47 10.0.0.1 > 10.0.0.2",
		"proto 0 10.0.0.1 > 10.0.0.2 options",
		"udp 1.2.3.4:5 > 5.6.7.8:9 frag 0+",
		"udp 1.2.3.4 > 5.6.7.8 frag 1480",
		"udp ::1 > ::2 frag 1448+",
		"tcp 1.2.3.4:1 > 5.6.7.8:2 len 24",
		"tcp 1.2.3.4:1 > 5.6.7.8:2 options",
		"tcp [::1]:1 > [::2]:2 syn options",
		"udp 1.2.3.4:1 > 5.6.7.8:2 mac 02:00:00:00:00:0a broadcast",
		"udp 1.2.3.4:1 > 224.0.0.1:2 multicast",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		unsigned int states;
		OWN_MEM struct packet_bytes *bytes = parse(texts[i], &states);
		OWN_BUF struct buf buf = BUF_INIT;

		packet_text_print(&buf, &bytes->packet);
		assert_string_equal(buf_text(&buf), texts[i]);
		assert_int_equal(states, CT_ALL);
	}
}

static void states_are_a_list_of_names(void **state)
{
	unsigned int states;

	(void)state;
	free(parse("proto 47 ::1 > ::2 state new,Established", &states));
	assert_int_equal(states, CT_NEW | CT_ESTABLISHED);
}

static void the_link_layer_is_told_too(void **state)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 10 };
	unsigned int states;
	OWN_MEM struct packet_bytes *bytes =
		parse("proto 47 ::1 > ::2 mac 02:00:00:00:00:0a multicast",
		      &states);

	(void)state;
	assert_memory_equal(bytes->packet.smac, mac, 6);
	assert_int_equal(bytes->packet.pkt_type, PACKET_MULTICAST);
	assert_int_equal(bytes->packet.family, FAMILY_IPV6);
}

static void errors_name_column_and_expectation(void **state)
{
	(void)state;
	assert_error("tpc 1.2.3.4:1 > 1.2.3.4:2",
		     "column 1: expected tcp, udp, udplite, sctp, dccp, icmp, "
		     "icmp6 or proto NUMBER, not \"tpc\"");
	assert_error("tcp 1.2.3.4:99999 > 1.2.3.4:2",
		     "column 13: expected a port from 0 to 65535, not "
		     "\"99999\"");
	assert_error("tcp 1.2.3.4:1 1.2.3.4:2",
		     "column 15: expected \">\" between source and "
		     "destination, not \"1.2.3.4:2\"");
	assert_error("tcp 1.2.3.4:1 >",
		     "column 16: expected an address, like 10.0.0.1, "
		     "10.0.0.1:80, 2001:db8::1 or [2001:db8::1]:80, but the "
		     "packet ends here");
	assert_error("tcp 1.2.3.4:1 > [::1]:2",
		     "column 17: expected a destination of the same family "
		     "as the source, not \"[::1]:2\"");
	assert_error("tcp 1.2.3.4 > 1.2.3.4:2",
		     "the source has no port: expected ADDRESS:PORT, or "
		     "[ADDRESS]:PORT for IPv6");
	assert_error("icmp 1.2.3.4:7 > 1.2.3.4",
		     "column 13: expected an address without a port: this "
		     "protocol has none, not \":7\"");
	assert_error("icmp 1.2.3.4 > 1.2.3.4",
		     "the packet has no ICMP type: expected echo-request, or "
		     "type NUMBER");
	assert_error("udp 1.2.3.4:1 > 1.2.3.4:2 frag 7",
		     "column 32: expected an offset in bytes, a multiple of 8 "
		     "up to 65528, with + when more follow, not \"7\"");
	assert_error("udp 1.2.3.4:1 > 1.2.3.4:2 state new,old",
		     "column 37: expected new, established, related, invalid "
		     "or untracked, with commas between them, not \"old\"");
	assert_error("udp 1.2.3.4:1 > 1.2.3.4:2 syn",
		     "column 27: expected ttl, tos, len, frag, options, mac, "
		     "broadcast, multicast or state, not \"syn\"");
	assert_error("udp 1.2.3.4:1 > 1.2.3.4:2 len 19",
		     "len 19: expected 20 to 65535, the bytes from the IP "
		     "header on");
	assert_error("udp 1.2.3.4:1 > 1.2.3.4:2 mac 2:0:0:0:0:1",
		     "column 31: expected a source address like "
		     "02:00:00:00:00:01, not \"2:0:0:0:0:1\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tcp_packet_has_the_bytes_of_one),
		cmocka_unit_test(an_ipv6_packet_has_the_bytes_of_one),
		cmocka_unit_test(a_fragment_has_offset_and_flag),
		cmocka_unit_test(a_short_length_cuts_the_header_off),
		cmocka_unit_test(what_is_printed_is_what_was_written),
		cmocka_unit_test(states_are_a_list_of_names),
		cmocka_unit_test(the_link_layer_is_told_too),
		cmocka_unit_test(errors_name_column_and_expectation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
