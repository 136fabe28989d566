// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fates that more than drops and passes make: packets that are logged,
 * translated or taken out of tracking on their way to a drop.
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

#define FILTER "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"

struct outcome_of {
	unsigned int drop, logged; /* states, in stage INPUT */
};

/* What becomes of TCP packets to port 23 in INPUT. */
static struct outcome_of ask(const char *text,
			     const struct flatten_options *options)
{
	OWN(ruleset) struct ruleset *ruleset = NULL;
	OWN(flat) struct flat *flat = NULL;
	struct header header = { 0 };
	struct err err = { 0 };

	if (read_rules(text, strlen(text), "test", FAMILY_IPV4, &ruleset, NULL,
		       &err))
		fail_msg("%s", err.text);
	assert_int_equal(flatten_make(ruleset, options, &flat, &err), 0);
	header.fields[FIELD_PROTO] = IPPROTO_TCP;
	header.fields[FIELD_DADDR] = 0xc0000201;
	header.fields[FIELD_DPORT] = 23;
	header.fields[FIELD_TTL] = 64;

	const struct region *region = flat_find(flat, &header);
	return (struct outcome_of){
		.drop = worlds_states(region->drop, STAGE_INPUT),
		.logged = worlds_states(region->logged, STAGE_INPUT),
	};
}

static const uint8_t any_state = CT_ALL;

static struct outcome_of telnet(const char *text, bool sample_logs,
				bool logs_invalid)
{
	const struct flatten_options options = {
		.iface = "eth0",
		.state_sets = &any_state,
		.state_set_count = 1,
		.sample_logs = sample_logs,
		.logs_invalid = logs_invalid,
	};

	return ask(text, &options);
}

/* Packets that are known to be in one of @states. */
static unsigned int telnet_of(const char *text, const uint8_t *states)
{
	const struct flatten_options options = {
		.iface = "eth0",
		.state_sets = states,
		.state_set_count = 1,
	};

	return ask(text, &options).drop;
}

static void assert_outcome(struct outcome_of found, unsigned int drop,
			   unsigned int logged)
{
	assert_int_equal(found.drop, drop);
	assert_int_equal(found.logged, logged);
}

static const char log_and_drop[] = FILTER "-A INPUT -p tcp -j LOG\n"
					  "-A INPUT -p tcp -j DROP\nCOMMIT\n";

static void what_is_logged_is_the_hosts_unless_logs_are_given_up(void **state)
{
	(void)state;
	assert_outcome(telnet(log_and_drop, false, false), 0, 0);
	assert_outcome(telnet(log_and_drop, true, false), 0, CT_ALL);
}

static void a_meter_of_log_lines_is_given_up_with_them(void **state)
{
	static const char *const meters[] = {
		"limit --limit 1/s",
		"connlimit --connlimit-above 3",
		"statistic --mode nth --every 10 --packet 0",
		"quota --quota 1000",
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(meters); i++) {
		snprintf(text, sizeof(text),
			 FILTER "-A INPUT -m %s -j NFLOG\n"
				"-A INPUT -j DROP\nCOMMIT\n",
			 meters[i]);
		assert_outcome(telnet(text, false, false), 0, 0);
		assert_outcome(telnet(text, true, false), 0, CT_ALL);
	}
}

static void other_traces_than_log_lines_are_kept(void **state)
{
	static const char *const traces[] = {
		"-m recent --set --name a --rsource -j LOG",
		"-m hashlimit --hashlimit-upto 1/sec --hashlimit-name a -j LOG",
		"-m limit --limit 1/s -j RETURN",
		"-j AUDIT --type drop",
		"-j TRACE",
		"-j CONNMARK --set-xmark 0x1/0x1",
		"", /* counts */
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(traces); i++) {
		snprintf(text, sizeof(text),
			 FILTER "-A INPUT %s\n-A INPUT -j DROP\nCOMMIT\n",
			 traces[i]);
		assert_outcome(telnet(text, true, false), 0, 0);
	}
}

#define LOGS FILTER ":L - [0:0]\n:M - [0:0]\n"
#define DROP_REST                                                              \
	"-A INPUT -j DROP\n"                                                   \
	"COMMIT\n"

