// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "rules/print.h"
#include "rules/read.h"

static struct err err;
static struct read_errors errors;

static struct ruleset *read_text(const char *text, enum family family)
{
	struct ruleset *ruleset = NULL;

	if (read_rules(text, strlen(text), "test", family, &ruleset, &errors,
		       &err))
		fail_msg("%s", err.text);
	return ruleset;
}

/* A ruleset whose INPUT has the rule. */
static struct ruleset *read_rule(const char *rule, enum family family)
{
	char text[4096];

	snprintf(text, sizeof(text),
		 "*filter\n:INPUT ACCEPT [0:0]\n:own - [0:0]\n-A INPUT %s\n"
		 "COMMIT\n",
		 rule);
	return read_text(text, family);
}

static const struct rule *first_rule(const struct ruleset *ruleset)
{
	return &ruleset->tables[0].chains[0].rules[0];
}

static const struct match *find(const struct rule *rule, enum match_kind kind)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		if (rule->matches[i].kind == kind)
			return &rule->matches[i];
	}
	fail_msg("no match of kind %d", kind);
	return NULL;
}

static void assert_reads_as(const char *rule, const char *expected)
{
	OWN(ruleset) struct ruleset *ruleset = read_rule(rule, FAMILY_IPV4);
	OWN_BUF struct buf buf = BUF_INIT;

	print_rule_body(&buf, &ruleset->tables[0], first_rule(ruleset));
	assert_string_equal(buf_text(&buf), expected);
}

/* That the rule is refused in its column, with a sentence that has @words. */
static void assert_refuses(const char *rule, unsigned int column,
			   const char *words)
{
	char text[4096];
	struct ruleset *ruleset = NULL;

	snprintf(text, sizeof(text),
		 "*filter\n:INPUT ACCEPT [0:0]\n:own - [0:0]\n%s\nCOMMIT\n",
		 rule);
	assert_int_equal(read_rules(text, strlen(text), "test", FAMILY_IPV4,
				    &ruleset, &errors, &err),
			 -EINVAL);
	assert_null(ruleset);
	assert_int_equal(errors.count, 1);
	assert_int_equal(errors.errors[0].line, 4);
	assert_int_equal(errors.errors[0].column, column);
	if (!strstr(errors.errors[0].text, words))
		fail_msg("'%s' lacks '%s'", errors.errors[0].text, words);
}

static void the_address_part_comes_first_in_its_order(void **state)
{
	(void)state;
	assert_reads_as("-m comment --comment x -f -p tcp -o eth1 -i eth0 "
			"-d 2.2.2.2 -s 1.1.1.1 -j DROP",
			"-s 1.1.1.1/32 -d 2.2.2.2/32 -i eth0 -o eth1 -p tcp -f "
			"-m comment --comment x -j DROP");
}

static void options_stand_behind_their_module(void **state)
{
	(void)state;
	assert_reads_as("-p tcp -m tcp -m comment --comment x --dport 22",
			"-p tcp -m tcp --dport 22 -m comment --comment x");
	assert_reads_as("-p tcp -m comment --comment x --dport 22",
			"-p tcp -m comment --comment x -m tcp --dport 22");
	assert_reads_as("-m state --state NEW -m state --state INVALID",
			"-m state --state NEW -m state --state INVALID");
}

static void a_protocol_brings_its_module_along(void **state)
{
	OWN(ruleset)
	struct ruleset *v6 =
		read_rule("-p icmpv6 --icmpv6-type 128", FAMILY_IPV6);

	(void)state;
	assert_reads_as("-p udp --sport 53", "-p udp -m udp --sport 53");
	assert_reads_as("-p icmp --icmp-type 8",
			"-p icmp -m icmp --icmp-type 8");
	assert_reads_as("-p esp --espspi 5", "-p esp -m esp --espspi 5");
	assert_int_equal(find(first_rule(v6), MATCH_MODULE)->module,
			 MODULE_ICMP6);
	assert_int_equal(find(first_rule(v6), MATCH_ICMP_TYPE)->icmp.type, 128);
}

