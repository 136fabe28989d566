// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

#include "net/notices.h"
#include "net/rules_mark.h"

static bool is_same(struct rules_mark a, struct rules_mark b)
{
	return a.generation == b.generation && a.legacy == b.legacy &&
	       a.sets == b.sets;
}

static struct rules_mark mark(void)
{
	struct rules_mark now;

	rules_mark_read(&now);
	return now;
}

#define skip_without(command)                                                  \
	do {                                                                   \
		if (!netns_run("%s", command))                                 \
			skip_because("needs " command);                        \
	} while (0)

static void a_change_of_nftables_is_seen(void **state)
{
	(void)state;
	netns_enter();
	skip_without("nft list ruleset");
	struct rules_mark before = mark();

	assert_true(is_same(before, mark()));
	assert_run("nft add table ip t");
	assert_false(is_same(before, mark()));
}

static void each_change_of_legacy_tables_is_seen(void **state)
{
	static const char *const changes[] = {
		"iptables-legacy -A INPUT -p udp --dport 1 -j DROP",
		"iptables-legacy -A INPUT -p udp --dport 2 -j DROP",
		"iptables-legacy -R INPUT 2 -p udp --dport 3 -j DROP",
		"iptables-legacy -P FORWARD DROP",
		"iptables-legacy -D INPUT 1",
		"iptables-legacy -t raw -A PREROUTING -j ACCEPT",
		"ip6tables-legacy -A INPUT -p udp --dport 1 -j DROP",
		"ip6tables-legacy -R INPUT 1 -p udp --dport 1 -j ACCEPT",
	};

	(void)state;
	netns_enter();
	skip_without("iptables-legacy -L");
	skip_without("ip6tables-legacy -L");
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct rules_mark before = mark();

		assert_run("%s", changes[i]);
		assert_false(is_same(before, mark()));
		assert_true(is_same(mark(), mark()));
	}
}

static void counters_are_no_change(void **state)
{
	(void)state;
	netns_enter();
	skip_without("iptables-legacy -A INPUT -i lo");
	skip_without("iptables-legacy -A INPUT -i lo -m limit -j ACCEPT");
	assert_run("ip link set lo up");
	struct rules_mark before = mark();

	assert_run("ping -c 2 -i 0.2 127.0.0.1");
	assert_run("iptables-legacy -vnL INPUT | grep -q '[1-9] .*lo'");
	assert_true(is_same(before, mark()));
}

static void members_of_sets_are_seen(void **state)
{
	static const char *const changes[] = {
		"ipset create a hash:ip timeout 1000 counters",
		"ipset add a 192.0.2.1",
		"ipset add a 192.0.2.2",
		"ipset del a 192.0.2.1",
		"ipset create b hash:net family inet6",
		"ipset rename b c",
		"ipset add c 2001:db8::/32",
		"ipset create d hash:ip timeout 1000 counters",
		"ipset swap a d",
	};

	(void)state;
	netns_enter();
	skip_without("ipset list");
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct rules_mark before = mark();

		assert_run("%s", changes[i]);
		assert_false(is_same(before, mark()));
		assert_true(is_same(mark(), mark()));
	}
	/* Time passes, but the member is the same. */
	struct rules_mark before = mark();
	assert_run("sleep 1.1; ipset list d | grep -q 'timeout 99[0-8]'");
	assert_true(is_same(before, mark()));
}

static void no_table_is_made_by_looking(void **state)
{
	(void)state;
	netns_enter();
	mark();
	assert_false(netns_run("grep -q . /proc/net/ip_tables_names"));
}

static unsigned int read_once(struct notices *notices)
{
	struct pollfd fds[NOTICES_FDS];

	notices_poll(notices, fds);
	poll(fds, NOTICES_FDS, 1000);
	return notices_read(notices);
}

static void notices_tell_what_to_look_at(void **state)
{
	OWN(notices) struct notices *notices = NULL;
	struct err err;

	(void)state;
	netns_enter();
	assert_int_equal(notices_open(&notices, &err), 0);
	assert_int_equal(notices_read(notices), 0);
	assert_run("ip link add v0 type veth peer name v1");
	assert_true(read_once(notices) & NOTICE_LINK);
	assert_run("ip link set v0 up && ip addr add 192.0.2.1/24 dev v0");
	assert_true(read_once(notices) & NOTICE_ADDRESS);
	if (netns_run("nft add table ip t"))
		assert_true(read_once(notices) & NOTICE_RULES);
	if (netns_run("ethtool -K v0 tx off"))
		assert_true(read_once(notices) & NOTICE_DEVICE);
}

static void what_is_lost_is_told(void **state)
{
	OWN(notices) struct notices *notices = NULL;
	struct err err;

	(void)state;
	netns_enter();
	assert_int_equal(notices_open(&notices, &err), 0);
	assert_run(
		"ip link set lo up; for i in $(seq 0 7); do "
		"for j in $(seq 250); do "
		"echo addr add 10.1.$i.$j/32 dev lo; done; done >/run/batch");
	assert_run("ip -batch /run/batch");
	unsigned int seen = notices_read(notices);
	assert_true(seen & NOTICE_LOST);
	assert_true(seen & NOTICE_ADDRESS);
	assert_int_equal(notices_read(notices), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_of_nftables_is_seen),
		cmocka_unit_test(each_change_of_legacy_tables_is_seen),
		cmocka_unit_test(counters_are_no_change),
		cmocka_unit_test(members_of_sets_are_seen),
		cmocka_unit_test(no_table_is_made_by_looking),
		cmocka_unit_test(notices_tell_what_to_look_at),
		cmocka_unit_test(what_is_lost_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
