// SPDX-License-Identifier: GPL-2.0-only
/* rules/values.c, rules/address.c and rules/ports.c: words as values. */
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/address.h"
#include "rules/ports.h"
#include "rules/values.h"

static struct err err;

#define U128(high, low) ((u128)(high) << 64 | (low))
#define V6_ALL		(~(u128)0)

static void assert_addr(const char *text, enum family family, u128 addr,
			u128 mask, const char *spelled)
{
	struct addr_mask value;
	char out[ADDRESS_TEXT_MAX];

	assert_int_equal(address_read_mask(text, family, &value, &err), 0);
	assert_true(value.addr == addr);
	assert_true(value.mask == mask);
	address_spell(text, family, &value, out);
	assert_string_equal(out, spelled);
}

static void ipv4_addresses_have_lengths_masks_or_neither(void **state)
{
	(void)state;
	assert_addr("10.1.2.3", FAMILY_IPV4, 0x0a010203, 0xffffffff,
		    "10.1.2.3/32");
	assert_addr("10.1.2.3/16", FAMILY_IPV4, 0x0a010000, 0xffff0000,
		    "10.1.0.0/16");
	assert_addr("10.0.0.0/255.0.0.0", FAMILY_IPV4, 0x0a000000, 0xff000000,
		    "10.0.0.0/255.0.0.0");
	assert_addr("10.1.2.3/255.0.255.0", FAMILY_IPV4, 0x0a000200, 0xff00ff00,
		    "10.0.2.0/255.0.255.0");
	assert_addr("0.0.0.0/0", FAMILY_IPV4, 0, 0, "0.0.0.0/0");
	assert_addr("10", FAMILY_IPV4, 0x0a000000, 0xffffffff, "10.0.0.0/32");
	assert_addr("10.1/16", FAMILY_IPV4, 0x0a010000, 0xffff0000,
		    "10.1.0.0/16");
}

static void ipv6_addresses_keep_their_spelling(void **state)
{
	u128 net = U128(0x20010db800000000, 0);

	(void)state;
	assert_addr("2001:db8::1", FAMILY_IPV6, net | 1, V6_ALL,
		    "2001:db8::1/128");
	assert_addr("2001:db8:0:0::/64", FAMILY_IPV6, net, U128(UINT64_MAX, 0),
		    "2001:db8:0:0::/64");
	assert_addr("2001:db8::1/ffff:ffff::", FAMILY_IPV6, net,
		    U128(0xffffffff00000000, 0), "2001:db8::/ffff:ffff::");
	assert_addr("::/0", FAMILY_IPV6, 0, 0, "::/0");
}

static void what_is_no_address_is_an_error(void **state)
{
	static const char *const wrong[] = {
		"010.0.0.1",	 "10.0.0.08",  "10.0.0.0/08", "",
		"10.0.0.256",	 "1.2.3.4.5",  "1.2.3.4/33",  "1.2.3.4/",
		"1.2.3.4/255.0", "1..2",       "1.2.3.4/-1",  "host",
		"1.2.3.",	 "0001.2.3.4",
	};
	struct addr_mask value;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(address_read_mask(wrong[i], FAMILY_IPV4,
						   &value, &err),
				 -EINVAL);
	assert_int_equal(address_read_mask("fe80::1/129", FAMILY_IPV6, &value,
					   &err),
			 -EINVAL);
}

static void an_address_of_the_other_family_is_called_so(void **state)
{
	struct addr_mask value;

	(void)state;
	address_read_mask("fe80::1", FAMILY_IPV4, &value, &err);
	assert_non_null(strstr(err.text, "is an IPv6 address"));
	address_read_mask("1.2.3.4", FAMILY_IPV6, &value, &err);
	assert_non_null(strstr(err.text, "is an IPv4 address"));
}

static void a_range_of_addresses_may_be_one(void **state)
{
	struct addr_range range;

	(void)state;
	assert_int_equal(address_read_range("10.0.0.1-10.0.0.9", FAMILY_IPV4,
					    &range, &err),
			 0);
	assert_true(range.min == 0x0a000001 && range.max == 0x0a000009);
	assert_int_equal(address_read_range("fe80::1", FAMILY_IPV6, &range,
					    &err),
			 0);
	assert_true(range.min == range.max);
	assert_int_equal(address_read_range("10.0.0.1-", FAMILY_IPV4, &range,
					    &err),
			 -EINVAL);
}

static void assert_ports(const char *text, uint16_t min, uint16_t max)
{
	struct port_list list;

	assert_int_equal(ports_read_range(text, IPPROTO_TCP, &list, &err), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.ranges[0].min, min);
	assert_int_equal(list.ranges[0].max, max);
}