static void negation_may_stand_on_either_side(void **state)
{
	(void)state;
	assert_reads_as("! -s 1.1.1.1 -d ! 2.2.2.2 -p ! tcp -i ! eth0",
			"! -s 1.1.1.1/32 ! -d 2.2.2.2/32 ! -i eth0 ! -p tcp");
	assert_reads_as("-p tcp --dport ! 22 ! --sport 5",
			"-p tcp -m tcp ! --dport 22 ! --sport 5");
	assert_reads_as("-m strange --x ! 1 ! --y 2 --z ! --y 3",
			"-m strange ! --x 1 ! --y 2 --z ! --y 3");
	assert_refuses("-A INPUT ! -s ! 1.1.1.1", 15, "negated twice");
	assert_refuses("-A INPUT ! -j DROP", 12, "'!' does not go with '-j'");
}

static void old_spellings_become_modern(void **state)
{
	(void)state;
	assert_reads_as("-p tcp --syn", "-p tcp -m tcp --tcp-flags "
					"FIN,SYN,RST,ACK SYN");
	assert_reads_as("-m mac --mac 00:11:22:33:44:55",
			"-m mac --mac-source 00:11:22:33:44:55");
	assert_reads_as("-p TCP --destination-port 1 --source-port=2",
			"-p tcp -m tcp --dport 1 --sport 2");
	assert_reads_as("-p tcp -m multiport --dport 1,2",
			"-p tcp -m multiport --dports 1,2");
	assert_reads_as("--set --name x", "-m recent --set --name x");
	assert_reads_as("-p tcp -j DNAT --to 1.2.3.4",
			"-p tcp -j DNAT --to-destination 1.2.3.4");
	assert_reads_as("-m ttl --ttl 5", "-m ttl --ttl-eq 5");
	assert_reads_as("--src 1.1.1.1 --proto tcp --jump DROP",
			"-s 1.1.1.1/32 -p tcp -j DROP");
}

/* As iptables 1.8.9 has it: where it is not sure, it refuses. */
static void what_is_shortened_is_iptables_own_first(void **state)
{
	(void)state;
	assert_reads_as("-p tcp --dest 22 -j DROP",
			"-d 22.0.0.0/32 -p tcp -j DROP");
	assert_reads_as("-p tcp --sou 10.1 -j DROP",
			"-s 10.1.0.0/32 -p tcp -j DROP");
	assert_reads_as("-p tcp --dpor 22", "-p tcp -m tcp --dport 22");
	assert_reads_as("-p tcp --destination-p 22",
			"-p tcp -m tcp --dport 22");
}

static void matches_may_stand_behind_the_target(void **state)
{
	(void)state;
	assert_reads_as("-j LOG -p tcp --dport 5 --log-prefix x -s 1.1.1.1",
			"-s 1.1.1.1/32 -p tcp -m tcp --dport 5 -j LOG "
			"--log-prefix x");
	assert_reads_as("-j own -m mark --mark 1", "-m mark --mark 1 -j own");
}

static void values_may_look_like_options(void **state)
{
	(void)state;
	assert_reads_as("-j LOG --log-prefix --DROP-- --log-level 4",
			"-j LOG --log-prefix --DROP-- --log-level 4");
	assert_reads_as("-m comment --comment -j -j LOG --log-prefix -A",
			"-m comment --comment -j -j LOG --log-prefix -A");
	assert_reads_as("-m strange --name \"-j x\" --offset -5 -j DROP",
			"-m strange --name \"-j x\" --offset -5 -j DROP");
}

static void any_protocol_is_no_match(void **state)
{
	(void)state;
	assert_reads_as("-p all -j DROP", "-j DROP");
	assert_reads_as("-p 0 -j DROP", "-j DROP");
	assert_refuses("-A INPUT ! -p all", 15, "would match nothing");
}

static void what_is_not_modelled_is_told_apart(void **state)
{
	OWN(ruleset)
	struct ruleset *ruleset = read_rule(
		"-m geoip --source-country CN -m conntrack --ctstatus ASSURED "
		"-m limit --limit 1/s -j STEAL --all",
		FAMILY_IPV4);
	const struct rule *rule = first_rule(ruleset);

	(void)state;
	assert_int_equal(rule->match_count, 6);
	assert_int_equal(rule->matches[0].module, MODULE_UNKNOWN);
	assert_int_equal(rule->matches[1].kind, MATCH_DETAIL);
	assert_int_equal(rule->matches[2].module, MODULE_CONNTRACK);
	assert_int_equal(rule->matches[3].kind, MATCH_OPAQUE);
	assert_int_equal(rule->matches[4].module, MODULE_LIMIT);
	assert_int_equal(rule->matches[5].kind, MATCH_DETAIL);
	assert_int_equal(rule->target.kind, TARGET_EXTENSION);
	assert_int_equal(rule->target.extension, EXTENSION_UNKNOWN);
	assert_int_equal(rule->target.word_count, 1);
}