static void a_chain_that_only_logs_is_a_log_rule(void **state)
{
	static const char *const chains[] = {
		"-A INPUT -m limit --limit 1/s -j L\n-A L -j LOG\n",
		"-A INPUT -j L\n-A L -p udp -j RETURN\n-A L -j NFLOG\n",
		/* ufw: what is over one limit is logged up to another */
		("-A INPUT -j L\n-A L -m limit --limit 1/s -j RETURN\n"
		 "-A L -m limit --limit 3/min -j LOG\n"),
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(chains); i++) {
		snprintf(text, sizeof(text), LOGS "%s" DROP_REST, chains[i]);
		assert_outcome(telnet(text, false, false), 0, 0);
		assert_outcome(telnet(text, true, false), 0, CT_ALL);
	}
}

static void a_chain_that_does_more_than_log_is_none(void **state)
{
	static const char *const chains[] = {
		/* decides */
		"-A INPUT -m limit --limit 1/s -j L\n"
		"-A L -j LOG\n-A L -j DROP\n",
		"-A INPUT -j L\n-A L -j LOG\n"
		"-A L -m limit --limit 1/s -j ACCEPT\n",
		/* does not come back */
		"-A INPUT -m limit --limit 1/s -g L\n-A L -j LOG\n",
		/* remembers */
		"-A INPUT -m recent --set --name a --rsource -j L\n"
		"-A L -j LOG\n",
		"-A INPUT -m limit --limit 1/s -j L\n-A L -j LOG\n"
		"-A L -m recent --set --name a --rsource -j RETURN\n",
		/* counts */
		"-A INPUT -m limit --limit 1/s -j L\n-A L -j LOG\n-A L\n",
		"-A INPUT -m limit --limit 1/s -j L\n",
		/* meters what is not logged */
		"-A INPUT -m limit --limit 1/s -j L\n-A L -j RETURN\n",
		/* calls others, which are not looked into */
		"-A INPUT -m limit --limit 1/s -j L\n"
		"-A L -j LOG\n-A L -j M\n-A M -j DROP\n",
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(chains); i++) {
		snprintf(text, sizeof(text), LOGS "%s" DROP_REST, chains[i]);
		assert_outcome(telnet(text, true, false), 0, 0);
	}
}

static void states_that_are_not_logged_are_dropped_without(void **state)
{
	static const char text[] =
		FILTER "-A INPUT -m conntrack --ctstate NEW -j LOG\n"
		       "-A INPUT -j DROP\nCOMMIT\n";

	(void)state;
	assert_outcome(telnet(text, true, false), CT_ALL & ~CT_NEW, CT_NEW);
}

static void what_is_accepted_behind_a_log_line_passes(void **state)
{
	static const char text[] = FILTER "-A INPUT -p tcp -j LOG\n"
					  "-A INPUT -p tcp -j ACCEPT\n"
					  "-A INPUT -j DROP\nCOMMIT\n";
	/* Perhaps it goes the way with the log line, perhaps not. */
	static const char maybe[] =
		FILTER ":L - [0:0]\n"
		       "-A INPUT -m time --weekdays Mon -j L\n"
		       "-A INPUT -j DROP\n"
		       "-A L -j LOG\nCOMMIT\n";

	(void)state;
	assert_outcome(telnet(text, true, false), 0, 0);
	assert_outcome(telnet(maybe, true, false), 0, CT_ALL);
}

static void lines_that_a_sysctl_asks_for_are_sampled_too(void **state)
{
	static const char text[] = FILTER "-A INPUT -j DROP\nCOMMIT\n";

	(void)state;
	assert_outcome(telnet(text, false, true), 0, 0);
	assert_outcome(telnet(text, true, true), CT_UNTRACKED,
		       CT_ALL & ~CT_UNTRACKED);
}

#define ACCEPT_KNOWN "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n"
#define RAW	     "*raw\n:PREROUTING ACCEPT [0:0]\n"

static unsigned int dropped(const char *text)
{
	return telnet(text, false, false).drop;
}

static void what_is_not_tracked_is_in_no_other_state(void **state)
{
	(void)state;
	assert_int_equal(dropped(FILTER ACCEPT_KNOWN
				 "-A INPUT -j DROP\nCOMMIT\n"),
			 0);
	assert_int_equal(dropped(RAW "-A PREROUTING -p tcp -j CT --notrack\n"
				     "COMMIT\n" FILTER ACCEPT_KNOWN
				     "-A INPUT -j DROP\nCOMMIT\n"),
			 CT_ALL);
	assert_int_equal(dropped(RAW "-A PREROUTING -p udp -j NOTRACK\n"
				     "COMMIT\n" FILTER ACCEPT_KNOWN
				     "-A INPUT -j DROP\nCOMMIT\n"),
			 0);
}

