// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/bpf_hand.h"

#include <arpa/inet.h>
#include <linux/mroute.h>
#include <net/if.h>
#include <unistd.h>

#include "tests/unit/netns.h"

/*
 * Programs that drop at one stage only tell where a packet was taken to go.
 * It comes in by in0 (10.1.0.1, fd00:1::1); behind out0 is 10.2.0.0/24,
 * fd00:2::/64.
 */
static struct loaded *at_input[2], *at_forward[2]; /* IPv4, IPv6 */
/* The same where the operator vouches for the routes. */
static struct loaded *plain_input[2], *plain_forward[2];
static int in0;

static struct loaded *drop_at(enum family family, worlds_t drop,
			      const struct wire_settings *settings)
{
	struct hand hand = hand_make(family);

	hand_add(&hand, drop);

	OWN(program)
	struct program *program =
		hand_program(&hand,
			     family == FAMILY_IPV4 ? WIRE_IPV4 : WIRE_IPV6,
			     settings);
	hand_free(&hand);
	return hand_load(program);
}

static int setup(void **state)
{
	const struct wire_settings plain = { .skip_device_check = 1,
					     .has_plain_routes = 1 };

	(void)state;
	for (int i = 0; i < 2 && geteuid() == 0; i++) {
		enum family family = i ? FAMILY_IPV6 : FAMILY_IPV4;

		at_input[i] = drop_at(family, WORLDS(STAGE_INPUT, CT_ALL),
				      &hand_settings);
		at_forward[i] = drop_at(family, WORLDS(STAGE_FORWARD, CT_ALL),
					&hand_settings);
		plain_input[i] =
			drop_at(family, WORLDS(STAGE_INPUT, CT_ALL), &plain);
		plain_forward[i] =
			drop_at(family, WORLDS(STAGE_FORWARD, CT_ALL), &plain);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		loaded_free(at_input[i]);
		loaded_free(at_forward[i]);
		loaded_free(plain_input[i]);
		loaded_free(plain_forward[i]);
	}
	return 0;
}

#define sysctl(name, value) assert_run("echo " #value " >/proc/sys/net/" name)

/* The network, with forwarding or not, without a default route. */
static void make_network(bool is_router)
{
	sysctl("ipv6/conf/default/accept_dad", 0);
	if (is_router) {
		sysctl("ipv4/ip_forward", 1);
		sysctl("ipv6/conf/all/forwarding", 1);
	}
	assert_run("ip link add in0 type veth peer name in1");
	assert_run("ip link add out0 type veth peer name out1");
	assert_run("for i in lo in0 in1 out0 out1;"
		   "do ip link set $i up || exit; done");
	assert_run("ip addr add 10.1.0.1/24 dev in0");
	assert_run("ip addr add 10.2.0.1/24 dev out0");
	assert_run("ip addr add fd00:1::1/64 dev in0 nodad");
	assert_run("ip addr add fd00:2::1/64 dev out0 nodad");
	in0 = if_nametoindex("in0");
	assert_true(in0 > 0);
}

static void add_default_routes(void)
{
	assert_run("ip route add default via 10.2.0.2");
	assert_run("ip -6 route add default via fd00:2::2");
}

static struct frame_spec packet_from(const char *source, const char *dest)
{
	struct frame_spec spec = {
		.family = strchr(dest, ':') ? FAMILY_IPV6 : FAMILY_IPV4,
		.pkt_type = PACKET_HOST,
		.proto = IPPROTO_TCP,
		.ttl = 64,
		.sport = 1000,
		.dport = 80,
	};
	int family = spec.family == FAMILY_IPV6 ? AF_INET6 : AF_INET;
	size_t size = family == AF_INET6 ? 16 : 4;
	uint8_t from[16], to[16];

	assert_int_equal(inet_pton(family, source, from), 1);
	assert_int_equal(inet_pton(family, dest, to), 1);
	for (size_t i = 0; i < size; i++) {
		spec.saddr = spec.saddr << 8 | from[i];
		spec.daddr = spec.daddr << 8 | to[i];
	}
	return spec;
}

static struct frame_spec packet_to(const char *dest)
{
	return packet_from(strchr(dest, ':') ? "fd00:1::9" : "10.1.0.9", dest);
}

static bool drops(const struct loaded *loaded, const struct frame_spec *spec)
{
	uint8_t frame[FRAME_MAX];

	return hand_drops_from(loaded, in0, frame, frame_write(spec, frame));
}

