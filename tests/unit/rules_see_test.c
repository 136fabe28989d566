// SPDX-License-Identifier: GPL-2.0-only
/*
 * What programs see of matches, as the regions tell in which it ends.
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/flatten.h"
#include "rules/read.h"
#include "rules/tcp_options.h"

#define FILTER	"*filter\n:INPUT ACCEPT [0:0]\n"
#define TRACKED (CT_NEW | CT_ESTABLISHED | CT_RELATED)

/* The states in which INPUT surely drops @header, if @set is a possible S. */
static unsigned int dropped_in(const char *text, enum family family,
			       uint8_t set, bool has_host_nat,
			       const struct header *header)
{
	const struct flatten_options options = {
		.iface = "eth0",
		.state_sets = &set,
		.state_set_count = 1,
		.has_host_nat = has_host_nat,
	};
	OWN(ruleset) struct ruleset *ruleset = NULL;
	OWN(flat) struct flat *flat = NULL;
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", family, &ruleset, NULL,
		       &err) ||
	    flatten_make(ruleset, &options, &flat, &err))
		fail_msg("%s", err.text);
	return worlds_states(flat_find(flat, header)->drop, STAGE_INPUT);
}

static unsigned int dropped(const char *text, const struct header *header)
{
	return dropped_in(text, FAMILY_IPV4, CT_ALL, false, header);
}

static struct header with_ttl(uint8_t ttl)
{
	return (struct header){ .fields = { [FIELD_PROTO] = IPPROTO_TCP,
					    [FIELD_DADDR] = 0xc0000201,
					    [FIELD_TTL] = ttl } };
}

static void a_stateful_match_sees_what_only_later_matches_exclude(void **state)
{
	const struct header in = with_ttl(64), out = with_ttl(63);

	(void)state;
	assert_int_equal(dropped(FILTER "-A INPUT -m limit --limit 5/min "
					"-m ttl --ttl-eq 64 -j ACCEPT\n"
					"-A INPUT -j DROP\nCOMMIT\n",
				 &out),
			 0);
	assert_int_equal(dropped(FILTER "-A INPUT -m ttl --ttl-eq 64 "
					"-m limit --limit 5/min -j ACCEPT\n"
					"-A INPUT -j DROP\nCOMMIT\n",
				 &out),
			 CT_ALL);
	assert_int_equal(dropped(FILTER "-A INPUT -m ttl --ttl-eq 64 "
					"-m limit --limit 5/min -j ACCEPT\n"
					"-A INPUT -j DROP\nCOMMIT\n",
				 &in),
			 0);
}

static void a_translated_packet_may_be_in_any_state(void **state)
{
	const struct header header = with_ttl(64);

	(void)state;
	assert_int_equal(dropped(FILTER "-A INPUT -m conntrack --ctstate SNAT "
					"-j ACCEPT\n"
					"-A INPUT -j DROP\nCOMMIT\n",
				 &header),
			 0);
}

static void addresses_are_unknown_behind_a_rule_that_rewrites_them(void **state)
{
	const struct header header = {
		.fields = { [FIELD_DADDR] = (u128)0x20010db8 << 96 | 1 },
	};
	const char *rules = "*filter\n:INPUT ACCEPT [0:0]\n"
			    "-A INPUT -d 2001:db8::/32 -j DROP\nCOMMIT\n";
	const char *rewritten =
		"*mangle\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -j DNPT --src-pfx 2001:db8:1::/64 "
		"--dst-pfx 2001:db8:2::/64\nCOMMIT\n"
		"*filter\n:INPUT ACCEPT [0:0]\n"
		"-A INPUT -d 2001:db8::/32 -j DROP\nCOMMIT\n";

	(void)state;
	assert_int_equal(dropped_in(rules, FAMILY_IPV6, CT_ALL, false, &header),
			 CT_ALL);
	assert_int_equal(dropped_in(rewritten, FAMILY_IPV6, CT_ALL, false,
				    &header),
			 0);
}

