// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

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
	facts_read(&facts);
	assert_int_equal(netns_count_fds(), fds);
	assert_fact(&facts.has_nat[IPV4], false);
	assert_fact(&facts.has_nat[IPV6], false);
	assert_fact(&facts.has_foreign_nft, false);
}

static void a_legacy_nat_table_counts_for_its_family(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("iptables-legacy -t filter -L -n"))
		skip_because("no iptables-legacy here");
	facts_read(&facts);
	assert_fact(&facts.has_nat[IPV4], false);
	assert_run("iptables-legacy -t nat -L -n");
	facts_read(&facts);
	assert_fact(&facts.has_nat[IPV4], true);
	assert_non_null(strstr(facts.has_nat[IPV4].text, "ip_tables_names"));
	assert_fact(&facts.has_nat[IPV6], false);
	assert_fact(&facts.has_foreign_nft, false);

	if (!netns_run("ip6tables-legacy -t nat -L -n"))
		skip_because("no ip6tables-legacy nat here");
	facts_read(&facts);
	assert_fact(&facts.has_nat[IPV6], true);
}

static void an_iptables_nft_nat_table_is_nat_but_not_foreign(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("iptables-nft -A INPUT -j ACCEPT"))
		skip_because("no iptables-nft here");
	facts_read(&facts);
	assert_fact(&facts.has_nat[IPV4], false);
	assert_run("iptables-nft -t nat -A POSTROUTING -j MASQUERADE");
	facts_read(&facts);
	assert_fact(&facts.has_nat[IPV4], true);
	assert_non_null(strstr(facts.has_nat[IPV4].text, "POSTROUTING"));
	assert_fact(&facts.has_nat[IPV6], false);
	assert_run("ip6tables-nft -t nat -A PREROUTING -j ACCEPT");
	facts_read(&facts);
	assert_fact(&facts.has_nat[IPV6], true);
	assert_fact(&facts.has_foreign_nft, false);
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
	facts_read(&facts);
	assert_fact(&facts.has_nat[IPV4], true);
	assert_fact(&facts.has_nat[IPV6], true);
	assert_fact(&facts.has_foreign_nft, true);
	assert_non_null(strstr(facts.has_foreign_nft.text, "inet t"));
}

static void a_table_of_another_name_is_foreign(void **state)
{
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("nft add table ip filter"))
		skip_because("no nft here");
	assert_run("nft add table arp t");
	facts_read(&facts);
	assert_fact(&facts.has_foreign_nft, false);
	assert_run("nft add table ip6 blocklist");
	facts_read(&facts);
	assert_fact(&facts.has_foreign_nft, true);
	assert_non_null(strstr(facts.has_foreign_nft.text, "ip6 blocklist"));
	assert_fact(&facts.has_nat[IPV6], false);
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
		facts_read(&facts);
		_exit(facts.has_nat[IPV4].is_known ||
		      !facts.has_nat[IPV4].value ||
		      !facts.has_nat[IPV6].value ||
		      facts.has_foreign_nft.is_known ||
		      !facts.has_foreign_nft.value ||
		      !strstr(facts.has_foreign_nft.text, "not permitted"));
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
			what_may_not_be_read_is_unknown_and_counts_as_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
