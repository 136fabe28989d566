// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h> /* before linux/netfilter.h, which has its own */
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "net/facts.h"

enum { IPV4, IPV6 };

static void assert_fact(const struct fact *fact, bool value)
{
	assert_true(fact->is_known);
	assert_int_equal(fact->value, value);
	assert_true(fact->text[0]);
}

static void an_empty_host_has_no_nat_and_no_tables(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	size_t fds = netns_count_fds();
	facts_read("eth0", &facts);
	assert_int_equal(netns_count_fds(), fds);
	assert_fact(&facts.has_nat[IPV4], false);
	assert_fact(&facts.has_nat[IPV6], false);
	assert_fact(&facts.has_raw[IPV4], false);
	assert_fact(&facts.has_raw[IPV6], false);
	assert_fact(&facts.has_foreign_hooks, false);
	assert_fact(&facts.has_helpers, false);
	assert_fact(&facts.logs_invalid, false);
	assert_fact(&facts.logs_martians, false);
	assert_fact(&facts.has_readers, false);
}

static void a_legacy_nat_table_counts_for_its_family(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("iptables-legacy -t filter -L -n"))
		skip_because("no iptables-legacy here");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_nat[IPV4], false);
	assert_run("iptables-legacy -t nat -L -n");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_nat[IPV4], true);
	assert_non_null(strstr(facts.has_nat[IPV4].text, "ip_tables_names"));
	assert_fact(&facts.has_nat[IPV6], false);
	assert_fact(&facts.has_foreign_hooks, false);

	if (!netns_run("ip6tables-legacy -t nat -L -n"))
		skip_because("no ip6tables-legacy nat here");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_nat[IPV6], true);
}

static void an_iptables_nft_nat_table_is_nat_but_not_foreign(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("iptables-nft -A INPUT -j ACCEPT"))
		skip_because("no iptables-nft here");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_nat[IPV4], false);
	assert_run("iptables-nft -t nat -A POSTROUTING -j MASQUERADE");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_nat[IPV4], true);
	assert_non_null(strstr(facts.has_nat[IPV4].text, "POSTROUTING"));
	assert_fact(&facts.has_nat[IPV6], false);
	assert_run("ip6tables-nft -t nat -A PREROUTING -j ACCEPT");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_nat[IPV6], true);
	assert_fact(&facts.has_foreign_hooks, false);
}

static void an_inet_nat_chain_counts_for_both_families(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("nft add table inet t"))
		skip_because("no nft here");
	assert_run("nft add chain inet t c "
		   "'{ type nat hook prerouting priority -100; }'");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_nat[IPV4], true);
	assert_fact(&facts.has_nat[IPV6], true);
	assert_fact(&facts.has_foreign_hooks, true);
	assert_non_null(strstr(facts.has_foreign_hooks.text, "inet t"));
}

static void a_table_of_another_name_is_foreign(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("nft add table ip filter"))
		skip_because("no nft here");
	assert_run("nft add table arp t");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_foreign_hooks, false);
	assert_run("nft add table ip6 blocklist");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_foreign_hooks, true);
	assert_non_null(strstr(facts.has_foreign_hooks.text, "ip6 blocklist"));
	assert_fact(&facts.has_nat[IPV6], false);
}

static void a_table_of_both_families_is_foreign_by_any_name(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("nft add table inet filter"))
		skip_because("no nft here");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_foreign_hooks, true);
	assert_non_null(strstr(facts.has_foreign_hooks.text, "inet filter"));
}

static void a_raw_table_counts_for_its_family(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("ip6tables-nft -t raw -A PREROUTING -j ACCEPT"))
		skip_because("no ip6tables-nft here");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_raw[IPV4], false);
	assert_fact(&facts.has_raw[IPV6], true);
	assert_fact(&facts.has_foreign_hooks, false);
	if (!netns_run("iptables-legacy -t raw -L -n"))
		skip_because("no iptables-legacy here");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_raw[IPV4], true);
	assert_non_null(strstr(facts.has_raw[IPV4].text, "ip_tables_names"));
}

