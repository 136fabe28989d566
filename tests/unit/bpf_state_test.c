// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which connection states a program takes a packet to be in, against the
 * kernel's own connection tracking. Conversations over lo make the entries.
 */
#include "tests/unit/bpf_hand.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "bpf/stamp.h"
#include "tests/unit/netns.h"

#define ALWAYS (CT_INVALID | CT_UNTRACKED)

/* One program for each state: it drops packets that cannot be in that one. */
struct asker {
	struct loaded *without[CT_STATE_COUNT];
};

static struct loaded *load_without(enum wire_class class, unsigned int state,
				   const struct wire_settings *settings)
{
	struct hand hand =
		hand_make(class == WIRE_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4);

	hand_add(&hand, WORLDS(STAGE_PREROUTING, CT_ALL & ~state));

	OWN(program)
	struct program *program = hand_program(&hand, class, settings);
	hand_free(&hand);
	return hand_load(program);
}

static struct asker make_asker_of(enum wire_class class,
				  const struct wire_settings *settings)
{
	struct asker asker;

	for (int i = 0; i < CT_STATE_COUNT; i++)
		asker.without[i] = load_without(class, 1u << i, settings);
	return asker;
}

static struct asker make_asker(enum family family,
			       const struct wire_settings *settings)
{
	return make_asker_of(family == FAMILY_IPV4 ? WIRE_IPV4 : WIRE_IPV6,
			     settings);
}

static void free_asker(struct asker *asker)
{
	for (int i = 0; i < CT_STATE_COUNT; i++)
		loaded_free(asker->without[i]);
}

/* S: the states in which the programs say that the packet may be. */
static unsigned int states_of(const struct asker *asker,
			      const struct frame_spec *spec)
{
	unsigned int states = 0;

	for (int i = 0; i < CT_STATE_COUNT; i++) {
		if (!hand_drops(asker->without[i], spec))
			states |= 1u << i;
	}
	return states;
}

static const struct wire_settings lookup = { .skip_device_check = 1,
					     .has_lookup = 1 };

static void skip_without_lookup(void)
{
	struct kernel_features features;

	kernel_features_probe(&features);
	if (!features.has_conntrack)
		skip_because("this kernel has no bpf_xdp_ct_lookup()");
}

/* A network namespace that tracks what goes over lo. */
#define tracking_enter()                                                       \
	do {                                                                   \
		netns_enter();                                                 \
		skip_without_lookup();                                         \
		assert_run("ip link set lo up");                               \
		assert_run("iptables-legacy -A INPUT -m state --state NEW");   \
		assert_run("ip6tables-legacy -A INPUT -m state --state NEW");  \
	} while (0)

static struct sockaddr_storage address(const char *text, uint16_t port)
{
	struct sockaddr_storage storage = { 0 };

	if (strchr(text, ':')) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&storage;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		assert_int_equal(inet_pton(AF_INET6, text, &in6->sin6_addr), 1);
	} else {
		struct sockaddr_in *in = (struct sockaddr_in *)&storage;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		assert_int_equal(inet_pton(AF_INET, text, &in->sin_addr), 1);
	}
	return storage;
}

