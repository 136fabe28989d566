// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

#include "base/num.h"
#include "net/facts.h"

/*
 * Loads each line of @rules alone, with @command, and says what is foreign; what
 * was remembered of the line before must not be said.
 */
static void assert_foreign(const char *command, const char *const *rules,
			   size_t count, bool is_foreign)
{
	struct facts_memory memory = { .nft.generation = 0 };
	struct host_facts facts;

	fact_begin(&memory.nft.untold, "nothing");
	if (!is_foreign)
		fact_yes(&memory.nft.untold, "something");

	for (size_t i = 0; i < count; i++) {
		assert_run("iptables-nft -F && ip6tables-nft -F");
		assert_run("%s %s", command, rules[i]);
		facts_read_again("eth0", &memory, &facts);
		if (facts.has_foreign_hooks.value != is_foreign)
			fail_msg("%s %s: %s", command, rules[i],
				 facts.has_foreign_hooks.text);
		assert_true(facts.has_foreign_hooks.is_known);
	}
}

static void iptables_tells_of_what_it_makes(void **state)
{
	static const char *const rules4[] = {
		"! -i eth+ -s 10.0.0.0/8 -d 10.1.2.0/30 -p tcp -m tcp --dport "
		"10:20 --tcp-flags SYN,ACK SYN -j DROP",
		"-i + ! -o + -s 10.0.0.1/255.0.0.255 -j U",
		"! -f -p udp -m udp ! --sport 0:65534 -j NFLOG --nflog-group 5",
		"-f -p tcp -m tcp ! --sport 10:20 --dport 65000: -j REJECT",
		"-p udp -m udp ! --sport 1 ! --dport 5 -m mark ! --mark 1/3 -m "
		"mark --mark 4/4 -m limit --limit 5/s",
		"-p udp -m udp --sport 0:5 --dport 6 -j LOG",
		"-p udp -m udp ! --sport 5:65535 --dport 5: -j LOG",
		"-p udp -m udp ! --sport 0:0 ! --dport 0:6",
		"! -p tcp -m comment --comment x -m conntrack --ctstate NEW",
		"-p sctp -m sctp --dport 5 -j RETURN",
		"-p udp -m udp --dport 5 -m multiport --sports 5,6 -g U",
		"-p icmp -m icmp --icmp-type 8 -m ttl --ttl-eq 5",
		"-p tcp -m tcp --tcp-option 2 -m tcp --dport 5 -j DROP",
	};
	static const char *const rules6[] = {
		"-s fd00::/9 -d fd00::1 ! -p tcp -j DROP",
		"-s fd00::/64 -d ::5/::f -p tcp -m tcp ! --sport 5 -j DROP",
		"-p ipv6-icmp -m icmp6 --icmpv6-type 8 -m hl --hl-eq 5",
	};

	(void)state;
	netns_enter();
	if (!netns_run("iptables-nft -N U"))
		skip_because("no iptables-nft here");
	assert_foreign("iptables-nft -A FORWARD", rules4, ARRAY_SIZE(rules4),
		       false);
	assert_foreign("ip6tables-nft -A FORWARD", rules6, ARRAY_SIZE(rules6),
		       false);
}

static void what_nft_says_as_iptables_does_is_told(void **state)
{
	static const char *const rules[] = {
		"ip protocol tcp ip saddr 10.0.0.0/9 tcp dport '>' 22 drop",
		"tcp flags '&' '(syn|ack)' == syn iifname eth0 drop",
		"udp sport 5 udp dport '!=' 6 counter accept",
	};

	(void)state;
	netns_enter();
	if (!netns_run("iptables-nft -A INPUT -j ACCEPT && nft list tables && "
		       "ip6tables-nft -A INPUT -j ACCEPT"))
		skip_because("no iptables-nft or nft here");
	assert_foreign("nft add rule ip filter INPUT", rules, ARRAY_SIZE(rules),
		       false);
}

static void a_rule_that_iptables_prints_half_is_foreign(void **state)
{
	static const char *const rules[] = {
		"-p tcp -m tcp ! --dport 22 -m tcp ! --dport 80 -j DROP",
		"-p udp -m udp --dport 5 -m udp --sport 6 --dport 6 -j DROP",
		"-p tcp -m tcp --syn -m tcp --tcp-flags PSH PSH -j DROP",
	};

	(void)state;
	netns_enter();
	if (!netns_run("iptables-nft -A INPUT -j ACCEPT && "
		       "ip6tables-nft -A INPUT -j ACCEPT"))
		skip_because("no iptables-nft here");
	assert_foreign("iptables-nft -A INPUT", rules, ARRAY_SIZE(rules), true);
	assert_foreign("ip6tables-nft -A INPUT", rules, ARRAY_SIZE(rules),
		       true);
}

static void a_rule_of_nft_in_a_table_of_iptables_is_foreign(void **state)
{
	static const char *const rules[] = {
		"tcp dport '{ 22, 23 }' drop",
		"ip dscp 5 accept",
		"ip ttl 5 drop",
		"ip saddr 10.0.0.0-10.0.0.9 accept",
		"ip saddr '<' 10.0.0.5 drop",
		"ip saddr 10.0.0.1 ip saddr 10.0.0.2 drop",
		"ip protocol '!=' udp ip protocol '!=' tcp drop",
		"ip frag-off '&' 0x2000 '!=' 0 drop",
		"th dport 22 drop",
		"udp dport '<' 1 drop",
		"sctp dport 22 drop",
		"udp length 5 drop",
		"tcp window 5 drop",
		"tcp flags '&' ecn == ecn drop",
		"tcp dport '&' 1 == 1 drop",
		"meta mark set 5",
		"meta iifname eth0 meta iifname eth1 drop",
		"meta length 5 drop",
		"ether saddr 02:00:00:00:00:01 drop",
		"ct state new drop",
		"limit rate over 5/second drop",
		"log prefix x drop",
		"@nh,0,8 5 drop",
		"@ih,0,8 5 drop",
		"ip ttl set 5",
		"fib saddr type local drop",
	};

	(void)state;
	netns_enter();
	if (!netns_run("iptables-nft -A INPUT -j ACCEPT && nft list tables && "
		       "ip6tables-nft -A INPUT -j ACCEPT"))
		skip_because("no iptables-nft or nft here");
	assert_foreign("nft add rule ip filter INPUT", rules, ARRAY_SIZE(rules),
		       true);
}

static void rules_that_have_not_changed_are_not_listed_again(void **state)
{
	struct facts_memory memory = { .nft.generation = 0 };
	struct host_facts facts;

	(void)state;
	netns_enter();
	if (!netns_run("iptables-nft -A INPUT -j ACCEPT"))
		skip_because("no iptables-nft here");
	facts_read_again("eth0", &memory, &facts);
	assert_false(facts.has_foreign_hooks.value);
	assert_int_not_equal(memory.nft.generation, 0);
	fact_yes(&memory.nft.untold, "remembered");
	facts_read_again("eth0", &memory, &facts);
	assert_string_equal(facts.has_foreign_hooks.text, "remembered");
	assert_run("iptables-nft -A INPUT -j DROP");
	facts_read_again("eth0", &memory, &facts);
	assert_false(facts.has_foreign_hooks.value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iptables_tells_of_what_it_makes),
		cmocka_unit_test(what_nft_says_as_iptables_does_is_told),
		cmocka_unit_test(a_rule_that_iptables_prints_half_is_foreign),
		cmocka_unit_test(
			a_rule_of_nft_in_a_table_of_iptables_is_foreign),
		cmocka_unit_test(
			rules_that_have_not_changed_are_not_listed_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
