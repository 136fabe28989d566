// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/bpf_hand.h"
#include "rules/tcp_options.h"

#include <stdlib.h>

/* A TCP or ICMP packet; the fields that tests change start from here. */
static struct frame_spec packet(enum family family, uint8_t proto)
{
	const u128 here = family == FAMILY_IPV4
				  ? 0x0a010001
				  : ((u128)0xfd00000100000000 << 64 | 1);

	return (struct frame_spec){
		.family = family,
		.smac = { 2, 0, 0, 0, 0, 9 },
		.pkt_type = PACKET_HOST,
		.saddr = here + 1,
		.daddr = here,
		.proto = proto,
		.ttl = 64,
		.sport = 1000,
		.dport = 80,
		.tcp_flags = 2,
		.length = 200,
	};
}

static void put_field(struct frame_spec *spec, enum field field, u128 value)
{
	switch (field) {
	case FIELD_PROTO:
		spec->proto = value;
		break;
	case FIELD_SADDR:
		spec->saddr = value;
		break;
	case FIELD_DADDR:
		spec->daddr = value;
		break;
	case FIELD_SPORT:
		spec->sport = value;
		break;
	case FIELD_DPORT:
		spec->dport = value;
		break;
	case FIELD_TCP_FLAGS:
		spec->tcp_flags = value;
		break;
	case FIELD_MSS:
		spec->tcp_option = value == TCP_NO_MSS ? 0 : 2;
		spec->tcp_mss = value;
		break;
	case FIELD_ICMP:
		spec->icmp = value;
		break;
	case FIELD_LENGTH:
		spec->length = value;
		break;
	case FIELD_TTL:
		spec->ttl = value;
		break;
	case FIELD_TOS:
		spec->tos = value;
		break;
	case FIELD_PKT_TYPE:
		spec->pkt_type = value;
		break;
	case FIELD_SMAC:
		for (int i = 0; i < 6; i++)
			spec->smac[i] = value >> (40 - 8 * i);
		break;
	default: /* sets: tests/diff/program_diff.c */
		break;
	}
}

/* Does a program for one region drop exactly the values of its set? */
static void check_values(enum family family, enum field field,
			 const struct interval *parts, size_t part_count,
			 const u128 *values, size_t count)
{
	struct hand hand = hand_make(family);
	uint8_t icmp = family == FAMILY_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	struct frame_spec spec =
		packet(family, field == FIELD_ICMP ? icmp : IPPROTO_TCP);

	hand_add(&hand, WORLDS_ALL);
	hand_where_any(&hand, field, parts, part_count);

	const struct set *set = hand.flat.regions[0].cond.fields[field];
	OWN(loaded)
	struct loaded *loaded =
		hand_load_list(&hand,
			       family == FAMILY_IPV4 ? WIRE_IPV4 : WIRE_IPV6);
	for (size_t i = 0; i < count; i++) {
		put_field(&spec, field, values[i]);
		if (hand_drops(loaded, &spec) != set_has(set, values[i]))
			fail_msg("%s %#llx%016llx: the program and the set "
				 "disagree",
				 field_name(field),
				 (unsigned long long)(values[i] >> 64),
				 (unsigned long long)values[i]);
	}
	hand_free(&hand);
}

/* Every boundary, and its neighbours on both sides. */
static void check_boundaries(enum family family, enum field field,
			     const struct interval *parts, size_t count)
{
	u128 values[6 * 128], max = field_max(field, family);
	size_t used = 0;

	assert_true(count <= 128);
	for (size_t i = 0; i < count; i++) {
		const u128 ends[] = { parts[i].min, parts[i].max };

		for (int end = 0; end < 2; end++) {
			values[used++] = ends[end];
			if (ends[end] > 0)
				values[used++] = ends[end] - 1;
			if (ends[end] < max)
				values[used++] = ends[end] + 1;
		}
	}
	check_values(family, field, parts, count, values, used);
}

static void check_one(enum family family, enum field field, u128 min, u128 max)
{
	check_boundaries(family, field, &(struct interval){ min, max }, 1);
}

static void a_field_of_16_bits_is_in_its_range_and_not_beside_it(void **state)
{
	(void)state;
	skip_without_root();
	for (int family = FAMILY_IPV4; family <= FAMILY_IPV6; family += 2) {
		check_one(family, FIELD_SPORT, 1024, 65535);
		check_one(family, FIELD_SPORT, 0, 1023);
		check_one(family, FIELD_DPORT, 80, 80);
		check_one(family, FIELD_DPORT, 0xfffe, 0xffff);
		check_one(family, FIELD_LENGTH, 100, 199);
		check_one(family, FIELD_ICMP, 0x0800, 0x08ff);
		check_one(family, FIELD_ICMP, 0x0301, 0x0301);
	}
}