static void options_behind_a_strange_module_are_its_own(void **state)
{
	OWN(ruleset)
	struct ruleset *ruleset =
		read_rule("-p tcp -m strange --dport 22 -j DROP", FAMILY_IPV4);

	(void)state;
	assert_string_equal(find(first_rule(ruleset), MATCH_DETAIL)->option,
			    "--dport");
}

static void a_negated_protocol_makes_its_module_unknown(void **state)
{
	OWN(ruleset)
	struct ruleset *ruleset =
		read_rule("! -p tcp -m tcp --dport 3", FAMILY_IPV4);
	const struct rule *rule = first_rule(ruleset);

	(void)state;
	assert_int_equal(rule->matches[1].module, MODULE_UNKNOWN);
	assert_int_equal(rule->matches[2].kind, MATCH_DETAIL);
	assert_reads_as("! -p tcp -m tcp --dport 3",
			"! -p tcp -m tcp --dport 3");
}

static void values_are_understood(void **state)
{
	OWN(ruleset)
	struct ruleset *ruleset = read_rule(
		"-s 10.0.0.0/255.0.255.0 -i eth+ -p tcp -m tcp --tcp-flags "
		"SYN,ACK SYN --tcp-option 5 -m tcpmss --mss 536: -m length "
		"--length 100: -m ttl "
		"--ttl-lt 5 -m dscp --dscp-class EF -m addrtype --dst-type "
		"LOCAL --limit-iface-in -m conntrack ! --ctstate NEW",
		FAMILY_IPV4);
	const struct rule *rule = first_rule(ruleset);
	const struct match *match;

	(void)state;
	assert_true(find(rule, MATCH_SADDR)->addr.mask == 0xff00ff00);
	assert_true(find(rule, MATCH_IN_IFACE)->iface.is_prefix);
	match = find(rule, MATCH_TCP_FLAGS);
	assert_int_equal(match->tcp_flags.mask, 0x12);
	assert_int_equal(match->tcp_flags.set, 0x02);
	assert_int_equal(find(rule, MATCH_TCP_OPTION)->number, 5);
	assert_int_equal(find(rule, MATCH_MSS)->span.min, 536);
	assert_int_equal(find(rule, MATCH_MSS)->span.max, 65535);
	assert_int_equal(find(rule, MATCH_LENGTH)->span.min, 100);
	assert_int_equal(find(rule, MATCH_LENGTH)->span.max, 65535);
	assert_int_equal(find(rule, MATCH_TTL)->span.max, 4);
	assert_int_equal(find(rule, MATCH_TOS)->tos.value, 46 << 2);
	assert_int_equal(find(rule, MATCH_TOS)->tos.mask, 0xfc);
	match = find(rule, MATCH_DST_TYPE);
	assert_int_equal(match->addr_type.types, 1 << RTN_LOCAL);
	assert_true(match->addr_type.limit_in);
	match = find(rule, MATCH_CT_STATE);
	assert_true(match->is_negated);
	assert_int_equal(match->number, CT_NEW);
}

static void comparisons_at_the_edge_match_nothing(void **state)
{
	OWN(ruleset)
	struct ruleset *below = read_rule("-m ttl --ttl-lt 0", FAMILY_IPV4);
	OWN(ruleset)
	struct ruleset *above = read_rule("-m hl --hl-gt 255", FAMILY_IPV6);
	struct span span = find(first_rule(below), MATCH_TTL)->span;

	(void)state;
	assert_true(span.min > span.max);
	span = find(first_rule(above), MATCH_TTL)->span;
	assert_true(span.min > span.max);
}

