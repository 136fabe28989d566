// SPDX-License-Identifier: GPL-2.0-only
/*
 * bpf/unchanged.bpf.h and bpf/stamp.bpf.c: what changes on the host behind a
 * program stops its drops. The program would drop everything.
 */
#include "tests/unit/bpf_hand.h"

#include <fcntl.h>
#include <net/if.h>

#include "bpf/stamp.h"
#include "tests/unit/netns.h"

static struct stamper *stamper;
static unsigned int ifindex;

#define enter()                                                                \
	do {                                                                   \
		struct kernel_features kernel_;                                \
		struct err err_;                                               \
                                                                               \
		netns_enter();                                                 \
		kernel_features_probe(&kernel_);                               \
		if (!kernel_.has_device)                                       \
			skip_because("this kernel does not show devices to "   \
				     "programs");                              \
		if (!stamper && stamper_open(&stamper, &err_))                 \
			fail_msg("%s", err_.text);                             \
		assert_run("ip link add v0 address 02:00:00:00:00:01 "         \
			   "type veth peer name v1");                          \
		assert_run("ip addr add 10.1.0.1/16 dev v0");                  \
		assert_run("ip link set v0 up && ip link set v1 up");          \
		ifindex = if_nametoindex("v0");                                \
	} while (0)

static struct wire_stamp take_stamp(void)
{
	struct wire_stamp stamp;
	struct err err;

	if (stamper_take(stamper, ifindex, &stamp, &err))
		fail_msg("%s", err.text);
	return stamp;
}

/* A program that drops at @stage, and rests on what @stamp has. */
static struct loaded *load_at(enum family family, worlds_t worlds,
			      const struct wire_stamp *stamp)
{
	const struct wire_settings settings = {
		.skip_device_check = 1,
		.checks = stamp->askable,
		.stamp = *stamp,
	};
	struct hand hand = hand_make(family);

	hand_add(&hand, worlds);
	OWN(program)
	struct program *program =
		hand_program(&hand,
			     family == FAMILY_IPV4 ? WIRE_IPV4 : WIRE_IPV6,
			     &settings);
	hand_free(&hand);
	return hand_load(program);
}

static struct loaded *load_now(void)
{
	const struct wire_stamp stamp = take_stamp();

	return load_at(FAMILY_IPV4, WORLDS_ALL, &stamp);
}

static bool drops_of(const struct loaded *loaded, enum family family)
{
	const struct frame_spec spec = {
		.family = family,
		.saddr = 0x0a010002,
		.daddr = 0x0a010001,
		.proto = IPPROTO_TCP,
		.ttl = 64,
	};
	uint8_t frame[FRAME_MAX];

	return hand_drops_from(loaded, ifindex, frame,
			       frame_write(&spec, frame));
}

static bool drops(const struct loaded *loaded)
{
	return drops_of(loaded, FAMILY_IPV4);
}

static void everything_can_be_asked(void **state)
{
	(void)state;
	enter();
	assert_run("iptables-legacy -A INPUT -m conntrack --ctstate NEW");
	struct wire_stamp stamp = take_stamp();
	assert_int_equal(stamp.askable, WIRE_CHECK_INTERFACE |
						WIRE_CHECK_HOOKS_IPV4 |
						WIRE_CHECK_HOOKS_IPV6 |
						WIRE_CHECK_LOG_INVALID |
						WIRE_CHECK_LOG_MARTIANS |
						WIRE_CHECK_EXPECTATIONS);
	assert_int_equal(stamp.ifindex, ifindex);
	assert_string_equal((const char *)stamp.name, "v0");
}

static void an_interface_that_is_not_there_has_no_stamp(void **state)
{
	struct wire_stamp stamp;
	struct err err;

	(void)state;
	enter();
	assert_int_equal(stamper_take(stamper, 4711, &stamp, &err), -ENODEV);
}

/* Drops before, and not while it is so. */
static void check_passes_with(const char *begin, const char *end)
{
	OWN(loaded) struct loaded *loaded = load_now();
	struct wire_settings settings = { .stamp = take_stamp() };
	struct wire_stamp now;

	settings.checks = settings.stamp.askable;
	assert_true(drops(loaded));
	now = take_stamp();
	assert_int_equal(stamp_changes(&settings, &now), 0);
	if (!netns_run("%s", begin)) {
		print_message("this machine refuses: %s\n", begin);
		/* skip() does not come back. */
		loaded_free(take(loaded));
		skip();
	}
	assert_false(drops(loaded));
	now = take_stamp();
	assert_int_not_equal(stamp_changes(&settings, &now), 0);
	if (!end)
		return;
	assert_run("%s", end);
	assert_true(drops(loaded));
}

static void a_renamed_interface_passes(void **state)
{
	(void)state;
	enter();
	check_passes_with("ip link set v0 down && ip link set v0 name w0",
			  "ip link set w0 name v0");
}