static const char *name_way(const struct loaded *at_stage_input,
			    const struct loaded *at_stage_forward,
			    const struct frame_spec *spec)
{
	bool input = drops(at_stage_input, spec);
	bool forward = drops(at_stage_forward, spec);

	assert_false(input && forward);
	return input ? "input" : forward ? "forward" : "passes";
}

static const char *way_of(const struct frame_spec *spec)
{
	int i = spec->family == FAMILY_IPV6;

	return name_way(at_input[i], at_forward[i], spec);
}

static const char *plain_way_of(const struct frame_spec *spec)
{
	int i = spec->family == FAMILY_IPV6;

	return name_way(plain_input[i], plain_forward[i], spec);
}

#define assert_way(dest, way)                                                  \
	do {                                                                   \
		const struct frame_spec spec_ = packet_to(dest);               \
		assert_string_equal(way_of(&spec_), way);                      \
	} while (0)

#define assert_plain_way(dest, way)                                            \
	do {                                                                   \
		const struct frame_spec spec_ = packet_to(dest);               \
		assert_string_equal(plain_way_of(&spec_), way);                \
	} while (0)

static void a_host_that_does_not_forward_has_only_input_for_ipv4(void **state)
{
	(void)state;
	netns_enter();
	make_network(false);
	assert_way("10.1.0.1", "input");
	assert_way("10.2.0.1", "input");
	assert_way("10.2.0.7", "input");
	assert_way("192.0.2.1", "input");
	assert_way("255.255.255.255", "input");
	assert_way("10.1.0.255", "input");
	assert_way("224.0.0.1", "input");
	assert_way("239.255.255.255", "input");
	assert_way("0.0.0.0", "passes");
}

static void
a_host_that_does_not_forward_answers_ipv6_without_route(void **state)
{
	(void)state;
	netns_enter();
	make_network(false);
	assert_way("fd00:1::1", "input");
	assert_way("2001:db8::1", "passes");
	assert_way("ff02::1", "passes");
	add_default_routes();
	assert_way("fd00:1::1", "input");
	assert_way("2001:db8::1", "passes");
}

static void a_router_tells_input_from_forward(void **state)
{
	(void)state;
	netns_enter();
	make_network(true);
	add_default_routes();
	assert_way("10.1.0.1", "input");
	assert_way("10.2.0.7", "forward");
	assert_way("192.0.2.1", "forward");
	assert_way("255.255.255.255", "input");
	assert_way("224.0.0.1", "input");
	assert_way("240.0.0.1", "forward");
	assert_way("fd00:1::1", "input");
	assert_way("fd00:2::7", "forward");
	assert_way("2001:db8::1", "forward");
	assert_way("ff02::1", "passes");
}

/* A rule or route may except a destination, which then has no route. */
static void what_is_not_forwarded_is_local_only_by_the_operators_word(void **s)
{
	(void)s;
	netns_enter();
	make_network(true);
	assert_plain_way("10.2.0.1", "passes");
	add_default_routes();
	assert_plain_way("10.2.0.1", "input");
	assert_plain_way("10.1.0.255", "input");
	assert_plain_way("fd00:2::1", "input");
	assert_way("10.2.0.1", "passes");
	assert_way("10.1.0.255", "passes");
	assert_way("fd00:2::1", "passes");
	assert_run("ip route add throw 192.0.2.0/24");
	assert_way("192.0.2.1", "passes");
}

static void own_addresses_are_local_where_routing_asks_that_first(void **state)
{
	(void)state;
	netns_enter();
	make_network(true);
	assert_run("ip rule add to 10.3.0.0/16 table 7");
	assert_run("ip -6 rule add to fd00:3::/64 table 7");
	assert_way("10.1.0.1", "input");
	assert_way("fd00:1::1", "input");
	assert_run("ip rule add pref 10 table local && ip rule del pref 0 && "
		   "ip rule add pref 5 unreachable");
	assert_run("ip -6 rule add pref 10 table local && "
		   "ip -6 rule del pref 0 && ip -6 rule add pref 5 "
		   "unreachable");
	assert_way("10.1.0.1", "passes");
	assert_way("fd00:1::1", "passes");
	assert_run("ip rule add pref 0 from 10.1.0.0/24 table local");
	assert_run("ip -6 rule add pref 0 from fd00:1::/64 table local");
	assert_way("10.1.0.1", "passes");
	assert_way("fd00:1::1", "passes");
}