static void nat_of_the_host_hides_destinations(void **state)
{
	const struct header header = with_ttl(64);
	const char *rules = FILTER "-A INPUT -d 192.0.2.1/32 -j DROP\nCOMMIT\n";
	const uint8_t rest = CT_ALL & ~TRACKED;

	(void)state;
	assert_int_equal(dropped_in(rules, FAMILY_IPV4, rest, false, &header),
			 CT_ALL);
	assert_int_equal(dropped_in(rules, FAMILY_IPV4, rest, true, &header),
			 rest);
}

static void dnat_hides_destinations_of_new_packets(void **state)
{
	const struct header header = with_ttl(64);
	const char *rules =
		"*nat\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -j DNAT --to-destination 10.0.0.1\n"
		"COMMIT\n" FILTER "-A INPUT -d 192.0.2.1/32 -j DROP\nCOMMIT\n";
	const uint8_t rest = CT_ALL & ~TRACKED;

	(void)state;
	assert_int_equal(dropped_in(rules, FAMILY_IPV4, rest, false, &header),
			 rest);
}

static void of_known_nat_rules_the_host_has_no_more(void **state)
{
	const struct header header = with_ttl(64);
	const char *rules = "*nat\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n" FILTER
			    "-A INPUT -s 0.0.0.0/1 -j DROP\n"
			    "-A INPUT -d 192.0.2.1/32 -j DROP\nCOMMIT\n";
	const uint8_t rest = CT_ALL & ~(CT_ESTABLISHED | CT_RELATED);

	(void)state;
	assert_int_equal(dropped_in(rules, FAMILY_IPV4, rest, true, &header),
			 rest);
}

static void a_whole_packet_is_no_fragment(void **state)
{
	const struct header header = with_ttl(64);

	(void)state;
	assert_int_equal(dropped(FILTER "-A INPUT -f -j DROP\nCOMMIT\n",
				 &header),
			 0);
	assert_int_equal(dropped(FILTER "-A INPUT ! -f -j DROP\nCOMMIT\n",
				 &header),
			 CT_ALL);
}

static void an_address_may_tell_its_type_by_itself(void **state)
{
	struct header all_hosts = with_ttl(64), host = with_ttl(64);
	struct header nobody = with_ttl(64);

	(void)state;
	all_hosts.fields[FIELD_DADDR] = 0xe0000001;
	nobody.fields[FIELD_DADDR] = 0xffffffff;
	const char *rules = FILTER "-A INPUT -m addrtype --dst-type MULTICAST "
				   "-j DROP\nCOMMIT\n";
	assert_int_equal(dropped(rules, &all_hosts), CT_ALL);
	assert_int_equal(dropped(rules, &host), 0);
	assert_int_equal(dropped(rules, &nobody), 0);

	rules = FILTER "-A INPUT -m addrtype ! --dst-type LOCAL "
		       "-j DROP\nCOMMIT\n";
	assert_int_equal(dropped(rules, &all_hosts), CT_ALL);
	assert_int_equal(dropped(rules, &host), 0);
	assert_int_equal(dropped(rules, &nobody), CT_ALL);

	/* A route may make any address multicast, or not local. */
	rules = FILTER "-A INPUT -m addrtype ! --dst-type MULTICAST "
		       "-j DROP\nCOMMIT\n";
	assert_int_equal(dropped(rules, &all_hosts), 0);
	assert_int_equal(dropped(rules, &host), 0);
	assert_int_equal(dropped(rules, &nobody), CT_ALL);

	rules = FILTER "-A INPUT -m addrtype --dst-type LOCAL -j RETURN\n"
		       "-A INPUT -j DROP\nCOMMIT\n";
	assert_int_equal(dropped(rules, &all_hosts), CT_ALL);
	assert_int_equal(dropped(rules, &host), 0);
}