/* A socket bound to this address. */
static int bound(int type, const char *text, uint16_t port)
{
	struct sockaddr_storage storage = address(text, port);
	int one = 1;
	int fd = socket(storage.ss_family, type | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	assert_return_code(bind(fd, (struct sockaddr *)&storage,
				sizeof(storage)),
			   0);
	return fd;
}

static void send_bytes(int fd, const void *bytes, size_t size, const char *text,
		       uint16_t port)
{
	struct sockaddr_storage storage = address(text, port);

	assert_int_equal(sendto(fd, bytes, size, 0, (struct sockaddr *)&storage,
				sizeof(storage)),
			 size);
}

static void send_to(int fd, const char *text, uint16_t port)
{
	send_bytes(fd, "x", 1, text, port);
}

static u128 number(const char *text)
{
	uint8_t bytes[16];
	bool is_ipv6 = strchr(text, ':');
	u128 value = 0;

	assert_int_equal(inet_pton(is_ipv6 ? AF_INET6 : AF_INET, text, bytes),
			 1);
	for (int i = 0; i < (is_ipv6 ? 16 : 4); i++)
		value = value << 8 | bytes[i];
	return value;
}

static struct frame_spec packet(uint8_t proto, const char *source,
				uint16_t sport, const char *dest,
				uint16_t dport)
{
	return (struct frame_spec){
		.family = strchr(dest, ':') ? FAMILY_IPV6 : FAMILY_IPV4,
		.pkt_type = PACKET_HOST,
		.proto = proto,
		.ttl = 64,
		.saddr = number(source),
		.daddr = number(dest),
		.sport = sport,
		.dport = dport,
		.tcp_flags = 0x10,
	};
}

static void udp_goes_from_new_to_established(const char *a, const char *b)
{
	struct frame_spec there = packet(IPPROTO_UDP, a, 1001, b, 1002);
	struct frame_spec back = packet(IPPROTO_UDP, b, 1002, a, 1001);
	struct asker asker = make_asker(there.family, &lookup);
	int one = bound(SOCK_DGRAM, a, 1001), two = bound(SOCK_DGRAM, b, 1002);

	assert_int_equal(states_of(&asker, &there), ALWAYS | CT_NEW);
	send_to(one, b, 1002);
	assert_int_equal(states_of(&asker, &there), ALWAYS | CT_NEW);
	assert_int_equal(states_of(&asker, &back), ALWAYS | CT_ESTABLISHED);
	send_to(two, a, 1001);
	assert_int_equal(states_of(&asker, &there), ALWAYS | CT_ESTABLISHED);
	assert_int_equal(states_of(&asker, &back), ALWAYS | CT_ESTABLISHED);
	close(one);
	close(two);
	free_asker(&asker);
}

static void udp_over_ipv4(void **state)
{
	(void)state;
	tracking_enter();
	udp_goes_from_new_to_established("127.0.0.1", "127.0.0.2");
}

static void udp_over_ipv6(void **state)
{
	(void)state;
	tracking_enter();
	assert_run("ip addr add fd00::1/128 dev lo nodad");
	assert_run("ip addr add fd00::2/128 dev lo nodad");
	udp_goes_from_new_to_established("fd00::1", "fd00::2");
}

static void a_syn_may_reopen_a_tcp_connection(void **state)
{
	struct frame_spec there =
		packet(IPPROTO_TCP, "127.0.0.1", 1001, "127.0.0.2", 1002);
	struct frame_spec back =
		packet(IPPROTO_TCP, "127.0.0.2", 1002, "127.0.0.1", 1001);
	struct sockaddr_storage to = address("127.0.0.2", 1002);

	(void)state;
	tracking_enter();
	struct asker asker = make_asker(FAMILY_IPV4, &lookup);
	int server = bound(SOCK_STREAM, "127.0.0.2", 1002);
	int client = bound(SOCK_STREAM, "127.0.0.1", 1001);

	assert_int_equal(states_of(&asker, &there), ALWAYS | CT_NEW);
	assert_return_code(listen(server, 1), 0);
	assert_return_code(connect(client, (struct sockaddr *)&to, sizeof(to)),
			   0);
	assert_int_equal(states_of(&asker, &there), ALWAYS | CT_ESTABLISHED);
	assert_int_equal(states_of(&asker, &back), ALWAYS | CT_ESTABLISHED);
	there.tcp_flags = 0x02;
	assert_int_equal(states_of(&asker, &there),
			 ALWAYS | CT_ESTABLISHED | CT_NEW);
	there.tcp_flags = 0x12;
	assert_int_equal(states_of(&asker, &there), ALWAYS | CT_ESTABLISHED);
	there.sport = 1003;
	assert_int_equal(states_of(&asker, &there), ALWAYS | CT_NEW);
	close(client);
	close(server);
	free_asker(&asker);
}

static void an_expected_connection_is_related_until_answered(void **state)
{
	static const uint8_t read_request[] = { 0, 1 };
	struct frame_spec data =
		packet(IPPROTO_UDP, "127.0.0.2", 1002, "127.0.0.1", 1001);

	(void)state;
	tracking_enter();
	if (!netns_run("iptables-legacy -t raw -A OUTPUT -p udp --dport 69 "
		       "-j CT --helper tftp"))
		skip_because("this kernel has no TFTP helper");
	struct asker asker = make_asker(FAMILY_IPV4, &lookup);
	int client = bound(SOCK_DGRAM, "127.0.0.1", 1001);
	int server = bound(SOCK_DGRAM, "127.0.0.2", 1002);

	send_bytes(client, read_request, sizeof(read_request), "127.0.0.2", 69);
	send_to(server, "127.0.0.1", 1001);
	assert_int_equal(states_of(&asker, &data), ALWAYS | CT_RELATED);
	send_to(client, "127.0.0.2", 1002);
	assert_int_equal(states_of(&asker, &data), ALWAYS | CT_ESTABLISHED);
	close(client);
	close(server);
	free_asker(&asker);
}

/* TFTP's helper expects an answer from any port of the server. */
static void whether_anything_is_expected_is_asked(void **state)
{
	static const uint8_t read_request[] = { 0, 1 };
	struct frame_spec other =
		packet(IPPROTO_UDP, "127.0.0.5", 1002, "127.0.0.1", 1001);
	struct wire_settings asking = lookup;
	struct stamper *stamper = NULL;
	struct err err;

	(void)state;
	tracking_enter();
	if (!netns_run("iptables-legacy -t raw -A OUTPUT -p udp --dport 69 "
		       "-j CT --helper tftp"))
		skip_because("this kernel has no TFTP helper");
	if (stamper_open(&stamper, &err) ||
	    stamper_take(stamper, if_nametoindex("lo"), &asking.stamp, &err))
		fail_msg("%s", err.text);
	stamper_free(stamper);
	assert_true(asking.stamp.askable & WIRE_CHECK_EXPECTATIONS);
	asking.checks = WIRE_CHECK_EXPECTATIONS;
	struct asker asker = make_asker(FAMILY_IPV4, &asking);
	int client = bound(SOCK_DGRAM, "127.0.0.1", 1001);

	assert_int_equal(states_of(&asker, &other), ALWAYS | CT_NEW);
	send_bytes(client, read_request, sizeof(read_request), "127.0.0.2", 69);
	assert_int_equal(states_of(&asker, &other),
			 ALWAYS | CT_NEW | CT_RELATED);
	close(client);
	free_asker(&asker);
}

static void a_connection_with_itself_tells_nothing(void **state)
{
	struct frame_spec there =
		packet(IPPROTO_UDP, "127.0.0.1", 1001, "127.0.0.1", 1001);

	(void)state;
	tracking_enter();
	struct asker asker = make_asker(FAMILY_IPV4, &lookup);
	int one = bound(SOCK_DGRAM, "127.0.0.1", 1001);

	send_to(one, "127.0.0.1", 1001);
	assert_int_equal(states_of(&asker, &there), CT_ALL);
	close(one);
	free_asker(&asker);
}

static struct wire_settings in_zones(uint16_t first, uint16_t second)
{
	struct wire_settings settings = lookup;

	for (int i = 0; i < 2; i++) {
		settings.zone_count[i] = second == first ? 1 : 2;
		settings.zones[i][0].id = first;
		settings.zones[i][1].id = second;
		settings.zones[i][0].dir = settings.zones[i][1].dir =
			WIRE_ZONE_BOTH;
	}
	return settings;
}

/* S of @spec for a program that asks in these zones (the same twice: one). */
static unsigned int states_in(uint16_t first, uint16_t second,
			      const struct frame_spec *spec)
{
	const struct wire_settings settings = in_zones(first, second);
	struct asker asker = make_asker(spec->family, &settings);
	unsigned int states = states_of(&asker, spec);

	free_asker(&asker);
	return states;
}

/* Strict: does what the rules drop pass, because it may be known in there? */
static bool is_known_in(uint16_t first, uint16_t second,
			const struct frame_spec *spec)
{
	struct wire_settings settings = in_zones(first, second);
	struct loaded *in_all;
	bool is_known;

	settings.strict_conntrack = 1;
	in_all = load_without(WIRE_IPV4, 0, &settings);
	is_known = !hand_drops(in_all, spec);
	loaded_free(in_all);
	return is_known;
}

static void a_connection_is_known_in_its_zone_only(void **state)
{
	struct kernel_features features;
	struct frame_spec back =
		packet(IPPROTO_UDP, "127.0.0.2", 1002, "127.0.0.1", 1001);

	(void)state;
	kernel_features_probe(&features);
	if (!features.has_zones)
		skip_because("this kernel does not let programs ask in zones");
	tracking_enter();
	assert_run("iptables-legacy -t raw -A OUTPUT -j CT --zone 7");
	assert_run("iptables-legacy -t raw -A PREROUTING -j CT --zone 7");
	int one = bound(SOCK_DGRAM, "127.0.0.1", 1001);
	int two = bound(SOCK_DGRAM, "127.0.0.2", 1002);

	send_to(one, "127.0.0.2", 1002);
	send_to(two, "127.0.0.1", 1001);
	assert_int_equal(states_in(0, 0, &back), ALWAYS | CT_NEW);
	assert_int_equal(states_in(7, 7, &back), ALWAYS | CT_ESTABLISHED);
	assert_int_equal(states_in(8, 8, &back), ALWAYS | CT_NEW);
	assert_int_equal(states_in(8, 7, &back),
			 ALWAYS | CT_NEW | CT_ESTABLISHED);
	assert_int_equal(states_in(7, 8, &back),
			 ALWAYS | CT_NEW | CT_ESTABLISHED);
	assert_false(is_known_in(0, 0, &back));
	assert_true(is_known_in(7, 7, &back));
	assert_true(is_known_in(8, 7, &back));
	assert_false(is_known_in(8, 9, &back));
	close(one);
	close(two);
}

static void a_translated_connection_tells_nothing(void **state)
{
	struct frame_spec there =
		packet(IPPROTO_UDP, "127.0.0.1", 1001, "127.0.0.3", 1002);
	struct frame_spec back =
		packet(IPPROTO_UDP, "127.0.0.2", 1002, "127.0.0.1", 1001);

	(void)state;
	tracking_enter();
	struct asker asker = make_asker(FAMILY_IPV4, &lookup);
	int one = bound(SOCK_DGRAM, "127.0.0.1", 1001);

	assert_run("iptables-legacy -t nat -A OUTPUT -d 127.0.0.3 -j DNAT "
		   "--to 127.0.0.2");
	send_to(one, "127.0.0.3", 1002);
	assert_int_equal(states_of(&asker, &there), CT_ALL);
	assert_int_equal(states_of(&asker, &back), CT_ALL);
	close(one);
	free_asker(&asker);
}

static void with_helpers_a_new_packet_may_be_expected(void **state)
{
	static const struct wire_settings expecting = { .skip_device_check = 1,
							.has_lookup = 1,
							.may_expect = 1 };
	struct frame_spec there =
		packet(IPPROTO_UDP, "127.0.0.1", 1001, "127.0.0.2", 1002);

	(void)state;
	tracking_enter();
	struct asker asker = make_asker(FAMILY_IPV4, &expecting);
	assert_int_equal(states_of(&asker, &there),
			 ALWAYS | CT_NEW | CT_RELATED);
	free_asker(&asker);
}

static void what_a_syn_reopens_may_be_expected(void **state)
{
	static const struct wire_settings expecting = { .skip_device_check = 1,
							.has_lookup = 1,
							.may_expect = 1 };
	struct frame_spec there =
		packet(IPPROTO_TCP, "127.0.0.1", 1001, "127.0.0.2", 1002);
	struct sockaddr_storage to = address("127.0.0.2", 1002);

	(void)state;
	tracking_enter();
	struct asker asker = make_asker(FAMILY_IPV4, &expecting);
	int server = bound(SOCK_STREAM, "127.0.0.2", 1002);
	int client = bound(SOCK_STREAM, "127.0.0.1", 1001);

	assert_return_code(listen(server, 1), 0);
	assert_return_code(connect(client, (struct sockaddr *)&to, sizeof(to)),
			   0);
	assert_int_equal(states_of(&asker, &there), ALWAYS | CT_ESTABLISHED);
	there.tcp_flags = 0x02;
	assert_int_equal(states_of(&asker, &there), CT_ALL);
	close(client);
	close(server);
	free_asker(&asker);
}

static void a_reset_may_follow_its_syn_at_once(void **state)
{
	struct frame_spec there =
		packet(IPPROTO_TCP, "127.0.0.1", 1001, "127.0.0.2", 1002);

	(void)state;
	tracking_enter();
	struct asker asker = make_asker(FAMILY_IPV4, &lookup);

	assert_int_equal(states_of(&asker, &there), ALWAYS | CT_NEW);
	there.tcp_flags = 0x04;
	assert_int_equal(states_of(&asker, &there),
			 ALWAYS | CT_NEW | CT_ESTABLISHED);
	free_asker(&asker);
}

static const struct wire_settings strict = { .skip_device_check = 1,
					     .has_lookup = 1,
					     .strict_conntrack = 1 };

/* Also where the rules drop in every state: the host's drop would refresh. */
static void strict_lets_every_known_connection_pass(void **state)
{
	struct frame_spec there =
		packet(IPPROTO_UDP, "127.0.0.1", 1001, "127.0.0.2", 1002);

	(void)state;
	tracking_enter();
	OWN(loaded)
	struct loaded *in_all = load_without(WIRE_IPV4, 0, &strict);
	int one = bound(SOCK_DGRAM, "127.0.0.1", 1001);

	assert_true(hand_drops(in_all, &there));
	send_to(one, "127.0.0.2", 1002);
	assert_false(hand_drops(in_all, &there));
	close(one);
}

/* Of most protocols a program cannot ask, of fragments neither. */
static void strict_lets_all_pass_that_may_be_known(void **state)
{
	static const struct {
		uint8_t proto, icmp_type;
		bool is_dropped;
	} rows[] = {
		{ IPPROTO_UDP, 0, true },   { IPPROTO_SCTP, 0, false },
		{ IPPROTO_GRE, 0, false },  { IPPROTO_ICMP, 8, false },
		{ IPPROTO_ICMP, 0, false }, { IPPROTO_ICMP, 13, false },
		{ IPPROTO_ICMP, 3, true },  { IPPROTO_ICMP, 9, true },
	};

	(void)state;
	tracking_enter();
	OWN(loaded)
	struct loaded *in_all = load_without(WIRE_IPV4, 0, &strict);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct frame_spec spec =
			packet(rows[i].proto, "127.0.0.1", 1, "127.0.0.2", 2);

		spec.icmp = (uint16_t)(rows[i].icmp_type << 8);
		assert_int_equal(hand_drops(in_all, &spec), rows[i].is_dropped);
	}
}

