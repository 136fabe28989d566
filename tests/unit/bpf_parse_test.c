// SPDX-License-Identifier: GPL-2.0-only
/*
 * bpf/parse.bpf.h: which frames the rules get to see. The programs drop every
 * packet of one class, so what passes was left to the host.
 */
#include "tests/unit/bpf_hand.h"

#include <linux/if_ether.h>

static struct loaded *droppers[WIRE_CLASS_COUNT];

static struct loaded *drop_all(enum wire_class class,
			       const struct wire_settings *settings, bool frags)
{
	struct hand hand =
		hand_make(class == WIRE_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4);

	hand_add(&hand, WORLDS_ALL);

	OWN(program)
	struct program *program = hand_program(&hand, class, settings);
	hand_free(&hand);
	return hand_load_as(program, frags);
}

static int setup(void **state)
{
	(void)state;
	for (int class = 0; class < WIRE_CLASS_COUNT && geteuid() == 0;
	     class ++)
		droppers[class] = drop_all(class, &hand_settings, false);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++)
		loaded_free(droppers[class]);
	return 0;
}

/* A frame that tests then break. */
struct raw {
	uint8_t bytes[8192];
	size_t length;
};

#define IP 14	     /* where the network header begins */
#define V4 (IP + 20) /* the transport header behind it */
#define V6 (IP + 40)

static struct raw raw_make(enum family family, uint8_t proto)
{
	const struct frame_spec spec = {
		.family = family,
		.proto = proto,
		.saddr = family == FAMILY_IPV4 ? 0x0a010002
					       : (u128)0xfd << 120 | 2,
		.daddr = family == FAMILY_IPV4 ? 0x0a010001
					       : (u128)0xfd << 120 | 1,
		.ttl = 64,
		.sport = 1000,
		.dport = 80,
		.icmp = 0x0800,
		.length = family == FAMILY_IPV4 ? 60 : 80,
	};
	struct raw raw = { .length = 0 };

	raw.length = frame_write(&spec, raw.bytes);
	return raw;
}

static void put16(struct raw *raw, size_t at, unsigned int value)
{
	raw->bytes[at] = value >> 8;
	raw->bytes[at + 1] = value;
}

static bool drops(enum wire_class class, const struct raw *raw)
{
	return hand_drops_from(droppers[class], 0, raw->bytes, raw->length);
}

static const uint8_t protos[] = { IPPROTO_TCP,
				  IPPROTO_UDP,
				  136 /* lite */,
				  132 /* sctp */,
				  33 /* dccp */,
				  47 /* others */,
				  50,
				  89 };

static void a_whole_packet_is_seen(void **state)
{
	(void)state;
	skip_without_root();
	for (size_t i = 0; i < ARRAY_SIZE(protos); i++) {
		struct raw v4 = raw_make(FAMILY_IPV4, protos[i]);
		struct raw v6 = raw_make(FAMILY_IPV6, protos[i]);

		assert_true(drops(WIRE_IPV4, &v4));
		assert_true(drops(WIRE_IPV6, &v6));
		assert_false(drops(WIRE_IPV6, &v4));
		assert_false(drops(WIRE_IPV4, &v6));
		assert_false(drops(WIRE_FRAGMENT, &v4));
	}
}

static void a_frame_cut_off_anywhere_passes(void **state)
{
	(void)state;
	skip_without_root();
	for (size_t i = 0; i < ARRAY_SIZE(protos); i++) {
		struct raw v4 = raw_make(FAMILY_IPV4, protos[i]);
		struct raw v6 = raw_make(FAMILY_IPV6, protos[i]);

		while (--v4.length >= ETH_HLEN)
			assert_false(drops(WIRE_IPV4, &v4));
		while (--v6.length >= ETH_HLEN)
			assert_false(drops(WIRE_IPV6, &v6));
	}
}

static void padding_behind_a_packet_is_not_part_of_it(void **state)
{
	(void)state;
	skip_without_root();

	struct raw v4 = raw_make(FAMILY_IPV4, IPPROTO_TCP);
	put16(&v4, IP + 2, 40);
	assert_true(drops(WIRE_IPV4, &v4));
	put16(&v4, IP + 2, 39);
	assert_false(drops(WIRE_IPV4, &v4));

	struct raw v6 = raw_make(FAMILY_IPV6, IPPROTO_TCP);
	put16(&v6, IP + 4, 20);
	assert_true(drops(WIRE_IPV6, &v6));
	put16(&v6, IP + 4, 19);
	assert_false(drops(WIRE_IPV6, &v6));
}

static void a_transport_header_beyond_its_packet_passes(void **state)
{
	static const struct {
		uint8_t proto;
		unsigned int size;
	} rows[] = {
		{ IPPROTO_TCP, 20 }, { 136, 8 }, { 132, 12 },
		{ 33, 12 },	     { 47, 0 },
	};

	(void)state;
	skip_without_root();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct raw v4 = raw_make(FAMILY_IPV4, rows[i].proto);
		struct raw v6 = raw_make(FAMILY_IPV6, rows[i].proto);

		for (unsigned int size = 0; size <= rows[i].size; size++) {
			bool is_whole = size == rows[i].size;

			put16(&v4, IP + 2, 20 + size);
			assert_int_equal(drops(WIRE_IPV4, &v4), is_whole);
			put16(&v6, IP + 4, size);
			assert_int_equal(drops(WIRE_IPV6, &v6),
					 is_whole && size > 0);
		}
	}
}