static void port_ranges_may_be_open_and_named(void **state)
{
	struct port_list list;

	(void)state;
	assert_ports("22", 22, 22);
	assert_ports("0x16", 22, 22);
	assert_ports("022", 18, 18);
	assert_ports("ssh", 22, 22);
	assert_ports("ssh:telnet", 22, 23);
	assert_ports(":1024", 0, 1024);
	assert_ports("1024:", 1024, 65535);
	assert_ports(":", 0, 65535);
	assert_int_equal(ports_read_range("20:10", 0, &list, &err), -EINVAL);
	assert_int_equal(ports_read_range("65536", 0, &list, &err), -EINVAL);
	assert_int_equal(ports_read_range("", 0, &list, &err), -EINVAL);
	assert_int_equal(ports_read_range("-1", 0, &list, &err), -EINVAL);
}

static void a_list_holds_fifteen_ports_and_a_range_is_two(void **state)
{
	struct port_list list;

	(void)state;
	assert_int_equal(ports_read_list("80,443:445,http", 0, &list, &err), 0);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.ranges[1].max, 445);
	assert_int_equal(ports_read_list("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15",
					 0, &list, &err),
			 0);
	assert_int_equal(
		ports_read_list("1,2,3,4,5,6,7,8,9,10,11,12,13,14:15,16", 0,
				&list, &err),
		-EINVAL);
	assert_int_equal(ports_read_list("1,,2", 0, &list, &err), -EINVAL);
}

static void spans_are_inclusive_and_may_be_open(void **state)
{
	struct span span;

	(void)state;
	assert_int_equal(values_span("100", 65535, "x", &span, &err), 0);
	assert_true(span.min == 100 && span.max == 100);
	assert_int_equal(values_span(":7", 65535, "x", &span, &err), 0);
	assert_true(span.min == 0 && span.max == 7);
	assert_int_equal(values_span("7:", 65535, "x", &span, &err), 0);
	assert_true(span.min == 7 && span.max == 65535);
	assert_int_equal(values_span("70000", 65535, "x", &span, &err),
			 -EINVAL);
	assert_int_equal(values_span("", 65535, "x", &span, &err), -EINVAL);
}

static void interfaces_are_short_and_plus_makes_a_prefix(void **state)
{
	struct iface_pattern iface;

	(void)state;
	assert_int_equal(values_iface("eth+", &iface, &err), 0);
	assert_string_equal(iface.name, "eth");
	assert_true(iface.is_prefix);
	assert_int_equal(values_iface("eth0:1", &iface, &err), 0);
	assert_false(iface.is_prefix);
	assert_int_equal(values_iface("abcdefghijklmno", &iface, &err), 0);
	assert_int_equal(values_iface("abcdefghijklmnop", &iface, &err),
			 -EINVAL);
	assert_int_equal(values_iface("", &iface, &err), -EINVAL);
}

static void protocols_are_numbers_or_names(void **state)
{
	uint8_t proto;

	(void)state;
	assert_int_equal(values_proto("udplite", &proto, &err), 0);
	assert_int_equal(proto, 136);
	assert_int_equal(values_proto("all", &proto, &err), 0);
	assert_int_equal(proto, 0);
	assert_int_equal(values_proto("47", &proto, &err), 0);
	assert_int_equal(proto, 47);
	assert_int_equal(values_proto("256", &proto, &err), -EINVAL);
	assert_int_equal(values_proto("nonsense", &proto, &err), -EINVAL);
}

static void mac_addresses_have_six_times_two_digits(void **state)
{
	uint8_t mac[6];

	(void)state;
	assert_int_equal(values_mac("00:11:aA:ff:0:55", mac, &err), -EINVAL);
	assert_int_equal(values_mac("00:11:aA:ff:00:55", mac, &err), 0);
	assert_int_equal(mac[2], 0xaa);
	assert_int_equal(values_mac("00:11:22:33:44:55:66", mac, &err),
			 -EINVAL);
	assert_int_equal(values_mac("00:11:22:33:44", mac, &err), -EINVAL);
}

static void tcp_flags_are_lists_with_all_and_none(void **state)
{
	uint8_t flags;

	(void)state;
	assert_int_equal(values_tcp_flags("FIN,syn,RST,ACK", &flags, &err), 0);
	assert_int_equal(flags, 0x17);
	assert_int_equal(values_tcp_flags("ALL", &flags, &err), 0);
	assert_int_equal(flags, 0x3f);
	assert_int_equal(values_tcp_flags("NONE", &flags, &err), 0);
	assert_int_equal(flags, 0);
	assert_int_equal(values_tcp_flags("SYN,", &flags, &err), -EINVAL);
}

static void assert_icmp(const char *text, enum family family, int type,
			int code_min, int code_max)
{
	struct icmp_type icmp;

	assert_int_equal(values_icmp_type(text, family, &icmp, &err), 0);
	assert_int_equal(icmp.type, type);
	assert_int_equal(icmp.code_min, code_min);
	assert_int_equal(icmp.code_max, code_max);
	assert_int_equal(icmp.is_any, family == FAMILY_IPV4 && type == 255);
}