static void a_base_chain_that_iptables_would_not_make_is_foreign(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("nft add table ip filter"))
		skip_because("no nft here");
	assert_run("nft add chain ip filter INPUT "
		   "'{ type filter hook input priority 0; }'");
	assert_run("nft add chain ip filter mine");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_foreign_hooks, false);
	assert_run("nft add chain ip filter early "
		   "'{ type filter hook prerouting priority -400; }'");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_foreign_hooks, true);
	assert_non_null(strstr(facts.has_foreign_hooks.text,
			       "chain early in the table ip filter"));
}

static void a_flowtable_is_foreign_also_in_a_table_of_iptables(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	assert_run("ip link add eth0 type veth peer name eth1");
	if (!netns_run("nft add table ip filter && "
		       "nft add flowtable ip filter fast "
		       "'{ hook ingress priority 0; devices = { eth0 }; }'"))
		skip_because("no nft or no flowtables here");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_foreign_hooks, true);
	assert_non_null(strstr(facts.has_foreign_hooks.text, "flowtable fast"));
}

static void a_ct_helper_object_announces_connections(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("nft add table ip filter"))
		skip_because("no nft here");
	assert_run("nft add counter ip filter one");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_helpers, false);
	if (!netns_run("nft 'add ct helper ip filter phone "
		       "{ type \"ftp\" protocol tcp; }'"))
		skip_because("this kernel has no helper for ftp");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_helpers, true);
	assert_non_null(strstr(facts.has_helpers.text, "ct helper phone"));
}

static void a_ct_expectation_object_announces_connections(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("nft add table ip filter && "
		       "nft 'add ct expectation ip filter soon "
		       "{ protocol tcp; dport 9876; timeout 2m; size 12; "
		       "l3proto ip; }'"))
		skip_because("no ct expectations in nft here");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_helpers, true);
	assert_non_null(strstr(facts.has_helpers.text, "ct expectation soon"));
}

static void any_number_in_log_invalid_logs(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("echo 6 >/proc/sys/net/netfilter/"
		       "nf_conntrack_log_invalid"))
		skip_because("no nf_conntrack_log_invalid here");
	facts_read("eth0", &facts);
	assert_fact(&facts.logs_invalid, true);
	assert_non_null(strstr(facts.logs_invalid.text, "is 6"));
	assert_fact(&facts.logs_martians, false);
}

static void martians_are_logged_for_one_interface_or_for_all(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	assert_run("ip link add eth0 type veth peer name eth1");
	assert_run("echo 1 >/proc/sys/net/ipv4/conf/eth1/log_martians");
	facts_read("eth0", &facts);
	assert_fact(&facts.logs_martians, false);
	facts_read("eth1", &facts);
	assert_fact(&facts.logs_martians, true);
	assert_run("echo 1 >/proc/sys/net/ipv4/conf/all/log_martians");
	facts_read("eth0", &facts);
	assert_fact(&facts.logs_martians, true);
	assert_fact(&facts.logs_invalid, false);
}

/* A packet socket of @protocol on @iface, NULL: everywhere. */
static int packet_socket(uint16_t protocol, const char *iface)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = iface ? (int)if_nametoindex(iface) : 0,
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_return_code(fd, errno);
	assert_return_code(bind(fd, (struct sockaddr *)&address,
				sizeof(address)),
			   errno);
	return fd;
}

static void only_packet_sockets_that_miss_something_are_named(void **state)
{
	struct host_facts facts;
	int fds[4];

	(void)state;
	netns_enter();
	assert_run("ip link add eth0 type veth peer name eth1");
	assert_run("ip link set eth0 up && ip link set eth1 up");
	fds[0] = packet_socket(ETH_P_LLDP, NULL);
	fds[1] = packet_socket(ETH_P_IP, "eth1");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_readers, false);
	fds[2] = packet_socket(ETH_P_IPV6, "eth0");
	facts_read("eth0", &facts);
	assert_fact(&facts.has_readers, true);
	assert_non_null(strstr(facts.has_readers.text, "IPv6 on eth0"));
	close(fds[2]);
	fds[3] = packet_socket(ETH_P_ALL, NULL);
	facts_read("eth0", &facts);
	assert_fact(&facts.has_readers, true);
	assert_non_null(strstr(facts.has_readers.text,
			       "all protocols on every interface"));
	close(fds[0]);
	close(fds[1]);
	close(fds[3]);
}