static void icmp_tells_by_its_type(void **state)
{
	static const struct {
		enum family family;
		uint8_t type;
		unsigned int states;
	} rows[] = {
		{ FAMILY_IPV4, 3, ALWAYS | CT_RELATED },
		{ FAMILY_IPV4, 5, ALWAYS | CT_RELATED },
		{ FAMILY_IPV4, 11, ALWAYS | CT_RELATED },
		{ FAMILY_IPV4, 8, ALWAYS | CT_NEW | CT_ESTABLISHED },
		{ FAMILY_IPV4, 13, ALWAYS | CT_NEW | CT_ESTABLISHED },
		{ FAMILY_IPV4, 0, ALWAYS | CT_ESTABLISHED },
		{ FAMILY_IPV4, 14, ALWAYS | CT_ESTABLISHED },
		{ FAMILY_IPV4, 9, ALWAYS },
		{ FAMILY_IPV6, 1, ALWAYS | CT_RELATED },
		{ FAMILY_IPV6, 137, ALWAYS | CT_RELATED },
		{ FAMILY_IPV6, 128, ALWAYS | CT_NEW | CT_ESTABLISHED },
		{ FAMILY_IPV6, 129, ALWAYS | CT_ESTABLISHED },
		{ FAMILY_IPV6, 135, ALWAYS },
		{ FAMILY_IPV6, 143, ALWAYS },
	};

	(void)state;
	skip_without_root();
	skip_without_lookup();
	struct asker ipv4 = make_asker(FAMILY_IPV4, &lookup);
	struct asker ipv6 = make_asker(FAMILY_IPV6, &lookup);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool is_ipv6 = rows[i].family == FAMILY_IPV6;
		struct frame_spec spec =
			packet(is_ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP,
			       is_ipv6 ? "fd00::1" : "10.0.0.1", 0,
			       is_ipv6 ? "fd00::2" : "10.0.0.2", 0);

		spec.icmp = rows[i].type << 8;
		if (states_of(is_ipv6 ? &ipv6 : &ipv4, &spec) != rows[i].states)
			fail_msg("icmp%s type %u: states %#x, expected %#x",
				 is_ipv6 ? "v6" : "", rows[i].type,
				 states_of(is_ipv6 ? &ipv6 : &ipv4, &spec),
				 rows[i].states);
	}
	free_asker(&ipv4);
	free_asker(&ipv6);
}