static void where_paths_are_chosen_otherwise_wide_packets_pass(void **state)
{
	struct frame_spec wide = packet_to("10.2.0.7");
	struct frame_spec wide6 = packet_to("fd00:2::7");
	struct frame_spec error = packet_to("10.2.0.7");

	(void)state;
	netns_enter();
	make_network(true);
	wide.length = error.length = 600;
	wide6.length = 1300;
	error.proto = IPPROTO_ICMP;
	assert_string_equal(way_of(&wide), "forward");
	assert_string_equal(way_of(&wide6), "forward");
	assert_string_equal(way_of(&error), "passes");
	assert_string_equal(plain_way_of(&error), "forward");
	sysctl("ipv4/fib_multipath_hash_policy", 1);
	sysctl("ipv6/fib_multipath_hash_policy", 1);
	assert_string_equal(way_of(&wide), "passes");
	assert_string_equal(way_of(&wide6), "passes");
	assert_string_equal(plain_way_of(&wide), "forward");
	assert_way("10.2.0.7", "forward");
	assert_way("fd00:2::7", "forward");
	sysctl("ipv4/fib_multipath_hash_policy", 0);
	sysctl("ipv4/fib_multipath_use_neigh", 1);
	assert_string_equal(way_of(&wide), "passes");
}

static void a_packet_without_a_route_is_answered_by_the_router(void **state)
{
	(void)state;
	netns_enter();
	make_network(true);
	assert_way("192.0.2.1", "passes");
	assert_way("2001:db8::1", "passes");
	assert_way("10.1.0.1", "input");
	assert_way("fd00:1::1", "input");
	assert_way("10.2.0.7", "forward");
	assert_way("fd00:2::7", "forward");
}

static void routes_that_refuse_are_left_to_the_host(void **state)
{
	(void)state;
	netns_enter();
	make_network(true);
	add_default_routes();
	assert_run("ip route add unreachable 192.0.2.0/26");
	assert_run("ip route add prohibit 192.0.2.64/26");
	assert_run("ip route add blackhole 192.0.2.128/26");
	assert_run("ip -6 route add unreachable 2001:db8:1::/48");
	assert_run("ip -6 route add prohibit 2001:db8:2::/48");
	assert_run("ip -6 route add blackhole 2001:db8:3::/48");
	assert_way("192.0.2.1", "passes");
	assert_way("192.0.2.65", "passes");
	assert_way("192.0.2.129", "passes");
	assert_way("192.0.2.193", "forward");
	assert_way("2001:db8:1::1", "passes");
	assert_way("2001:db8:2::1", "passes");
	assert_way("2001:db8:3::1", "passes");
	assert_way("2001:db8:4::1", "forward");
}

static void a_packet_that_would_be_redirected_passes(void **state)
{
	(void)state;
	netns_enter();
	make_network(true);
	add_default_routes();
	assert_way("10.1.0.7", "passes");
	assert_way("fd00:1::7", "passes");
}

static void a_ttl_that_runs_out_is_answered_by_the_router(void **state)
{
	static const char *const dests[] = { "10.2.0.7", "fd00:2::7" };

	(void)state;
	netns_enter();
	make_network(true);
	for (int i = 0; i < 2; i++) {
		struct frame_spec spec = packet_to(dests[i]);

		spec.ttl = 2;
		assert_string_equal(way_of(&spec), "forward");
		spec.ttl = 1;
		assert_string_equal(way_of(&spec), "passes");
		spec.ttl = 0;
		assert_string_equal(way_of(&spec), "passes");
	}
}

static void a_packet_too_large_for_the_link_is_answered(void **state)
{
	static const char *const dests[] = { "10.2.0.7", "fd00:2::7" };

	(void)state;
	netns_enter();
	make_network(true);
	assert_run("ip link set out0 mtu 1400");
	for (int i = 0; i < 2; i++) {
		struct frame_spec spec = packet_to(dests[i]);

		spec.length = 1400;
		assert_string_equal(way_of(&spec), "forward");
		spec.length = 1401;
		assert_string_equal(way_of(&spec), "passes");
	}
}