static void what_only_may_be_untracked_may_be_in_every_state(void **state)
{
	(void)state;
	assert_int_equal(dropped(RAW
				 "-A PREROUTING -m time --weekdays Mon "
				 "-j CT --notrack\nCOMMIT\n" FILTER ACCEPT_KNOWN
				 "-A INPUT -j DROP\nCOMMIT\n"),
			 0);
	/* One way leaves raw before it. */
	assert_int_equal(dropped(RAW "-A PREROUTING -m time --weekdays Mon "
				     "-j ACCEPT\n"
				     "-A PREROUTING -j CT --notrack\n"
				     "COMMIT\n" FILTER ACCEPT_KNOWN
				     "-A INPUT -j DROP\nCOMMIT\n"),
			 0);
}

static void what_has_a_template_cannot_be_taken_out_of_tracking(void **state)
{
	(void)state;
	assert_int_equal(dropped(RAW "-A PREROUTING -p tcp -j CT --helper ftp\n"
				     "-A PREROUTING -p tcp -j CT --notrack\n"
				     "COMMIT\n" FILTER ACCEPT_KNOWN
				     "-A INPUT -j DROP\nCOMMIT\n"),
			 0);
}

static void untracked_packets_that_are_accepted_pass(void **state)
{
	static const char text[] =
		RAW "-A PREROUTING -p tcp -j CT --notrack\nCOMMIT\n" FILTER
		    "-A INPUT -m conntrack --ctstate UNTRACKED -j ACCEPT\n"
		    "-A INPUT -j DROP\nCOMMIT\n";
	static const uint8_t tracked = CT_NEW | CT_INVALID;

	(void)state;
	assert_int_equal(dropped(text), 0);
	/* Whoever asks about other states gets the same answer. */
	assert_int_equal(telnet_of(text, &tracked), 0);
}

#define NAT "*nat\n:PREROUTING ACCEPT [0:0]\n:DOCKER - [0:0]\n"

static void only_what_nat_matches_gets_another_destination(void **state)
{
	static const char rest[] = "COMMIT\n*filter\n:INPUT ACCEPT [0:0]\n"
				   ":FORWARD ACCEPT [0:0]\n"
				   "-A INPUT -m conntrack --ctstate "
				   "NEW,INVALID,UNTRACKED -j DROP\n"
				   "COMMIT\n";
	static const uint8_t fresh = CT_NEW | CT_INVALID | CT_UNTRACKED;
	char text[1024];

	(void)state;
	snprintf(text, sizeof(text),
		 NAT "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n"
		     "-A DOCKER -p tcp -m tcp --dport 8080 "
		     "-j DNAT --to-destination 172.17.0.2:80\n%s",
		 rest);
	assert_int_equal(telnet_of(text, &fresh), fresh);
	snprintf(text, sizeof(text),
		 NAT "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n"
		     "-A DOCKER -p tcp -m tcp --dport 23 -j REDIRECT\n%s",
		 rest);
	/* It may be sent on, where it is accepted. */
	assert_int_equal(telnet_of(text, &fresh) & CT_NEW, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_is_logged_is_the_hosts_unless_logs_are_given_up),
		cmocka_unit_test(a_meter_of_log_lines_is_given_up_with_them),
		cmocka_unit_test(other_traces_than_log_lines_are_kept),
		cmocka_unit_test(a_chain_that_only_logs_is_a_log_rule),
		cmocka_unit_test(a_chain_that_does_more_than_log_is_none),
		cmocka_unit_test(
			states_that_are_not_logged_are_dropped_without),
		cmocka_unit_test(what_is_accepted_behind_a_log_line_passes),
		cmocka_unit_test(lines_that_a_sysctl_asks_for_are_sampled_too),
		cmocka_unit_test(what_is_not_tracked_is_in_no_other_state),
		cmocka_unit_test(
			what_only_may_be_untracked_may_be_in_every_state),
		cmocka_unit_test(
			what_has_a_template_cannot_be_taken_out_of_tracking),
		cmocka_unit_test(untracked_packets_that_are_accepted_pass),
		cmocka_unit_test(
			only_what_nat_matches_gets_another_destination),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
