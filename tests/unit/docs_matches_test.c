// SPDX-License-Identifier: GPL-2.0-only
/*
 * docs/matches.md is written from rules/modules.def, options.def, targets.def
 * and the sentences below; this test compares. UPDATE=1 writes it instead.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "rules/options.h"
#include "rules/read.h"
#include "rules/see.h"

#define PATH "docs/matches.md"

enum claim {
	EXACT,	   /* must and may are the same box */
	CONDITION, /* they are under the condition that is told */
	UNKNOWN,   /* nothing surely matches */
};

struct seen {
	enum claim claim;
	const char *why;
	const char *sample; /* a rule that has the match */
};

#define NAT                                                                    \
	"not where address translation may have rewritten it: with a nat "     \
	"table in ESTABLISHED and RELATED, in NEW what DNAT and REDIRECT may " \
	"match"

#define TYPE                                                                   \
	"of 0.0.0.0, 255.255.255.255 and 224.0.0.0/4, and in IPv6 for "        \
	"MULTICAST, UNICAST and UNSPEC; the routing table decides the rest"

/* What see.c makes of each kind; the samples hold these sentences to it. */
static struct seen seen_of(enum match_kind kind)
{
	switch (kind) {
	case MATCH_SADDR:
		return (struct seen){ EXACT,
				      "a mask that splits the addresses into "
				      "more than 256 ranges is unknown",
				      "-s 10.0.0.0/8" };
	case MATCH_DADDR:
		return (struct seen){ CONDITION, NAT, "-d 10.0.0.0/8" };
	case MATCH_IN_IFACE:
		return (struct seen){ EXACT,
				      "decided when planning: one program for "
				      "each interface",
				      "-i eth0" };
	case MATCH_OUT_IFACE:
		return (struct seen){ CONDITION,
				      "in FORWARD unknown, as routing "
				      "decides; elsewhere there is none",
				      "! -o eth1" };
	case MATCH_PROTO:
		return (struct seen){ EXACT, "", "-p tcp" };
	case MATCH_FRAGMENT:
		return (struct seen){
			EXACT,
			"never: netfilter puts fragments together "
			"first",
			"! -f"
		};
	case MATCH_MODULE:
		return (struct seen){ CONDITION,
				      "in fragments unknown: the program reads "
				      "whole headers only",
				      "-p tcp -m tcp" };
	case MATCH_SPORT:
		return (struct seen){ EXACT, "", "-p tcp --sport 1:5" };
	case MATCH_DPORT:
		return (struct seen){ CONDITION, NAT, "-p tcp --dport 1:5" };
	case MATCH_ANY_PORT:
		return (struct seen){ CONDITION,
				      "the second one of a rule is unknown; "
				      "and " NAT,
				      "-p tcp -m multiport --ports 1,2" };
	case MATCH_TCP_FLAGS:
		return (struct seen){ CONDITION,
				      "FIN, PSH and CWR only where the answer "
				      "is the same set and clear: GRO merges "
				      "them. A segment with SYN, RST or URG is "
				      "never merged",
				      "-p tcp --syn" };
	case MATCH_TCP_OPTION:
		return (struct seen){ UNKNOWN,
				      "TCP options are not read by the program",
				      "-p tcp --tcp-option 5" };
	case MATCH_MSS:
		return (struct seen){ CONDITION,
				      "not behind a rule that sets it (TCPMSS, "
				      "TCPOPTSTRIP)",
				      "-p tcp -m tcpmss --mss 536:1000" };
	case MATCH_ICMP_TYPE:
		return (struct seen){ EXACT, "",
				      "-p icmp -m icmp --icmp-type 8" };
	case MATCH_SRC_RANGE:
		return (struct seen){
			EXACT, "", "-m iprange --src-range 10.0.0.1-10.0.0.9"
		};
	case MATCH_DST_RANGE:
		return (struct seen){
			CONDITION, NAT,
			"-m iprange --dst-range 10.0.0.1-10.0.0.9"
		};
	case MATCH_LENGTH:
		return (struct seen){ CONDITION,
				      "GRO makes packets longer: it must hold "
				      "for every greater length too. ICMP: "
				      "exact",
				      "-m length --length 100:65535" };
	case MATCH_TTL:
		return (struct seen){
			CONDITION, "not behind a rule that sets it (TTL, HL)",
			"-m ttl --ttl-gt 5"
		};
	case MATCH_TOS:
		return (struct seen){ CONDITION,
				      "not behind a rule that sets it (TOS, "
				      "DSCP, ECN)",
				      "-m tos --tos 8" };
	case MATCH_ECN:
		return (struct seen){ CONDITION,
				      "CWR as a TCP flag; not behind a rule "
				      "that sets it (ECN, TOS, DSCP)",
				      "-p tcp -m ecn --ecn-ip-ect 1" };
	case MATCH_MAC_SOURCE:
		return (struct seen){ EXACT, "",
				      "-m mac --mac-source 02:00:00:00:00:01" };
	case MATCH_PKT_TYPE:
		return (struct seen){ EXACT, "",
				      "-m pkttype --pkt-type unicast" };
	case MATCH_SRC_TYPE:
		return (struct seen){ CONDITION, TYPE,
				      "-m addrtype --src-type MULTICAST" };
	case MATCH_DST_TYPE:
		return (struct seen){ CONDITION, TYPE "; and " NAT,
				      "-m addrtype --dst-type BROADCAST" };
	case MATCH_CT_STATE:
		return (struct seen){ CONDITION,
				      "the program asks connection tracking; "
				      "where it cannot, all states must drop. "
				      "SNAT and DNAT: unknown",
				      "-m conntrack --ctstate NEW" };
	case MATCH_SET:
		return (struct seen){
			CONDITION,
			"with the sets given (--sets, --from-kernel). Unknown: "
			"a set whose elements expire, that a rule changes (-j "
			"SET), or of a type with MAC, mark or interface; up to "
			"8 different questions. A set that counts remembers. "
			"With ports not in fragments; with dst " NAT,
			NULL
		};
	case MATCH_COMMENT:
		return (struct seen){ EXACT, "always true",
				      "-m comment --comment x" };
	case MATCH_DETAIL:
		return (struct seen){ EXACT, "adjusts what stands before it",
				      NULL };
	case MATCH_OPAQUE:
		return (struct seen){ UNKNOWN, "not modelled",
				      "-m conntrack --ctproto 6" };
	}
	return (struct seen){ 0 };
}