static void icmp_needs_its_eight_bytes(void **state)
{
	(void)state;
	skip_without_root();

	struct raw v4 = raw_make(FAMILY_IPV4, IPPROTO_ICMP);
	assert_true(drops(WIRE_IPV4, &v4));
	put16(&v4, IP + 2, 27);
	assert_false(drops(WIRE_IPV4, &v4));

	struct raw v6 = raw_make(FAMILY_IPV6, IPPROTO_ICMPV6);
	assert_true(drops(WIRE_IPV6, &v6));
	put16(&v6, IP + 4, 7);
	assert_false(drops(WIRE_IPV6, &v6));

	/* The other family's: nothing that a rule could ask. */
	v4 = raw_make(FAMILY_IPV4, IPPROTO_ICMPV6);
	put16(&v4, IP + 2, 20);
	assert_true(drops(WIRE_IPV4, &v4));
}

static void a_tcp_header_with_a_wrong_length_passes(void **state)
{
	(void)state;
	skip_without_root();
	for (unsigned int words = 0; words < 16; words++) {
		struct raw raw = raw_make(FAMILY_IPV4, IPPROTO_TCP);

		raw.bytes[V4 + 12] = words << 4;
		put16(&raw, IP + 2, 20 + 24);
		assert_int_equal(drops(WIRE_IPV4, &raw),
				 words == 5 || words == 6);
	}
}

static void a_udp_packet_with_a_wrong_length_passes(void **state)
{
	(void)state;
	skip_without_root();

	struct raw v4 = raw_make(FAMILY_IPV4, IPPROTO_UDP);
	struct raw v6 = raw_make(FAMILY_IPV6, IPPROTO_UDP);
	for (unsigned int length = 0; length <= 45; length++) {
		put16(&v4, V4 + 4, length);
		put16(&v6, V6 + 4, length);
		assert_int_equal(drops(WIRE_IPV4, &v4),
				 length >= 8 && length <= 40);
		assert_int_equal(drops(WIRE_IPV6, &v6),
				 length >= 8 && length <= 40);
	}
}

static void a_wrong_version_or_header_length_passes(void **state)
{
	(void)state;
	skip_without_root();
	for (unsigned int byte = 0; byte < 256; byte++) {
		struct raw v4 = raw_make(FAMILY_IPV4, 47);
		struct raw v6 = raw_make(FAMILY_IPV6, 47);

		v4.bytes[IP] = v6.bytes[IP] = byte;
		assert_int_equal(drops(WIRE_IPV4, &v4), byte == 0x45);
		assert_int_equal(drops(WIRE_IPV6, &v6), byte >> 4 == 6);
	}
}

static void a_total_length_below_the_header_passes(void **state)
{
	(void)state;
	skip_without_root();

	struct raw v4 = raw_make(FAMILY_IPV4, 47);
	for (unsigned int length = 0; length <= 20; length++) {
		put16(&v4, IP + 2, length);
		assert_int_equal(drops(WIRE_IPV4, &v4), length == 20);
	}

	struct raw v6 = raw_make(FAMILY_IPV6, 47);
	put16(&v6, IP + 4, 0); /* a jumbogram */
	assert_false(drops(WIRE_IPV6, &v6));
}

static void other_ethertypes_pass(void **state)
{
	static const unsigned int types[] = { ETH_P_8021Q, ETH_P_8021AD,
					      ETH_P_ARP,   ETH_P_PPP_SES,
					      ETH_P_LLDP,  60 };

	(void)state;
	skip_without_root();
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct raw v4 = raw_make(FAMILY_IPV4, IPPROTO_TCP);
		struct raw v6 = raw_make(FAMILY_IPV6, IPPROTO_TCP);

		put16(&v4, 12, types[i]);
		put16(&v6, 12, types[i]);
		assert_false(drops(WIRE_IPV4, &v4));
		assert_false(drops(WIRE_IPV6, &v6));
	}
}

static void ipv6_extension_headers_pass(void **state)
{
	static const uint8_t extensions[] = { 0,  43,  44,  51, 59,
					      60, 135, 139, 140 };

	(void)state;
	skip_without_root();
	for (size_t i = 0; i < ARRAY_SIZE(extensions); i++) {
		struct raw v6 = raw_make(FAMILY_IPV6, IPPROTO_TCP);

		v6.bytes[IP + 6] = extensions[i];
		assert_false(drops(WIRE_IPV6, &v6));
	}
}