static void types_of_ipv6_addresses_must_all_hold(void **state)
{
	const struct header host = {
		.fields = { [FIELD_SADDR] = (u128)0x20010db8 << 96 | 1 },
	};
	const struct header group = {
		.fields = { [FIELD_SADDR] = (u128)0xff02 << 112 | 1 },
	};
	const char *unicast = FILTER "-A INPUT -m addrtype --src-type UNICAST "
				     "-j DROP\nCOMMIT\n";
	const char *local = FILTER "-A INPUT -m addrtype "
				   "! --src-type UNICAST,LOCAL -j DROP\n"
				   "COMMIT\n";

	(void)state;
	assert_int_equal(dropped_in(unicast, FAMILY_IPV6, CT_ALL, false, &host),
			 CT_ALL);
	assert_int_equal(dropped_in(unicast, FAMILY_IPV6, CT_ALL, false,
				    &group),
			 0);
	assert_int_equal(dropped_in(local, FAMILY_IPV6, CT_ALL, false, &host),
			 0);
	assert_int_equal(dropped_in(local, FAMILY_IPV6, CT_ALL, false, &group),
			 CT_ALL);
}

static void a_packet_without_a_segment_size_has_none_of_any_range(void **state)
{
	struct header small = with_ttl(64), none = with_ttl(64);
	const char *rules = FILTER "-A INPUT -p tcp -m tcpmss "
				   "! --mss 536:65535 -j DROP\nCOMMIT\n";
	const char *set = "*mangle\n:PREROUTING ACCEPT [0:0]\n"
			  "-A PREROUTING -p tcp -j TCPMSS --set-mss 1400\n"
			  "COMMIT\n" FILTER "-A INPUT -p tcp -m tcpmss "
			  "! --mss 536:65535 -j DROP\nCOMMIT\n";

	(void)state;
	small.fields[FIELD_MSS] = 535;
	none.fields[FIELD_MSS] = TCP_NO_MSS;
	assert_int_equal(dropped(rules, &small), CT_ALL);
	assert_int_equal(dropped(rules, &none), CT_ALL);
	assert_int_equal(dropped(set, &small), 0);
	small.fields[FIELD_MSS] = 536;
	assert_int_equal(dropped(rules, &small), 0);
}

static void rules_about_extension_headers_stand_in_no_ones_way(void **state)
{
	const struct header host = {
		.fields = { [FIELD_SADDR] = (u128)0x20010db8 << 96 | 1 },
	};
	const char *rules = FILTER "-A INPUT -m rt ! --rt-type 0 -j ACCEPT\n"
				   "-A INPUT -j DROP\nCOMMIT\n";
	const char *spi = FILTER "-A INPUT -p ah -m ah --ahspi 5 -j ACCEPT\n"
				 "-A INPUT -j DROP\nCOMMIT\n";
	struct header ah = with_ttl(64);

	(void)state;
	assert_int_equal(dropped_in(rules, FAMILY_IPV6, CT_ALL, false, &host),
			 CT_ALL);
	/* In IPv4 it is a protocol as any other. */
	ah.fields[FIELD_PROTO] = IPPROTO_AH;
	assert_int_equal(dropped(spi, &ah), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_stateful_match_sees_what_only_later_matches_exclude),
		cmocka_unit_test(a_translated_packet_may_be_in_any_state),
		cmocka_unit_test(
			addresses_are_unknown_behind_a_rule_that_rewrites_them),
		cmocka_unit_test(nat_of_the_host_hides_destinations),
		cmocka_unit_test(dnat_hides_destinations_of_new_packets),
		cmocka_unit_test(of_known_nat_rules_the_host_has_no_more),
		cmocka_unit_test(a_whole_packet_is_no_fragment),
		cmocka_unit_test(an_address_may_tell_its_type_by_itself),
		cmocka_unit_test(types_of_ipv6_addresses_must_all_hold),
		cmocka_unit_test(
			a_packet_without_a_segment_size_has_none_of_any_range),
		cmocka_unit_test(
			rules_about_extension_headers_stand_in_no_ones_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