static const char *claim_name(enum claim claim)
{
	switch (claim) {
	case EXACT:
		return "exact";
	case CONDITION:
		return "conditional";
	case UNKNOWN:
		return "unknown";
	}
	return NULL;
}

static void add_kind(struct buf *doc, const char *name, enum match_kind kind)
{
	struct seen seen = seen_of(kind);

	buf_addf(doc, "| `%s` | %s | %s |\n", name, claim_name(seen.claim),
		 seen.why);
}

static void add_address_part(struct buf *doc)
{
	static const struct {
		const char *name;
		enum match_kind kind;
	} rows[] = {
		{ "-s", MATCH_SADDR },	    { "-d", MATCH_DADDR },
		{ "-i", MATCH_IN_IFACE },   { "-o", MATCH_OUT_IFACE },
		{ "-p", MATCH_PROTO },	    { "-f", MATCH_FRAGMENT },
		{ "-m ...", MATCH_MODULE },
	};

	buf_add(doc, "| match | seen | but |\n|---|---|---|\n");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		add_kind(doc, rows[i].name, rows[i].kind);
}

struct row {
	enum module module;
	const char *name, *modern;
	enum match_kind kind;
};

static const struct row rows[] = {
#define OPTION(module, name, modern, words, kind, form)                        \
	{ MODULE_##module, name, modern, MATCH_##kind },
#define DETAIL(module, name, words)
#define OPAQUE(module, name, words)                                            \
	{ MODULE_##module, name, name, MATCH_OPAQUE },
#define TARGET_OPTION(extension, name, words)
#include "rules/options.def"
#undef OPTION
#undef DETAIL
#undef OPAQUE
#undef TARGET_OPTION
};

static void add_options(struct buf *doc, enum module module)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char name[80];

		/* Old spellings and what only adjusts need no row. */
		if (rows[i].module != module || rows[i].kind == MATCH_DETAIL ||
		    strcmp(rows[i].name, rows[i].modern) != 0)
			continue;
		snprintf(name, sizeof(name), "-m %s --%s",
			 module_info(module)->name, rows[i].name);
		add_kind(doc, name, rows[i].kind);
	}
}