static void targets_are_chains_before_extensions(void **state)
{
	static const char text[] = "*filter\n:INPUT DROP [1:2]\n:LOG - [0:0]\n"
				   "-A INPUT -j LOG\n-A INPUT -g LOG\n"
				   "-A INPUT -j ACCEPT\n-A LOG -j RETURN\n"
				   "-A LOG -j DROP\n-A LOG\nCOMMIT\n";
	OWN(ruleset) struct ruleset *ruleset = read_text(text, 0);
	const struct table *table = ruleset_table(ruleset, TABLE_FILTER);
	const struct chain *input = table_chain(table, "INPUT");
	const struct chain *log = table_chain(table, "LOG");

	(void)state;
	assert_int_equal(input->policy, POLICY_DROP);
	assert_true(input->packets == 1 && input->bytes == 2);
	assert_int_equal(log->policy, POLICY_NONE);
	assert_int_equal(input->rules[0].target.kind, TARGET_JUMP);
	assert_ptr_equal(&table->chains[input->rules[0].target.chain], log);
	assert_int_equal(input->rules[1].target.kind, TARGET_GOTO);
	assert_int_equal(input->rules[2].target.kind, TARGET_ACCEPT);
	assert_int_equal(log->rules[0].target.kind, TARGET_RETURN);
	assert_int_equal(log->rules[1].target.kind, TARGET_DROP);
	assert_int_equal(log->rules[2].target.kind, TARGET_NONE);
	assert_int_equal(log->rules[2].number, 3);
	assert_int_equal(log->rules[2].line, 9);
}

static void targets_that_cannot_be_are_refused(void **state)
{
	(void)state;
	assert_refuses("-A INPUT -j INPUT", 13, "built-in chain");
	assert_refuses("-A INPUT -g ACCEPT", 13, "is not a chain");
	assert_refuses("-A INPUT -j DROP -j ACCEPT", 18, "a second target");
}