static void with_ipsec_only_what_fits_everywhere_is_dropped(void **state)
{
	static const struct {
		const char *dest;
		uint16_t length;
	} rows[] = { { "10.2.0.7", 452 }, { "fd00:2::7", 1280 } };

	(void)state;
	netns_enter();
	make_network(true);
	if (!netns_run("ip xfrm policy add dst 192.0.2.0/24 dir out"))
		skip_because("this kernel has no IPsec");
	for (int i = 0; i < 2; i++) {
		struct frame_spec spec = packet_to(rows[i].dest);

		spec.length = rows[i].length;
		assert_string_equal(way_of(&spec), "forward");
		spec.length++;
		assert_string_equal(way_of(&spec), "passes");
	}
	assert_run("ip xfrm policy flush");
	for (int i = 0; i < 2; i++) {
		struct frame_spec spec = packet_to(rows[i].dest);

		spec.length = rows[i].length + 1;
		assert_string_equal(way_of(&spec), "forward");
	}
}

static void
link_local_addresses_are_input_only_where_they_are_ours(void **state)
{
	struct frame_spec spec;

	(void)state;
	netns_enter();
	make_network(true);
	add_default_routes();
	assert_run("ip addr add fe80::1234/64 dev in0 nodad");
	spec = packet_from("fe80::9", "fe80::1234");
	assert_string_equal(way_of(&spec), "input");
	spec = packet_from("fe80::9", "fe80::4321");
	assert_string_equal(way_of(&spec), "passes");
	spec = packet_from("fe80::9", "2001:db8::1");
	assert_string_equal(way_of(&spec), "passes");
	spec = packet_from("fe80::9", "fd00:1::1");
	assert_string_equal(way_of(&spec), "input");
}

static void an_address_that_is_still_probed_is_not_ours(void **state)
{
	(void)state;
	netns_enter();
	make_network(true);
	sysctl("ipv6/conf/in0/accept_dad", 1);
	sysctl("ipv6/conf/in0/dad_transmits", 60);
	assert_run("ip addr add fd00:1::5/64 dev in0");
	assert_way("fd00:1::1", "input");
	assert_way("fd00:1::5", "passes");
}

static void neighbour_discovery_is_not_dropped_as_forwarded(void **state)
{
	(void)state;
	netns_enter();
	make_network(true);

	struct frame_spec spec = packet_to("fd00:2::7");
	spec.proto = IPPROTO_ICMPV6;
	spec.icmp = 135 << 8;
	assert_string_equal(way_of(&spec), "passes");
	spec.icmp = 128 << 8;
	assert_string_equal(way_of(&spec), "forward");
}

static void directed_broadcasts_that_may_be_forwarded_pass(void **state)
{
	(void)state;
	netns_enter();
	make_network(true);
	add_default_routes();
	assert_plain_way("10.2.0.255", "input");
	sysctl("ipv4/conf/all/bc_forwarding", 1);
	sysctl("ipv4/conf/in0/bc_forwarding", 1);
	assert_plain_way("10.2.0.255", "passes");
}

/* A frame for the host alone may be forwarded: see bpf/route.bpf.h. */
static void groups_of_ipv6_come_in_frames_for_groups(void **state)
{
	struct frame_spec spec = packet_to("ff02::1");

	(void)state;
	netns_enter();
	make_network(true);
	assert_string_equal(way_of(&spec), "passes");
	spec.pkt_type = PACKET_MULTICAST;
	assert_string_equal(way_of(&spec), "input");
}

/* Takes on the host's routing of groups, as mrouted does. */
static int route_groups(int family)
{
	static const int on = 1;
	int proto = family == AF_INET ? IPPROTO_IGMP : IPPROTO_ICMPV6;
	int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, proto);

	assert_true(fd >= 0);
	/* MRT6_INIT is the same number. */
	assert_int_equal(setsockopt(fd, level, MRT_INIT, &on, sizeof(on)), 0);
	return fd;
}

static void groups_that_are_routed_pass(void **state)
{
	struct frame_spec spec = packet_to("239.1.1.1");
	struct frame_spec spec6 = packet_to("ff05::1");
	int fd, fd6;

	(void)state;
	netns_enter();
	make_network(true);
	spec.pkt_type = spec6.pkt_type = PACKET_MULTICAST;
	fd = route_groups(AF_INET);
	assert_string_equal(way_of(&spec), "passes");
	assert_string_equal(way_of(&spec6), "input");
	fd6 = route_groups(AF_INET6);
	assert_string_equal(way_of(&spec6), "passes");
	close(fd);
	close(fd6);
	assert_string_equal(way_of(&spec), "input");
	assert_string_equal(way_of(&spec6), "input");
}