static void without_a_lookup_every_state_is_possible(void **state)
{
	struct frame_spec udp =
		packet(IPPROTO_UDP, "127.0.0.1", 1001, "127.0.0.2", 1002);
	struct frame_spec gre = packet(47, "10.0.0.1", 0, "10.0.0.2", 0);

	(void)state;
	skip_without_root();
	struct asker blind = make_asker(FAMILY_IPV4, &hand_settings);
	struct asker seeing = make_asker(FAMILY_IPV4, &lookup);
	assert_int_equal(states_of(&blind, &udp), CT_ALL);
	assert_int_equal(states_of(&seeing, &gre), CT_ALL);
	free_asker(&blind);
	free_asker(&seeing);
}

static void a_fragment_may_be_in_any_state(void **state)
{
	struct frame_spec udp =
		packet(IPPROTO_UDP, "127.0.0.1", 1001, "127.0.0.2", 1002);

	(void)state;
	skip_without_root();
	skip_without_lookup();
	struct asker asker = make_asker_of(WIRE_FRAGMENT, &lookup);
	udp.shape = FRAME_FRAGMENT;
	udp.has_more = true;
	assert_int_equal(states_of(&asker, &udp), CT_ALL);
	free_asker(&asker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(udp_over_ipv4),
		cmocka_unit_test(udp_over_ipv6),
		cmocka_unit_test(a_syn_may_reopen_a_tcp_connection),
		cmocka_unit_test(
			an_expected_connection_is_related_until_answered),
		cmocka_unit_test(whether_anything_is_expected_is_asked),
		cmocka_unit_test(a_connection_with_itself_tells_nothing),
		cmocka_unit_test(a_connection_is_known_in_its_zone_only),
		cmocka_unit_test(a_translated_connection_tells_nothing),
		cmocka_unit_test(with_helpers_a_new_packet_may_be_expected),
		cmocka_unit_test(what_a_syn_reopens_may_be_expected),
		cmocka_unit_test(a_reset_may_follow_its_syn_at_once),
		cmocka_unit_test(strict_lets_every_known_connection_pass),
		cmocka_unit_test(strict_lets_all_pass_that_may_be_known),
		cmocka_unit_test(icmp_tells_by_its_type),
		cmocka_unit_test(without_a_lookup_every_state_is_possible),
		cmocka_unit_test(a_fragment_may_be_in_any_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