static void a_byte_is_in_its_set_and_not_beside_it(void **state)
{
	const struct interval two[] = { { 1, 5 }, { 9, 9 } };

	(void)state;
	skip_without_root();
	check_one(FAMILY_IPV4, FIELD_TTL, 0, 63);
	check_one(FAMILY_IPV6, FIELD_TTL, 64, 64);
	check_one(FAMILY_IPV4, FIELD_TOS, 0xb8, 0xbb);
	check_one(FAMILY_IPV6, FIELD_TOS, 0xb8, 0xbb);
	check_boundaries(FAMILY_IPV6, FIELD_TTL, two, 2);
}

static void a_protocol_is_told_from_its_neighbours(void **state)
{
	const u128 values[] = { 4, 6, 17, 41, 46, 47, 48, 50, 89, 132, 136 };
	const struct interval parts[] = { { 17, 17 }, { 47, 89 } };

	(void)state;
	skip_without_root();
	check_values(FAMILY_IPV4, FIELD_PROTO, parts, 2, values, 11);
	check_values(FAMILY_IPV6, FIELD_PROTO, parts, 2, values, 11);
}

static void all_values(u128 values[256])
{
	for (int v = 0; v < 256; v++)
		values[v] = v;
}

/* Those of 256 values for which @is_in says so. */
static size_t chosen(bool (*is_in)(unsigned int v), struct interval parts[256])
{
	size_t count = 0;

	for (unsigned int v = 0; v < 256; v++) {
		if (is_in(v))
			parts[count++] = (struct interval){ v, v };
	}
	return count;
}

static bool is_syn(unsigned int v)
{
	return (v & 0x17) == 2;
}

static bool is_not_syn(unsigned int v)
{
	return !is_syn(v);
}

static bool is_scattered(unsigned int v)
{
	return v % 7 == 3 || v == 0 || v == 64 || v == 255;
}

static void tcp_flags_are_compared_under_a_mask(void **state)
{
	struct interval parts[256];
	u128 values[256];

	(void)state;
	skip_without_root();
	all_values(values);
	check_values(FAMILY_IPV4, FIELD_TCP_FLAGS, parts, chosen(is_syn, parts),
		     values, 256);
	check_values(FAMILY_IPV6, FIELD_TCP_FLAGS, parts,
		     chosen(is_not_syn, parts), values, 256);
}

static void a_scattered_set_of_bytes_is_a_bitmap(void **state)
{
	struct interval parts[256];
	u128 values[256];

	(void)state;
	skip_without_root();
	all_values(values);
	check_values(FAMILY_IPV4, FIELD_TCP_FLAGS, parts,
		     chosen(is_scattered, parts), values, 256);
	check_values(FAMILY_IPV6, FIELD_TTL, parts, chosen(is_scattered, parts),
		     values, 256);
}

static void ipv4_addresses_are_in_their_range_and_not_beside_it(void **state)
{
	const struct interval three[] = {
		{ 0, 0x00ffffff },
		{ 0x7fffffff, 0x80000000 },
		{ 0xfffffff0, 0xffffffff },
	};

	(void)state;
	skip_without_root();
	check_one(FAMILY_IPV4, FIELD_SADDR, 0x0a000000, 0x0affffff);
	check_one(FAMILY_IPV4, FIELD_DADDR, 0xc0a80101, 0xc0a80101);
	check_one(FAMILY_IPV4, FIELD_SADDR, 0x01020304, 0xf1f2f3f4);
	check_boundaries(FAMILY_IPV4, FIELD_SADDR, three, 3);
}

#define WIDE(high, low) ((u128)(high) << 64 | (low))

static void ipv6_addresses_are_in_their_range_and_not_beside_it(void **state)
{
	const u128 net = WIDE(0x20010db800000000, 0);
	const struct interval several[] = {
		{ 0, 5 },
		{ WIDE(1, 7), WIDE(1, 0xffffffff00000000) },
		{ WIDE(3, UINT64_MAX), WIDE(4, 0) },
		{ WIDE(0x7fffffff, 5), WIDE(0x90000000, 5) },
		{ WIDE(UINT64_MAX, 0), WIDE(UINT64_MAX, UINT64_MAX) },
	};

	(void)state;
	skip_without_root();
	check_one(FAMILY_IPV6, FIELD_SADDR, net, net + WIDE(0xffffffff, ~0ULL));
	check_one(FAMILY_IPV6, FIELD_DADDR, net, net | UINT64_MAX);
	check_one(FAMILY_IPV6, FIELD_SADDR, net + 16, net + 31);
	check_one(FAMILY_IPV6, FIELD_DADDR, net + 1, net + 1);
	check_one(FAMILY_IPV6, FIELD_SADDR, net + 5, net + WIDE(9, 5));
	check_one(FAMILY_IPV6, FIELD_SADDR, net + 5, net + WIDE(1, 5));
	check_boundaries(FAMILY_IPV6, FIELD_DADDR, several, 5);
}

