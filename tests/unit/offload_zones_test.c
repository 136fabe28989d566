// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which zones the rules of raw choose for packets of eth0.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "offload/zones.h"
#include "rules/read.h"

#define RAW                                                                    \
	"*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:mine - "       \
	"[0:0]\n"
#define END "COMMIT\n"

/* "7:3 0:3", "" for the usual one alone, or why not. */
static const char *found(const char *rules)
{
	static char text[256];
	OWN(ruleset) struct ruleset *ruleset = NULL;
	struct zones zones;
	const char *why = NULL;
	struct err err;
	size_t length = 0;

	if (read_rules(rules, strlen(rules), "test", FAMILY_IPV4, &ruleset,
		       NULL, &err))
		fail_msg("%s", err.text);
	if (zones_find(ruleset, "eth0", &zones, &why))
		return why;
	*text = '\0';
	for (uint32_t i = 0; i < zones.count; i++)
		length +=
			(size_t)snprintf(text + length, sizeof(text) - length,
					 "%s%u:%u", i ? " " : "",
					 zones.items[i].id, zones.items[i].dir);
	return text;
}

static void without_rules_there_is_the_usual_zone(void **state)
{
	struct zones zones;
	const char *why;

	(void)state;
	assert_string_equal(found(RAW END), "");
	assert_string_equal(found("*filter\n:INPUT ACCEPT [0:0]\n" END), "");
	assert_string_equal(found(RAW "-A PREROUTING -p tcp -j CT --ctevents "
				      "new\n" END),
			    "");
	assert_string_equal(found(RAW "-A PREROUTING -j CT --zone 0\n" END),
			    "");
	assert_int_equal(zones_find(NULL, "eth0", &zones, &why), 0);
	assert_int_equal(zones.count, 0);
}

static void a_rule_for_all_packets_leaves_one_zone(void **state)
{
	(void)state;
	assert_string_equal(found(RAW "-A PREROUTING -j CT --zone 7\n" END),
			    "7:3");
	assert_string_equal(found(RAW "-A PREROUTING -i eth+ -m comment "
				      "--comment x -j CT --zone=0x10\n" END),
			    "16:3");
	assert_string_equal(found(RAW
				  "-A PREROUTING -j CT --zone-orig 7\n" END),
			    "7:1");
	assert_string_equal(found(RAW "-A PREROUTING -j CT --zone-rep 7\n" END),
			    "7:2");
	/* The first template is the one. */
	assert_string_equal(found(RAW "-A PREROUTING -s 192.0.2.1/32 -j DROP\n"
				      "-A PREROUTING -j CT --zone 7\n"
				      "-A PREROUTING -j CT --zone 8\n" END),
			    "7:3");
}

static void a_rule_for_some_leaves_the_usual_zone_too(void **state)
{
	(void)state;
	assert_string_equal(found(RAW
				  "-A PREROUTING -p tcp -j CT --zone 7\n" END),
			    "7:3 0:3");
	assert_string_equal(found(RAW "-A PREROUTING -p tcp -j CT --zone 7\n"
				      "-A PREROUTING -j CT --zone 8\n" END),
			    "7:3 8:3");
	assert_string_equal(found(RAW "-A PREROUTING -p udp -j CT --helper x\n"
				      "-A PREROUTING -j CT --zone 8\n" END),
			    "0:3 8:3");
}

static void what_ends_before_a_rule_is_in_the_usual_zone(void **state)
{
	(void)state;
	assert_string_equal(found(RAW "-A PREROUTING -p tcp -j ACCEPT\n"
				      "-A PREROUTING -j CT --zone 7\n" END),
			    "7:3 0:3");
	assert_string_equal(found(RAW "-A PREROUTING -p tcp -j RETURN\n"
				      "-A PREROUTING -j CT --zone 7\n" END),
			    "7:3 0:3");
	assert_string_equal(found(RAW "-A PREROUTING -p tcp -j NFQUEUE\n"
				      "-A PREROUTING -j CT --zone 7\n" END),
			    "7:3 0:3");
	assert_string_equal(found(RAW "-A PREROUTING -p tcp -j mine\n"
				      "-A PREROUTING -j CT --zone 7\n"
				      "-A mine -j ACCEPT\n" END),
			    "7:3 0:3");
	assert_string_equal(found(RAW "-A PREROUTING -j mine\n"
				      "-A mine -j CT --zone 7\n" END),
			    "7:3 0:3");
}

static void rules_of_other_ways_do_not_matter(void **state)
{
	(void)state;
	assert_string_equal(found(RAW
				  "-A OUTPUT -j CT --zone 7\n"
				  "-A PREROUTING -i eth1 -j CT --zone 8\n"
				  "-A PREROUTING ! -i eth0 -j CT --zone 9\n"
				  "-A PREROUTING -i eth1 -j ACCEPT\n"
				  "-A PREROUTING -i eth0 -j CT --zone 5\n" END),
			    "5:3");
}

static void what_cannot_be_asked_is_told(void **state)
{
	(void)state;
	assert_non_null(
		strstr(found(RAW "-A PREROUTING -j CT --zone mark\n" END),
		       "mark"));
	assert_non_null(
		strstr(found(RAW "-A PREROUTING -p 1 -j CT --zone 1\n"
				 "-A PREROUTING -p 2 -j CT --zone 2\n"
				 "-A PREROUTING -p 3 -j CT --zone 3\n"
				 "-A PREROUTING -p 4 -j CT --zone 4\n" END),
		       "more conntrack zones"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_rules_there_is_the_usual_zone),
		cmocka_unit_test(a_rule_for_all_packets_leaves_one_zone),
		cmocka_unit_test(a_rule_for_some_leaves_the_usual_zone_too),
		cmocka_unit_test(what_ends_before_a_rule_is_in_the_usual_zone),
		cmocka_unit_test(rules_of_other_ways_do_not_matter),
		cmocka_unit_test(what_cannot_be_asked_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