/* The last of the 15 characters counts. */
static void the_whole_name_counts(void **state)
{
	(void)state;
	enter();
	assert_run(
		"ip link set v0 down && ip link set v0 name 123456789012345");
	check_passes_with("ip link set 123456789012345 name 123456789012346",
			  "ip link set 123456789012346 name 123456789012345");
}

static int open_netns(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void an_interface_in_another_namespace_passes(void **state)
{
	(void)state;
	enter();
	OWN(loaded) struct loaded *loaded = load_now();
	OWN_FD int former = open_netns();

	assert_true(drops(loaded));
	assert_return_code(unshare(CLONE_NEWNET), 0);
	OWN_FD int other = open_netns();
	assert_return_code(setns(former, CLONE_NEWNET), 0);
	assert_run("ip link set v0 netns /proc/%d/fd/%d", getpid(), other);
	assert_return_code(setns(other, CLONE_NEWNET), 0);
	assert_run("ip link set v0 up");
	assert_int_equal(if_nametoindex("v0"), ifindex);
	assert_false(drops(loaded));
}

static void another_interface_of_the_name_passes(void **state)
{
	(void)state;
	enter();
	OWN(loaded) struct loaded *loaded = load_now();

	assert_true(drops(loaded));
	assert_run("ip link set v0 down && ip link set v0 name w0 && "
		   "ip link set v1 down && ip link set v1 name v0");
	ifindex = if_nametoindex("v0");
	assert_false(drops(loaded));
}

static void a_vrf_port_passes(void **state)
{
	(void)state;
	enter();
	check_passes_with("ip link add vrf0 type vrf table 10 && "
			  "ip link set v0 master vrf0",
			  "ip link set v0 nomaster");
}

static void log_lines_of_tracking_are_noticed(void **state)
{
	(void)state;
	enter();
	check_passes_with("sysctl -w net.netfilter.nf_conntrack_log_invalid=6",
			  "sysctl -w net.netfilter.nf_conntrack_log_invalid=0");
}

static void log_lines_of_martians_are_noticed(void **state)
{
	(void)state;
	enter();
	check_passes_with("sysctl -w net.ipv4.conf.all.log_martians=1",
			  "sysctl -w net.ipv4.conf.all.log_martians=0");
	check_passes_with("sysctl -w net.ipv4.conf.v0.log_martians=1",
			  "sysctl -w net.ipv4.conf.v0.log_martians=0");
}

static void a_nat_table_is_noticed(void **state)
{
	(void)state;
	enter();
	check_passes_with("iptables-legacy -t nat -A PREROUTING -p tcp "
			  "-j DNAT --to 10.0.0.1",
			  NULL);
}

static void a_base_chain_of_nftables_is_noticed(void **state)
{
	(void)state;
	enter();
	check_passes_with("nft add table inet t && nft add chain inet t c "
			  "'{ type filter hook prerouting priority -500; }'",
			  "nft delete table inet t");
}

static void tables_of_iptables_are_noticed(void **state)
{
	(void)state;
	enter();
	assert_run("iptables-legacy -t filter -L");
	check_passes_with("iptables-legacy -t mangle -L", NULL);
}

static void chains_of_nat_beside_others_are_noticed(void **state)
{
	struct wire_stamp stamp;

	(void)state;
	enter();
	assert_run("iptables-legacy -t nat -A POSTROUTING -j MASQUERADE");
	stamp = take_stamp();
	OWN(loaded)
	struct loaded *input =
		load_at(FAMILY_IPV4, WORLDS(STAGE_INPUT, CT_ALL), &stamp);
	assert_true(drops(input));
	assert_run("nft add table ip t && nft add chain ip t c "
		   "'{ type nat hook prerouting priority -100; }'");
	assert_false(drops(input));
}

static void a_hook_counts_where_packets_come_by(void **state)
{
	static const char forward[] =
		"nft add table ip t && nft add chain ip t c "
		"'{ type filter hook forward priority 0; }'";
	static const char input[] =
		"nft add table ip t && nft add chain ip t c "
		"'{ type filter hook input priority 0; }'";
	struct wire_stamp stamp;

	(void)state;
	enter();
	stamp = take_stamp();
	OWN(loaded)
	struct loaded *at_input =
		load_at(FAMILY_IPV4, WORLDS(STAGE_INPUT, CT_ALL), &stamp);
	OWN(loaded) struct loaded *before = load_now();
	assert_run("%s", forward);
	assert_true(drops(at_input));
	assert_run("nft delete table ip t");
	assert_run("%s", input);
	assert_false(drops(at_input));
	assert_true(drops(before));
}

static void a_hook_of_forward_counts_for_what_is_forwarded(void **state)
{
	const struct frame_spec spec = {
		.family = FAMILY_IPV4,
		.saddr = 0x0a010002,
		.daddr = 0x0a020002,
		.proto = IPPROTO_TCP,
		.ttl = 64,
	};
	uint8_t frame[FRAME_MAX];
	size_t length = frame_write(&spec, frame);
	struct wire_stamp stamp;

	(void)state;
	enter();
	assert_run("ip addr add 10.2.0.1/16 dev v1");
	assert_run("sysctl -w net.ipv4.conf.all.forwarding=1");
	stamp = take_stamp();
	OWN(loaded)
	struct loaded *loaded =
		load_at(FAMILY_IPV4, WORLDS(STAGE_FORWARD, CT_ALL), &stamp);
	assert_true(hand_drops_from(loaded, ifindex, frame, length));
	assert_run("nft add table ip t && nft add chain ip t c "
		   "'{ type filter hook forward priority 0; }'");
	assert_false(hand_drops_from(loaded, ifindex, frame, length));
}

static void hooks_of_the_other_family_are_no_matter(void **state)
{
	struct wire_stamp stamp;

	(void)state;
	enter();
	stamp = take_stamp();
	OWN(loaded)
	struct loaded *ipv4 = load_at(FAMILY_IPV4, WORLDS_ALL, &stamp);
	OWN(loaded)
	struct loaded *ipv6 = load_at(FAMILY_IPV6, WORLDS_ALL, &stamp);
	assert_true(drops_of(ipv6, FAMILY_IPV6));
	assert_run("ip6tables-legacy -t raw -L");
	assert_true(drops_of(ipv4, FAMILY_IPV4));
	assert_false(drops_of(ipv6, FAMILY_IPV6));
}

/* One bit turned in a hook of the stamp: is that noticed? */
static void check_hook_member(struct wire_stamp stamp, size_t member)
{
	struct wire_hook *hook =
		&stamp.hooks[0][WIRE_HOOKS_PREROUTING].items[0];

	assert_int_equal(hook->is_nft, 1);
	((uint8_t *)hook)[member] ^= 1;
	OWN(loaded)
	struct loaded *loaded = load_at(FAMILY_IPV4, WORLDS_ALL, &stamp);
	if (drops(loaded))
		fail_msg("byte %zu of a hook is not compared", member);
}

/* A chain may come to stand where another one stood: its handle tells. */
static void everything_about_a_hook_counts(void **state)
{
	(void)state;
	enter();
	assert_run("nft add table inet t && nft add chain inet t c "
		   "'{ type filter hook prerouting priority -500; }'");
	struct wire_stamp stamp = take_stamp();
	OWN(loaded)
	struct loaded *loaded = load_at(FAMILY_IPV4, WORLDS_ALL, &stamp);
	assert_true(drops(loaded));
	check_hook_member(stamp, offsetof(struct wire_hook, function));
	check_hook_member(stamp, offsetof(struct wire_hook, context));
	check_hook_member(stamp, offsetof(struct wire_hook, chain));
	check_hook_member(stamp, offsetof(struct wire_hook, table));
	check_hook_member(stamp, offsetof(struct wire_hook, priority));
}

static void too_many_hooks_cannot_be_asked(void **state)
{
	(void)state;
	enter();
	assert_run("nft add table ip t");
	for (int i = 0; i <= WIRE_HOOKS_MAX; i++)
		assert_run("nft add chain ip t c%d '{ type filter hook "
			   "prerouting priority %d; }'",
			   i, i);
	struct wire_stamp stamp = take_stamp();
	assert_false(stamp.askable & WIRE_CHECK_HOOKS_IPV4);
	assert_true(stamp.askable & WIRE_CHECK_HOOKS_IPV6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_can_be_asked),
		cmocka_unit_test(an_interface_that_is_not_there_has_no_stamp),
		cmocka_unit_test(a_renamed_interface_passes),
		cmocka_unit_test(the_whole_name_counts),
		cmocka_unit_test(an_interface_in_another_namespace_passes),
		cmocka_unit_test(another_interface_of_the_name_passes),
		cmocka_unit_test(a_vrf_port_passes),
		cmocka_unit_test(log_lines_of_tracking_are_noticed),
		cmocka_unit_test(log_lines_of_martians_are_noticed),
		cmocka_unit_test(a_nat_table_is_noticed),
		cmocka_unit_test(a_base_chain_of_nftables_is_noticed),
		cmocka_unit_test(tables_of_iptables_are_noticed),
		cmocka_unit_test(chains_of_nat_beside_others_are_noticed),
		cmocka_unit_test(a_hook_counts_where_packets_come_by),
		cmocka_unit_test(
			a_hook_of_forward_counts_for_what_is_forwarded),
		cmocka_unit_test(hooks_of_the_other_family_are_no_matter),
		cmocka_unit_test(everything_about_a_hook_counts),
		cmocka_unit_test(too_many_hooks_cannot_be_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