/*
 * BPF_LINK_TYPE_NETFILTER of Linux 6.4: our headers may be older, so that the
 * numbers are written out (enum bpf_prog_type, enum bpf_attach_type).
 */
static int netfilter_link(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 1 /* ACCEPT */ },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = 45);
	int prog = bpf_prog_load(32, "accept", "GPL", insns, 2, &options);
	struct {
		uint32_t prog_fd, target_fd, attach_type, flags;
		uint32_t family, hook;
		int32_t priority;
		uint32_t hook_flags;
	} create = { .prog_fd = (uint32_t)prog,
		     .attach_type = 45,
		     .family = NFPROTO_IPV4,
		     .priority = -500 };
	int link = -1;

	if (prog >= 0)
		link = (int)syscall(__NR_bpf, BPF_LINK_CREATE, &create,
				    sizeof(create));
	close(prog);
	return link;
}

static void a_bpf_program_in_netfilter_is_foreign(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	int link = netfilter_link();

	if (link < 0)
		skip_because("this kernel has no BPF programs in netfilter");
	facts_read("eth0", &facts);
	close(link);
	assert_fact(&facts.has_foreign_hooks, true);
	assert_non_null(strstr(facts.has_foreign_hooks.text, "BPF program"));
	facts_read("eth0", &facts);
	assert_fact(&facts.has_foreign_hooks, false);
}

static void what_may_not_be_read_is_unknown_and_counts_as_true(void **state)
{
	int status;

	(void)state;
	netns_enter();
	pid_t pid = fork();

	if (pid == 0) {
		struct host_facts facts;

		if (setuid(65534) != 0)
			_exit(2);
		facts_read("eth0", &facts);
		_exit(facts.has_nat[IPV4].is_known ||
		      !facts.has_nat[IPV4].value ||
		      !facts.has_nat[IPV6].value ||
		      facts.has_foreign_hooks.is_known ||
		      !facts.has_foreign_hooks.value ||
		      !strstr(facts.has_foreign_hooks.text, "not permitted") ||
		      facts.has_helpers.is_known || !facts.has_helpers.value ||
		      facts.has_raw[IPV4].is_known ||
		      !facts.has_raw[IPV6].value);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_host_has_no_nat_and_no_tables),
		cmocka_unit_test(a_legacy_nat_table_counts_for_its_family),
		cmocka_unit_test(
			an_iptables_nft_nat_table_is_nat_but_not_foreign),
		cmocka_unit_test(an_inet_nat_chain_counts_for_both_families),
		cmocka_unit_test(a_table_of_another_name_is_foreign),
		cmocka_unit_test(
			a_table_of_both_families_is_foreign_by_any_name),
		cmocka_unit_test(a_raw_table_counts_for_its_family),
		cmocka_unit_test(
			a_base_chain_that_iptables_would_not_make_is_foreign),
		cmocka_unit_test(
			a_flowtable_is_foreign_also_in_a_table_of_iptables),
		cmocka_unit_test(a_ct_helper_object_announces_connections),
		cmocka_unit_test(a_ct_expectation_object_announces_connections),
		cmocka_unit_test(any_number_in_log_invalid_logs),
		cmocka_unit_test(
			martians_are_logged_for_one_interface_or_for_all),
		cmocka_unit_test(
			only_packet_sockets_that_miss_something_are_named),
		cmocka_unit_test(a_bpf_program_in_netfilter_is_foreign),
		cmocka_unit_test(
			what_may_not_be_read_is_unknown_and_counts_as_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