static void add_modules(struct buf *doc)
{
	buf_add(doc, "| match | seen | but |\n|---|---|---|\n");
	for (enum module module = 0; module < MODULE_COUNT; module++) {
		const struct module_info *info = module_info(module);

		switch (info->class) {
		case MODULE_CLASS_HEADER:
		case MODULE_CLASS_OPTIONS:
			add_options(doc, module);
			break;
		case MODULE_CLASS_UNKNOWN:
			buf_addf(doc, "| `-m %s` | unknown | %s |\n",
				 info->name, info->sentence);
			break;
		case MODULE_CLASS_EXTENSION:
			buf_addf(doc, "| `-m %s` | conditional | %s |\n",
				 info->name, info->sentence);
			break;
		case MODULE_CLASS_METER:
			buf_addf(doc, "| `-m %s` | meters | %s |\n", info->name,
				 info->sentence);
			break;
		case MODULE_CLASS_STATEFUL:
			buf_addf(doc, "| `-m %s` | remembers | %s |\n",
				 info->name, info->sentence);
			break;
		}
	}
}

static void add_changes(struct buf *doc, unsigned int changes)
{
	static const char *const names[] = {
		"TTL",
		"TOS",
		"TCP flags",
		"source address and port",
		"connection states in raw",
		"the mark (routing may read it)",
		"destination address and port",
	};
	const char *before = "; unknown from there on: ";

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(changes & 1u << i))
			continue;
		buf_addf(doc, "%s%s", before, names[i]);
		before = ", ";
	}
}

static void add_targets(struct buf *doc)
{
	static const char *const effects[] = {
		[EXTENSION_CLASS_CONTINUES] = "goes on",
		[EXTENSION_CLASS_TRACES] = "left to the host",
		[EXTENSION_CLASS_LOGS] = ("left to the host, but sampled with "
					  "`--log-sample`"),
		[EXTENSION_CLASS_ACCEPTS] = "accepts in this table",
		[EXTENSION_CLASS_ANSWERS] = "left to the host",
	};

	buf_add(doc, "| target | its packets | why |\n|---|---|---|\n");
	for (enum extension i = 0; i < EXTENSION_UNKNOWN; i++) {
		const struct extension_info *info = extension_info(i);

		buf_addf(doc, "| `%s` | %s", info->name, effects[info->class]);
		add_changes(doc, info->changes);
		buf_addf(doc, " | %s |\n", info->sentence ?: "");
	}
}