static void a_packet_may_have_no_segment_size(void **state)
{
	(void)state;
	check_one(FAMILY_IPV4, FIELD_MSS, 536, 1460);
	check_one(FAMILY_IPV6, FIELD_MSS, TCP_NO_MSS, TCP_NO_MSS);
}

static void a_source_mac_is_compared_in_full(void **state)
{
	(void)state;
	skip_without_root();
	check_one(FAMILY_IPV4, FIELD_SMAC, 0x020000000009, 0x020000000009);
	check_one(FAMILY_IPV6, FIELD_SMAC, 0x020000000000, 0xfeffffffffff);
}

static void a_packet_type_is_that_of_the_destination_mac(void **state)
{
	const u128 values[] = { PACKET_HOST, PACKET_BROADCAST,
				PACKET_MULTICAST };

	(void)state;
	skip_without_root();
	for (int type = PACKET_HOST; type <= PACKET_MULTICAST; type++)
		check_values(FAMILY_IPV4, FIELD_PKT_TYPE,
			     &(struct interval){ type, type }, 1, values, 3);
}

static void all_conditions_of_a_region_must_hold(void **state)
{
	struct frame_spec spec = packet(FAMILY_IPV4, IPPROTO_TCP);

	(void)state;
	skip_without_root();

	struct hand hand = hand_make(FAMILY_IPV4);
	hand_add(&hand, WORLDS_ALL);
	hand_where(&hand, FIELD_PROTO, IPPROTO_TCP, IPPROTO_TCP);
	hand_where(&hand, FIELD_SADDR, spec.saddr, spec.saddr);
	hand_where(&hand, FIELD_DPORT, 80, 80);
	hand_where(&hand, FIELD_TTL, 0, 64);

	OWN(loaded) struct loaded *loaded = hand_load_list(&hand, WIRE_IPV4);
	assert_true(hand_drops(loaded, &spec));
	for (int field = 0; field < FIELD_COUNT; field++) {
		const struct frame_spec good = spec;

		if (!hand.flat.regions[0].cond.fields[field])
			continue;
		put_field(&spec, field, field == FIELD_PROTO ? 17 : 99);
		assert_false(hand_drops(loaded, &spec));
		spec = good;
	}
	hand_free(&hand);
}

static void the_first_region_that_has_a_packet_decides(void **state)
{
	struct frame_spec spec = packet(FAMILY_IPV4, IPPROTO_TCP);

	(void)state;
	skip_without_root();

	struct hand hand = hand_make(FAMILY_IPV4);
	hand_add(&hand, 0);
	hand_where(&hand, FIELD_DPORT, 80, 89);
	hand_add(&hand, WORLDS_ALL);
	hand_where(&hand, FIELD_DPORT, 85, 99);
	hand_add(&hand, 0);

	OWN(loaded) struct loaded *loaded = hand_load_list(&hand, WIRE_IPV4);
	for (spec.dport = 79; spec.dport <= 100; spec.dport++)
		assert_int_equal(hand_drops(loaded, &spec),
				 spec.dport >= 90 && spec.dport <= 99);
	hand_free(&hand);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_field_of_16_bits_is_in_its_range_and_not_beside_it),
		cmocka_unit_test(a_byte_is_in_its_set_and_not_beside_it),
		cmocka_unit_test(a_protocol_is_told_from_its_neighbours),
		cmocka_unit_test(tcp_flags_are_compared_under_a_mask),
		cmocka_unit_test(a_scattered_set_of_bytes_is_a_bitmap),
		cmocka_unit_test(
			ipv4_addresses_are_in_their_range_and_not_beside_it),
		cmocka_unit_test(
			ipv6_addresses_are_in_their_range_and_not_beside_it),
		cmocka_unit_test(a_packet_may_have_no_segment_size),
		cmocka_unit_test(a_source_mac_is_compared_in_full),
		cmocka_unit_test(a_packet_type_is_that_of_the_destination_mac),
		cmocka_unit_test(all_conditions_of_a_region_must_hold),
		cmocka_unit_test(the_first_region_that_has_a_packet_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