static void dhcp_always_passes(void **state)
{
	(void)state;
	skip_without_root();
	for (unsigned int port = 60; port < 600; port++) {
		struct raw v4 = raw_make(FAMILY_IPV4, IPPROTO_UDP);
		struct raw v6 = raw_make(FAMILY_IPV6, IPPROTO_UDP);

		put16(&v4, V4 + 2, port);
		put16(&v6, V6 + 2, port);
		assert_int_equal(drops(WIRE_IPV4, &v4),
				 port != 67 && port != 68);
		assert_int_equal(drops(WIRE_IPV6, &v6),
				 port != 546 && port != 547);
		v4.bytes[IP + 9] = v6.bytes[IP + 6] = IPPROTO_TCP;
		v4.bytes[V4 + 12] = v6.bytes[V6 + 12] = 0x50;
		assert_true(drops(WIRE_IPV4, &v4));
		assert_true(drops(WIRE_IPV6, &v6));
	}
}

static void fragments_are_a_class_of_their_own(void **state)
{
	static const unsigned int fragments[] = { 0x2000, 0x2001, 1, 0x1fff };

	(void)state;
	skip_without_root();
	for (size_t i = 0; i < ARRAY_SIZE(fragments); i++) {
		struct raw raw = raw_make(FAMILY_IPV4, IPPROTO_TCP);

		put16(&raw, IP + 6, fragments[i]);
		assert_true(drops(WIRE_FRAGMENT, &raw));
		assert_false(drops(WIRE_IPV4, &raw));
		put16(&raw, IP + 2, 20); /* without any payload */
		assert_true(drops(WIRE_FRAGMENT, &raw));
		put16(&raw, IP + 6, fragments[i] | 0x4000);
		assert_false(drops(WIRE_FRAGMENT, &raw));
	}

	struct raw whole = raw_make(FAMILY_IPV4, IPPROTO_TCP);
	put16(&whole, IP + 6, 0x4000);
	assert_true(drops(WIRE_IPV4, &whole));
}

static void strict_fragments_lets_fragments_pass(void **state)
{
	const struct wire_settings strict = {
		.skip_device_check = 1,
		.strict_fragments = 1,
	};

	(void)state;
	skip_without_root();

	OWN(loaded)
	struct loaded *loaded = drop_all(WIRE_FRAGMENT, &strict, false);
	struct raw raw = raw_make(FAMILY_IPV4, IPPROTO_TCP);
	put16(&raw, IP + 6, 0x2000);
	assert_true(drops(WIRE_FRAGMENT, &raw));
	assert_false(hand_drops_from(loaded, 0, raw.bytes, raw.length));
}

static void the_first_fragment_of_dhcp_passes(void **state)
{
	(void)state;
	skip_without_root();

	struct raw raw = raw_make(FAMILY_IPV4, IPPROTO_UDP);
	put16(&raw, IP + 6, 0x2000);
	assert_true(drops(WIRE_FRAGMENT, &raw));
	put16(&raw, V4 + 2, 67);
	assert_false(drops(WIRE_FRAGMENT, &raw));
	put16(&raw, V4 + 2, 68);
	assert_false(drops(WIRE_FRAGMENT, &raw));
	put16(&raw, IP + 6, 0x2001); /* not a port, but payload */
	assert_true(drops(WIRE_FRAGMENT, &raw));

	/* Ports that are not there. */
	put16(&raw, IP + 6, 0x2000);
	put16(&raw, IP + 2, 27);
	raw.length = IP + 27;
	assert_false(drops(WIRE_FRAGMENT, &raw));
}

static void a_packet_in_several_buffers_is_seen_as_one(void **state)
{
	struct kernel_features kernel;

	(void)state;
	skip_without_root();
	kernel_features_probe(&kernel);
	if (!kernel.has_frags) {
		print_message("this kernel has no xdp.frags\n");
		skip();
	}

	OWN(loaded)
	struct loaded *loaded = drop_all(WIRE_IPV4, &hand_settings, true);
	struct raw raw = raw_make(FAMILY_IPV4, IPPROTO_TCP);
	assert_true(loaded->has_frags);
	raw.length = 8000;
	put16(&raw, IP + 2, 8000 - IP);
	assert_true(hand_drops_from(loaded, 0, raw.bytes, raw.length));
	put16(&raw, IP + 2, 8001 - IP);
	assert_false(hand_drops_from(loaded, 0, raw.bytes, raw.length));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_packet_is_seen),
		cmocka_unit_test(a_frame_cut_off_anywhere_passes),
		cmocka_unit_test(padding_behind_a_packet_is_not_part_of_it),
		cmocka_unit_test(a_transport_header_beyond_its_packet_passes),
		cmocka_unit_test(icmp_needs_its_eight_bytes),
		cmocka_unit_test(a_tcp_header_with_a_wrong_length_passes),
		cmocka_unit_test(a_udp_packet_with_a_wrong_length_passes),
		cmocka_unit_test(a_wrong_version_or_header_length_passes),
		cmocka_unit_test(a_total_length_below_the_header_passes),
		cmocka_unit_test(other_ethertypes_pass),
		cmocka_unit_test(ipv6_extension_headers_pass),
		cmocka_unit_test(dhcp_always_passes),
		cmocka_unit_test(fragments_are_a_class_of_their_own),
		cmocka_unit_test(strict_fragments_lets_fragments_pass),
		cmocka_unit_test(the_first_fragment_of_dhcp_passes),
		cmocka_unit_test(a_packet_in_several_buffers_is_seen_as_one),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