static void icmp_types_are_numbers_codes_or_names(void **state)
{
	struct icmp_type icmp;

	(void)state;
	assert_icmp("8", FAMILY_IPV4, 8, 0, 255);
	assert_icmp("3/4", FAMILY_IPV4, 3, 4, 4);
	assert_icmp("fragmentation-needed", FAMILY_IPV4, 3, 4, 4);
	assert_icmp("PING", FAMILY_IPV4, 8, 0, 255);
	assert_icmp("echo-req", FAMILY_IPV4, 8, 0, 255);
	assert_icmp("any", FAMILY_IPV4, 255, 0, 255);
	assert_icmp("255", FAMILY_IPV4, 255, 0, 255);
	assert_icmp("neighbor-sol", FAMILY_IPV6, 135, 0, 255);
	assert_icmp("1/3", FAMILY_IPV6, 1, 3, 3);
	assert_icmp("255", FAMILY_IPV6, 255, 0, 255);
	assert_int_equal(values_icmp_type("echo", FAMILY_IPV4, &icmp, &err),
			 -EINVAL);
	assert_int_equal(values_icmp_type("any", FAMILY_IPV6, &icmp, &err),
			 -EINVAL);
	assert_int_equal(values_icmp_type("8/", FAMILY_IPV4, &icmp, &err),
			 -EINVAL);
}

static void assert_tos(const char *text, int value, int mask)
{
	struct tos_mask tos;

	assert_int_equal(values_tos(text, &tos, &err), 0);
	assert_int_equal(tos.value, value);
	assert_int_equal(tos.mask, mask);
}

/* Verified with iptables 1.8.9: what it prints for these. */
static void tos_names_have_a_mask_of_their_own(void **state)
{
	struct tos_mask tos;

	(void)state;
	assert_tos("0x10", 0x10, 0xff);
	assert_tos("16/0x3f", 0x10, 0x3f);
	assert_tos("Minimize-Delay", 0x10, 0x3f);
	assert_tos("normal-service", 0, 0x3f);
	assert_int_equal(values_tos("Minimize-D", &tos, &err), -EINVAL);
	assert_int_equal(values_tos("1/", &tos, &err), -EINVAL);
}

static void lists_of_names_become_bits(void **state)
{
	uint32_t bits;
	uint16_t types;

	(void)state;
	assert_int_equal(values_ct_state("RELATED,est,DNAT", &bits, &err), 0);
	assert_int_equal(bits, CT_RELATED | CT_ESTABLISHED | CT_DNAT);
	assert_int_equal(values_state("DNAT", &bits, &err), -EINVAL);
	assert_int_equal(values_ct_state("NEW,", &bits, &err), -EINVAL);
	assert_int_equal(values_addr_types("LOCAL,BROAD", &types, &err), 0);
	assert_int_equal(types, 1 << RTN_LOCAL | 1 << RTN_BROADCAST);
	assert_int_equal(values_pkt_type("bcast", &bits, &err), 0);
	assert_int_equal(bits, PACKET_BROADCAST);
	assert_int_equal(values_dscp_class("af21", &bits, &err), 0);
	assert_int_equal(bits, 18);
}

static void a_wrong_name_lists_the_right_ones(void **state)
{
	uint32_t bits;

	(void)state;
	assert_int_equal(values_state("OLD", &bits, &err), -EINVAL);
	assert_string_equal(err.text,
			    "'OLD' is not a state: expected one of INVALID, "
			    "NEW, ESTABLISHED, RELATED, UNTRACKED");
}

static void counters_have_64_bits(void **state)
{
	uint64_t packets, bytes;

	(void)state;
	assert_int_equal(values_counters("[1:18446744073709551615]", &packets,
					 &bytes, &err),
			 0);
	assert_true(packets == 1 && bytes == UINT64_MAX);
	assert_int_equal(values_counters("[1:18446744073709551616]", &packets,
					 &bytes, &err),
			 -EINVAL);
	assert_int_equal(values_counters("[1]", &packets, &bytes, &err),
			 -EINVAL);
	assert_int_equal(values_counters("[1:2]x", &packets, &bytes, &err),
			 -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4_addresses_have_lengths_masks_or_neither),
		cmocka_unit_test(ipv6_addresses_keep_their_spelling),
		cmocka_unit_test(what_is_no_address_is_an_error),
		cmocka_unit_test(an_address_of_the_other_family_is_called_so),
		cmocka_unit_test(a_range_of_addresses_may_be_one),
		cmocka_unit_test(port_ranges_may_be_open_and_named),
		cmocka_unit_test(a_list_holds_fifteen_ports_and_a_range_is_two),
		cmocka_unit_test(spans_are_inclusive_and_may_be_open),
		cmocka_unit_test(interfaces_are_short_and_plus_makes_a_prefix),
		cmocka_unit_test(protocols_are_numbers_or_names),
		cmocka_unit_test(mac_addresses_have_six_times_two_digits),
		cmocka_unit_test(tcp_flags_are_lists_with_all_and_none),
		cmocka_unit_test(icmp_types_are_numbers_codes_or_names),
		cmocka_unit_test(tos_names_have_a_mask_of_their_own),
		cmocka_unit_test(lists_of_names_become_bits),
		cmocka_unit_test(a_wrong_name_lists_the_right_ones),
		cmocka_unit_test(counters_have_64_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