static void rules_go_where_scripts_insert_them(void **state)
{
	static const char text[] =
		"*filter\n-N own\n-P INPUT DROP\n-A INPUT -s 3.3.3.3\n"
		"-I INPUT -s 1.1.1.1\n-I INPUT 2 -s 2.2.2.2\n-A own\n-F own\n";
	OWN(ruleset) struct ruleset *ruleset = read_text(text, 0);
	const struct table *table = &ruleset->tables[0];
	const struct chain *input = table_chain(table, "INPUT");

	(void)state;
	assert_int_equal(input->policy, POLICY_DROP);
	assert_int_equal(input->rule_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_true(input->rules[i].matches[0].addr.addr >> 24 ==
			    i + 1);
	assert_int_equal(table_chain(table, "own")->rule_count, 0);
	assert_refuses("-I INPUT 2 -j DROP", 4, "there is no place 2");
}

static void a_list_of_addresses_is_a_rule_for_each_pair(void **state)
{
	static const char text[] = "*filter\n:INPUT ACCEPT [0:0]\n"
				   "-A INPUT -s 1.1.1.1,2.2.2.2 -d 3.3.3.3,"
				   "4.4.4.4 -j DROP\n-I INPUT -s 5.5.5.5,"
				   "6.6.6.6\nCOMMIT\n";
	static const unsigned int sources[] = { 6, 5, 1, 1, 2, 2 };
	OWN(ruleset) struct ruleset *ruleset = read_text(text, 0);
	const struct chain *input = &ruleset->tables[0].chains[0];

	(void)state;
	assert_int_equal(input->rule_count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_true(input->rules[i].matches[0].addr.addr >> 24 ==
			    sources[i]);
	assert_true(input->rules[3].matches[1].addr.addr >> 24 == 4);
	assert_refuses("-A INPUT ! -s 1.1.1.1,2.2.2.2", 15,
		       "'!' does not go with a list");
}

static void counters_stand_before_the_rule_or_in_it(void **state)
{
	OWN(ruleset)
	struct ruleset *ruleset =
		read_text("*filter\n:INPUT ACCEPT\n[3:4] -A INPUT -j DROP\n"
			  "-A INPUT -c 5 6 -j DROP\n-A INPUT -j DROP\nCOMMIT\n",
			  0);
	const struct chain *input = &ruleset->tables[0].chains[0];

	(void)state;
	assert_false(input->has_counters);
	assert_true(input->rules[0].has_counters);
	assert_true(input->rules[0].packets == 3 && input->rules[0].bytes == 4);
	assert_true(input->rules[1].packets == 5 && input->rules[1].bytes == 6);
	assert_false(input->rules[2].has_counters);
	assert_refuses("[3:x] -A INPUT", 1, "are no counters");
}

static void rules_of_the_other_family_are_left_out(void **state)
{
	OWN(ruleset)
	struct ruleset *ruleset = read_text(
		"*filter\n:INPUT ACCEPT\n-A INPUT -6 -s fe80::1 -j DROP\n"
		"-A INPUT -4 -s 10.0.0.1 -j DROP\nCOMMIT\n",
		0);

	(void)state;
	assert_int_equal(ruleset->family, FAMILY_IPV4);
	assert_int_equal(ruleset->tables[0].chains[0].rule_count, 1);
}

static void assert_family(const char *text, enum family family)
{
	OWN(ruleset) struct ruleset *ruleset = read_text(text, 0);

	assert_int_equal(ruleset->family, family);
}

static void the_family_is_found_out(void **state)
{
	(void)state;
	assert_family("# Generated by ip6tables-nft-save v1.8.9\n", 6);
	assert_family("# Generated by iptables-save v1.8.9\n", 4);
	assert_family("*filter\n-A INPUT ! -d fe80::/10\n", 6);
	assert_family("*filter\n-A INPUT -s ! 10.0.0.0/8\n", 4);
	assert_family("*filter\n-A INPUT -j DROP\n-A INPUT -p icmpv6\n", 6);
	assert_family("*filter\n-A INPUT -j REJECT --reject-with "
		      "icmp6-port-unreachable\n",
		      6);
	assert_family("*filter\n-A INPUT -j DROP\n", 4);
	assert_family("", 4);
}

static void a_protocol_that_is_missing_is_asked_for(void **state)
{
	(void)state;
	assert_refuses("-A INPUT --dport 22", 10,
		       "needs a protocol with ports");
	assert_refuses("-A INPUT -m tcp --dport 22", 13,
		       "'-m tcp' needs -p tcp");
	assert_refuses("-A INPUT -p udp -m tcp --dport 22", 20,
		       "'-m tcp' needs -p tcp");
	assert_refuses("-A INPUT -m multiport --dports 1", 13,
		       "needs -p tcp, udp, udplite, sctp or dccp");
	assert_refuses("-A INPUT --tcp-flags SYN SYN", 10,
		       "not an option of anything");
}

static void errors_say_what_was_seen_and_expected(void **state)
{
	(void)state;
	assert_refuses("-A INPUT -p tcp --dport http2x -j DROP", 25,
		       "'http2x' is not a port: expected");
	assert_refuses("-A INPUT -p tcp --tcp-flags SYN NO", 33,
		       "'NO' is not a TCP flag: expected");
	assert_refuses("-A INPUT DROP", 10, "'DROP' is out of place");
	assert_refuses("-A INPUT -s", 10, "needs 1 word behind it");
	assert_refuses("-A INPUT -s 1.1.1.1 -s 2.2.2.2", 21,
		       "'-s' stands in this rule a second time");
	assert_refuses("-A INPUT -p tcp --dport 1 --dport 2", 27,
		       "cannot stand behind");
	assert_refuses("-A NOWHERE -j DROP", 4, "there is no chain 'NOWHERE'");
	assert_refuses("-D INPUT 1", 1, "does not belong into a ruleset");
	assert_refuses("-j DROP", 1, "a line without command");
	assert_refuses(":mine ACCEPT [0:0]", 7, "has no policy");
	assert_refuses(":mine", 1, "expected a chain with its policy");
	assert_refuses("-N own", 4, "is there already");
	assert_refuses("-A INPUT -m hl --hl-eq 1", 13, "is for IPv6");
}

static void text_outside_of_a_table_is_refused(void **state)
{
	struct ruleset *ruleset = NULL;
	const char *text = "-A INPUT -j DROP\nCOMMIT\n";

	(void)state;
	assert_int_equal(read_rules(text, strlen(text), "test", 0, &ruleset,
				    &errors, &err),
			 -EINVAL);
	assert_int_equal(errors.count, 2);
	assert_string_equal(err.text,
			    "test: line 1, column 1: '-A' stands outside of "
			    "any table: expected '*filter' or another table "
			    "before it (and 1 more)");
}

static void a_table_that_comes_twice_is_refused_once(void **state)
{
	struct ruleset *ruleset = NULL;
	const char *text =
		"*filter\nCOMMIT\n*filter\n-A INPUT -j DROP\nCOMMIT\n"
		"*nat\nCOMMIT\n";

	(void)state;
	assert_int_equal(read_rules(text, strlen(text), "test", 0, &ruleset,
				    &errors, &err),
			 -EINVAL);
	assert_int_equal(errors.count, 1);
	assert_int_equal(errors.errors[0].line, 3);
}

static void the_first_twenty_errors_are_kept(void **state)
{
	OWN_BUF struct buf text = BUF_INIT;
	struct ruleset *ruleset = NULL;

	(void)state;
	buf_add(&text, "*filter\n");
	for (int i = 0; i < 30; i++)
		buf_add(&text, "-A INPUT -s x\n");
	assert_int_equal(read_rules(buf_text(&text), text.length, "test", 0,
				    &ruleset, &errors, &err),
			 -EINVAL);
	assert_int_equal(errors.count, READ_ERRORS_MAX);
	assert_int_equal(errors.errors[19].line, 21);
	assert_non_null(strstr(err.text, "(and at least 19 more)"));
}

static void a_broken_line_does_not_hide_the_next(void **state)
{
	static const char text[] = "*filter\n-A INPUT \"x\n-A INPUT -s 1\0.1\n"
				   "-A INPUT -s y\n";
	struct ruleset *ruleset = NULL;

	(void)state;
	assert_int_equal(read_rules(text, sizeof(text) - 1, "test", 0, &ruleset,
				    &errors, &err),
			 -EINVAL);
	assert_int_equal(errors.count, 3);
	assert_int_equal(errors.errors[1].column, 14);
	assert_non_null(strstr(errors.errors[1].text, "NUL"));
}

static void a_directory_is_not_a_file(void **state)
{
	struct ruleset *ruleset = NULL;

	(void)state;
	assert_true(read_rules_file("/", 0, &ruleset, &errors, &err) < 0);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "is a directory"));
	assert_true(read_rules_file("/nowhere/x", 0, &ruleset, &errors, &err) <
		    0);
	assert_non_null(strstr(err.text, "No such file"));
}