static void a_route_by_source_is_followed(void **state)
{
	struct frame_spec spec;

	(void)state;
	netns_enter();
	make_network(true);
	add_default_routes();
	assert_run("ip route add unreachable default table 7");
	assert_run("ip rule add from 10.1.0.66 table 7");
	assert_run("ip rule add tos 0x10 table 7");
	spec = packet_from("10.1.0.66", "192.0.2.1");
	assert_string_equal(way_of(&spec), "passes");
	spec = packet_from("10.1.0.67", "192.0.2.1");
	assert_string_equal(way_of(&spec), "forward");
	spec.tos = 0x10;
	assert_string_equal(way_of(&spec), "passes");
}

static void where_rules_reroute_only_a_host_is_sure(void **state)
{
	const struct wire_settings marked = {
		.skip_device_check = 1,
		.is_marked_routing = 1,
	};
	const worlds_t both =
		WORLDS(STAGE_INPUT, CT_ALL) | WORLDS(STAGE_FORWARD, CT_ALL);
	struct frame_spec here, there;

	(void)state;
	netns_enter();
	make_network(false);
	add_default_routes();
	here = packet_to("10.1.0.1");
	there = packet_to("192.0.2.1");

	OWN(loaded) struct loaded *loaded = drop_at(FAMILY_IPV4, both, &marked);
	assert_true(drops(loaded, &here));
	assert_true(drops(loaded, &there));
	sysctl("ipv4/ip_forward", 1);
	assert_true(drops(loaded, &here));
	assert_false(drops(loaded, &there));
}

static void a_drop_before_routing_asks_for_no_route(void **state)
{
	struct frame_spec spec;

	(void)state;
	netns_enter();
	make_network(true);

	OWN(loaded)
	struct loaded *loaded =
		drop_at(FAMILY_IPV4, WORLDS_ALL, &hand_settings);
	spec = packet_to("192.0.2.1");
	spec.ttl = 1;
	assert_true(drops(loaded, &spec));
}

static void one_state_that_is_not_dropped_is_enough_to_pass(void **state)
{
	struct frame_spec spec;

	(void)state;
	netns_enter();
	make_network(false);
	spec = packet_to("10.1.0.1");
	for (unsigned int bit = 0; bit < CT_STATE_COUNT; bit++) {
		unsigned int states = CT_ALL & ~(1U << bit);
		OWN(loaded)
		struct loaded *loaded =
			drop_at(FAMILY_IPV4, WORLDS(STAGE_INPUT, states),
				&hand_settings);

		assert_false(drops(loaded, &spec));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_host_that_does_not_forward_has_only_input_for_ipv4),
		cmocka_unit_test(
			a_host_that_does_not_forward_answers_ipv6_without_route),
		cmocka_unit_test(a_router_tells_input_from_forward),
		cmocka_unit_test(
			what_is_not_forwarded_is_local_only_by_the_operators_word),
		cmocka_unit_test(
			own_addresses_are_local_where_routing_asks_that_first),
		cmocka_unit_test(
			where_paths_are_chosen_otherwise_wide_packets_pass),
		cmocka_unit_test(
			a_packet_without_a_route_is_answered_by_the_router),
		cmocka_unit_test(routes_that_refuse_are_left_to_the_host),
		cmocka_unit_test(a_packet_that_would_be_redirected_passes),
		cmocka_unit_test(a_ttl_that_runs_out_is_answered_by_the_router),
		cmocka_unit_test(a_packet_too_large_for_the_link_is_answered),
		cmocka_unit_test(
			with_ipsec_only_what_fits_everywhere_is_dropped),
		cmocka_unit_test(
			link_local_addresses_are_input_only_where_they_are_ours),
		cmocka_unit_test(an_address_that_is_still_probed_is_not_ours),
		cmocka_unit_test(
			neighbour_discovery_is_not_dropped_as_forwarded),
		cmocka_unit_test(
			directed_broadcasts_that_may_be_forwarded_pass),
		cmocka_unit_test(groups_of_ipv6_come_in_frames_for_groups),
		cmocka_unit_test(groups_that_are_routed_pass),
		cmocka_unit_test(a_route_by_source_is_followed),
		cmocka_unit_test(where_rules_reroute_only_a_host_is_sure),
		cmocka_unit_test(a_drop_before_routing_asks_for_no_route),
		cmocka_unit_test(
			one_state_that_is_not_dropped_is_enough_to_pass),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