static void add_doc(struct buf *doc)
{
	buf_add(doc,
		"# Matches and targets\n\n"
		"Written from `rules/*.def` by `tests/unit/docs_matches_test.c`"
		": change those, then run it with `UPDATE=1`.\n\n"
		"How a program sees each match, in the tiers `native` and "
		"`generic`. A card (`hw`) sees what stands in the fixed "
		"headers, "
		"but no connection and no route: `plan` says which rules it "
		"takes.\n\n"
		"- **exact**: the program knows the answer.\n"
		"- **conditional**: it knows it but for what the last column "
		"says; there the match is unknown.\n"
		"- **unknown**: the match may be true or false. A drop rule "
		"that has it drops nothing early; an accept rule that has it "
		"leaves its packets to the host; packets that are dropped "
		"either way still die early.\n"
		"- **remembers**: asking it changes something. What reaches "
		"it passes, as far as the matches before it in its rule "
		"narrow that down.\n"
		"- **meters**: the same, for its own rule only. In a rule "
		"that logs, or jumps to a chain of log rules, "
		"`--log-sample` gives up the meter with the log "
		"lines.\n\n"
		"Packets that address translation may have rewritten are "
		"left to the host after PREROUTING: it may answer them on "
		"their new way.\n\n"
		"Of IPv4 fragments only addresses, the protocol, the "
		"interface and connection states are seen; the rest is "
		"unknown. A module or target that is not listed is taken for "
		"one that remembers, or leaves a trace.\n\n"
		"## Address part and modules by themselves\n\n");
	add_address_part(doc);
	buf_add(doc, "\n## Modules\n\n");
	add_modules(doc);
	buf_add(doc, "\n## Targets\n\n"
		     "`ACCEPT`, `DROP`, `RETURN`, `-j CHAIN` and `-g CHAIN` "
		     "are followed exactly. A rule without a target counts its "
		     "packets, which therefore pass, unless "
		     "`--ignore-counters` is given.\n\n");
	add_targets(doc);
}

static void the_table_says_what_the_program_sees(void **state)
{
	OWN_BUF struct buf doc = BUF_INIT, read = BUF_INIT;
	const char *update = getenv("UPDATE");
	char part[4096];
	size_t length;
	FILE *file;

	(void)state;
	add_doc(&doc);
	assert_false(doc.has_failed);
	file = fopen(PATH, update ? "we" : "re");
	if (!file)
		fail_msg("%s: %s", PATH, strerror(errno));
	if (update) {
		assert_true(fputs(buf_text(&doc), file) >= 0);
		assert_int_equal(fclose(file), 0);
		return;
	}
	while ((length = fread(part, 1, sizeof(part), file)) > 0)
		buf_addn(&read, part, length);
	fclose(file);
	if (strcmp(buf_text(&doc), buf_text(&read)) != 0)
		fail_msg(PATH " is out of date: run this test with UPDATE=1");
}

/* A claim about one kind, held to what see_rule() says of its sample. */
static void check(enum match_kind kind)
{
	struct seen seen = seen_of(kind);
	struct sight sight = { .must.states = CT_ALL, .may.states = CT_ALL };
	struct ruleset *ruleset = NULL;
	struct err err = { 0 };
	char text[256];

	if (!seen.sample)
		return;
	snprintf(text, sizeof(text),
		 "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT %s -j DROP\nCOMMIT\n",
		 seen.sample);
	if (read_rules(text, strlen(text), "sample", FAMILY_IPV4, &ruleset,
		       NULL, &err))
		fail_msg("%s: %s", seen.sample, err.text);

	const struct rule *rule = &ruleset->tables[0].chains[0].rules[0];
	const struct viewpoint view = { .arena = ruleset->arena,
					.family = FAMILY_IPV4,
					.hook = HOOK_INPUT,
					.iface = "eth0" };
	bool has_kind = false;

	for (size_t i = 0; i < rule->match_count; i++)
		has_kind |= rule->matches[i].kind == kind;
	if (!has_kind)
		fail_msg("%s is not a sample of kind %d", seen.sample, kind);
	assert_int_equal(see_rule(&view, rule, &sight), 0);
	assert_false(sight.may.is_empty);
	if (sight.must.is_empty != (seen.claim == UNKNOWN))
		fail_msg("%s is not %s", seen.sample, claim_name(seen.claim));
	ruleset_free(ruleset);
}

static void every_kind_of_match_is_seen_as_the_table_claims(void **state)
{
	(void)state;
	for (int kind = 0; kind <= MATCH_OPAQUE; kind++)
		check(kind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_kind_of_match_is_seen_as_the_table_claims),
		cmocka_unit_test(the_table_says_what_the_program_sees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