/* 10,000 rules and 5,000 chains; a wrong order of growth takes minutes. */
static void large_rulesets_are_read_in_no_time(void **state)
{
	OWN_BUF struct buf text = BUF_INIT;
	OWN(ruleset) struct ruleset *ruleset = NULL;

	(void)state;
	buf_add(&text, "*filter\n:INPUT ACCEPT [0:0]\n");
	for (int i = 0; i < 5000; i++)
		buf_addf(&text, ":chain%d - [0:0]\n", i);
	for (int i = 0; i < 10000; i++)
		buf_addf(&text,
			 "-A chain%d -s 10.0.%d.%d/32 -p tcp -m tcp --dport %d "
			 "-m conntrack --ctstate NEW -j chain%d\n",
			 i / 2, i / 256, i % 256, i, (i / 2 + 1) % 5000);
	clock_t start = clock();
	ruleset = read_text(buf_text(&text), 0);
	double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	assert_int_equal(ruleset->tables[0].chain_count, 5001);
	assert_true(seconds < 2); /* sanitizers and slow machines included */
	assert_true(arena_used(ruleset->arena) < 40 * text.length);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_address_part_comes_first_in_its_order),
		cmocka_unit_test(options_stand_behind_their_module),
		cmocka_unit_test(a_protocol_brings_its_module_along),
		cmocka_unit_test(negation_may_stand_on_either_side),
		cmocka_unit_test(old_spellings_become_modern),
		cmocka_unit_test(what_is_shortened_is_iptables_own_first),
		cmocka_unit_test(matches_may_stand_behind_the_target),
		cmocka_unit_test(values_may_look_like_options),
		cmocka_unit_test(any_protocol_is_no_match),
		cmocka_unit_test(what_is_not_modelled_is_told_apart),
		cmocka_unit_test(options_behind_a_strange_module_are_its_own),
		cmocka_unit_test(a_negated_protocol_makes_its_module_unknown),
		cmocka_unit_test(values_are_understood),
		cmocka_unit_test(comparisons_at_the_edge_match_nothing),
		cmocka_unit_test(targets_are_chains_before_extensions),
		cmocka_unit_test(targets_that_cannot_be_are_refused),
		cmocka_unit_test(rules_go_where_scripts_insert_them),
		cmocka_unit_test(a_list_of_addresses_is_a_rule_for_each_pair),
		cmocka_unit_test(counters_stand_before_the_rule_or_in_it),
		cmocka_unit_test(rules_of_the_other_family_are_left_out),
		cmocka_unit_test(the_family_is_found_out),
		cmocka_unit_test(a_protocol_that_is_missing_is_asked_for),
		cmocka_unit_test(errors_say_what_was_seen_and_expected),
		cmocka_unit_test(text_outside_of_a_table_is_refused),
		cmocka_unit_test(a_table_that_comes_twice_is_refused_once),
		cmocka_unit_test(the_first_twenty_errors_are_kept),
		cmocka_unit_test(a_broken_line_does_not_hide_the_next),
		cmocka_unit_test(a_directory_is_not_a_file),
		cmocka_unit_test(large_rulesets_are_read_in_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
