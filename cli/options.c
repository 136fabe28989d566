// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/nearest.h"
#include "cli/options.h"
#include "offload/known.h"

#define LOG_SAMPLE_MAX 1000000

struct option_info {
	const char *name;
	const char *value; /* what its value is called; NULL: takes none */
	const char *help;
	bool is_optional;     /* the value, which then stands behind a "=" */
	const char *expected; /* of the value, where its name says too little */
};

static const struct option_info infos[] = {
	[OPTION_RULES] = { "rules", "FILE",
			   "rules as iptables-save or ip6tables-save print "
			   "them; - is stdin" },
	[OPTION_RULES6] = { "rules6", "FILE",
			    "IPv6 rules, when --rules has the IPv4 ones" },
	[OPTION_FROM_KERNEL] = { "from-kernel", NULL,
				 "the rules that this host has loaded, both "
				 "families" },
	[OPTION_SETS] = { "sets", "FILE",
			  "the sets that rules ask for (-m set), as ipset save "
			  "prints them" },
	[OPTION_BLOCK] = { "block", "FILE|DIR",
			   "drop what comes from these networks, one a line, "
			   "before all rules" },
	[OPTION_REQUIRE] = { "require", "hw|native|generic",
			     "fail where this tier cannot be had" },
	[OPTION_MAX] = { "max", "hw|native|generic",
			 "do not try a higher tier" },
	[OPTION_REQUIRE_COVERAGE] = { "require-coverage", "full",
				      "fail unless every drop rule is "
				      "enforced early" },
	[OPTION_STRICT_FRAGMENTS] = { "strict-fragments", NULL,
				      "leave all fragments to the host" },
	[OPTION_STRICT_CONNTRACK] = { "strict-conntrack", NULL,
				      "leave packets of known connections to "
				      "the host" },
	[OPTION_SHADOW] = { "shadow", NULL,
			    "judge and count, but drop nothing" },
	[OPTION_ACCEPT_BYPASS] = { "accept-bypass", NULL,
				   "vouch for other tables and hooks that act "
				   "before these rules" },
	[OPTION_STATIC] = { "static", "FACT,...",
			    "vouch that facts which plan lists will not "
			    "change; all unless named",
			    true,
			    "facts that a program may have to be told, like "
			    "nat-ipv4,other-hooks: wirewall plan lists them" },
	[OPTION_SYN_IS_NEW] = { "syn-is-new", NULL,
				"vouch, for the card, that no TCP SYN without "
				"ACK belongs to an established connection" },
	[OPTION_IGNORE_COUNTERS] = { "ignore-counters", NULL,
				     "rules without a target need not count" },
	[OPTION_IGNORE_LOGS] = { "ignore-logs", NULL,
				 "what dies early need not be logged by "
				 "nf_conntrack_log_invalid and log_martians" },
	[OPTION_LOG_SAMPLE] = { "log-sample", "1-1000000",
				"of what the host would log and drop, send up "
				"only so many packets a second" },
	[OPTION_CLASSIFIER] = { "classifier", "auto|rfc|parts|chain|linear",
				"how programs find the rule, where it fits; "
				"plan shows it" },
	[OPTION_MEASURE] = { "measure", NULL,
			     "run the program and say what a packet costs" },
	[OPTION_ADVISE] = { "advise", NULL,
			    "try changes of the rules, and say which would "
			    "gain most" },
	[OPTION_IN] = { "in", "IF", "the interface that packets come in by" },
	[OPTION_PACKET] = { "packet", "TEXT",
			    "a packet, like 'tcp 1.2.3.4:55 > 5.6.7.8:22 "
			    "syn'" },
	[OPTION_PCAP] = { "pcap", "FILE",
			  "a capture: explain reads it, sample writes it (-: "
			  "to standard output)" },
	[OPTION_PATH] = { "path", "input|forward",
			  "where routing sends the packet; both unless said" },
	[OPTION_TARGET] = { "target", "nfp|native|generic",
			    "who is to run it: a Netronome card (this unless "
			    "said), the driver, the stack" },
	[OPTION_CARD] = { "card", "NAME[,FIELD=NUMBER]...",
			  "small, typical or large, and what differs "
			  "(bpf/card.h)" },
	[OPTION_DEV] = { "dev", "IF",
			 "ask the card's driver, too: load it for IF, attach "
			 "nothing" },
	[OPTION_CONFIG] = { "config", "DIR",
			    "read *.conf of this directory, not of "
			    "/etc/wirewall" },
	[OPTION_CAPS] = { "caps", "FILE",
			  "interfaces of another machine, as wirewall caps "
			  "--json printed there" },
	[OPTION_CHECK] = { "check", "hw|native",
			   "fail unless every interface has this tier" },
	[OPTION_FIX] = { "fix", NULL,
			 "print a script of the fixes, with their undo" },
	[OPTION_MARKDOWN] = { "markdown", NULL, "print Markdown" },
	[OPTION_DIFF] = { "diff", NULL,
			  "say what would change, and change "
			  "nothing" },
	[OPTION_CONFIRM] = { "confirm", "SECONDS",
			     "put the former programs back unless \"wirewall "
			     "confirm\" comes in time" },
	[OPTION_WATCH] = { "watch", NULL,
			   "again each second, with rates, until interrupted" },
	[OPTION_PROMETHEUS] = { "prometheus", NULL,
				"as metrics for Prometheus" },
	[OPTION_TEXTFILE] = { "textfile", "FILE",
			      "metrics into a file, which is replaced whole" },
	[OPTION_LISTEN] = { "listen", "PLACE",
			    "serve metrics, status and stats over HTTP at "
			    "unix:/PATH, 127.0.0.1:PORT or [::1]:PORT" },
	[OPTION_GROUP] = { "group", "NAME",
			   "this group may use the UNIX socket, too" },
	[OPTION_LIMIT] = { "count", "N", "end after N packets" },
	[OPTION_EVERY] = { "every", "N",
			   "take one packet of N, at random; each unless "
			   "said" },
	[OPTION_JSON] = { "json", NULL, "print JSON (docs/json.md)" },
	[OPTION_HELP] = { "help", NULL, "print this help" },
};
static_assert(ARRAY_SIZE(infos) == OPTION_COUNT, "a row for each option");

/* The accepted name that is nearest to @word, or NULL. */
static const char *find_nearest(const char *word, uint64_t accepted)
{
	const char *names[OPTION_COUNT];
	size_t count = 0;

	for (enum option i = 0; i < OPTION_COUNT; i++) {
		if (accepted & UINT64_C(1) << i)
			names[count++] = infos[i].name;
	}
	return nearest_find(word, names, count);
}

static int unknown(const char *word, size_t length, uint64_t accepted,
		   struct err *err)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)length, word);

	const char *nearest = find_nearest(name, accepted);
	if (!nearest)
		return err_set(err, ERR_USAGE, EINVAL,
			       "unknown option --%s: --help lists them", name);
	return err_set(err, ERR_USAGE, EINVAL,
		       "unknown option --%s: did you mean --%s?", name,
		       nearest);
}

/* OPTION_COUNT: there is none. */
static enum option find_name(const char *word, size_t length)
{
	enum option i = 0;

	while (i < OPTION_COUNT && (strlen(infos[i].name) != length ||
				    memcmp(infos[i].name, word, length)))
		i++;
	return i;
}

static int find_option(const char *word, size_t length, uint64_t accepted,
		       enum option *out, struct err *err)
{
	enum option option = find_name(word, length);

	if (option == OPTION_COUNT)
		return unknown(word, length, accepted, err);
	if (!(accepted & UINT64_C(1) << option))
		return err_set(err, ERR_USAGE, EINVAL,
			       "--%s is not for this command: --help "
			       "lists what is",
			       infos[option].name);
	*out = option;
	return 0;
}

static int read_tier(const char *value, enum tier *out)
{
	int tier = tier_find(value);

	if (tier <= TIER_NONE)
		return -EINVAL;
	*out = tier;
	return 0;
}

/* Packets a second. */
static int read_rate(const char *value, uint32_t *out)
{
	char *end;
	unsigned long rate = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || rate < 1 ||
	    rate > LOG_SAMPLE_MAX)
		return -EINVAL;
	*out = rate;
	return 0;
}

static int read_path(const char *value, struct options *out)
{
	if (!strcmp(value, "input"))
		out->path = PATH_INPUT;
	else if (!strcmp(value, "forward"))
		out->path = PATH_FORWARD;
	else
		return -EINVAL;
	return 0;
}

static int read_target(const char *value, enum safe_target *out)
{
	if (!strcmp(value, "nfp"))
		*out = SAFE_NFP;
	else if (!strcmp(value, "native"))
		*out = SAFE_NATIVE;
	else if (!strcmp(value, "generic"))
		*out = SAFE_GENERIC;
	else
		return -EINVAL;
	return 0;
}

/* At most a day. */
static int read_seconds(const char *value, unsigned int *out)
{
	unsigned int seconds = 0;

	for (const char *digit = value; *digit; digit++) {
		if (*digit < '0' || *digit > '9')
			return -EINVAL;
		seconds = 10 * seconds + (*digit - '0');
		if (seconds > OPTIONS_SECONDS_MAX)
			return -EINVAL;
	}
	if (!seconds)
		return -EINVAL;
	*out = seconds;
	return 0;
}

/* One name at a time of @list. */
static int read_facts(const char *list, unsigned int *out)
{
	unsigned int pinned = 0;

	for (const char *next = list; next;) {
		size_t length = strcspn(next, ",");
		char name[32];

		snprintf(name, sizeof(name), "%.*s", (int)length, next);
		int about = known_find(name);
		if (about < 0 || !(known_pinnable() & 1u << about))
			return -EINVAL;
		pinned |= 1u << about;
		next = next[length] ? next + length + 1 : NULL;
	}
	*out |= pinned;
	return 0;
}

/* -EINVAL: the option cannot have this value. */
static int set_option(enum option option, const char *value,
		      struct options *out)
{
	struct wishes *wishes = &out->wishes;

	out->given |= UINT64_C(1) << option;
	switch (option) {
	case OPTION_RULES:
		out->rules = value;
		break;
	case OPTION_RULES6:
		out->rules6 = value;
		break;
	case OPTION_FROM_KERNEL:
		out->from_kernel = true;
		break;
	case OPTION_SETS:
		out->sets = value;
		break;
	case OPTION_BLOCK:
		out->block = value;
		break;
	case OPTION_REQUIRE:
		return read_tier(value, &wishes->require);
	case OPTION_MAX:
		return read_tier(value, &wishes->max);
	case OPTION_REQUIRE_COVERAGE:
		if (strcmp(value, "full"))
			return -EINVAL;
		wishes->require_full_coverage = true;
		break;
	case OPTION_STRICT_FRAGMENTS:
		wishes->strict_fragments = true;
		break;
	case OPTION_STRICT_CONNTRACK:
		wishes->strict_conntrack = true;
		break;
	case OPTION_SHADOW:
		wishes->is_shadow = true;
		break;
	case OPTION_ACCEPT_BYPASS:
		wishes->accept_bypass = true;
		break;
	case OPTION_STATIC:
		if (value)
			return read_facts(value, &wishes->pinned);
		wishes->pinned = known_pinnable();
		break;
	case OPTION_SYN_IS_NEW:
		wishes->syn_is_new = true;
		break;
	case OPTION_IGNORE_COUNTERS:
		wishes->ignore_counters = true;
		break;
	case OPTION_IGNORE_LOGS:
		wishes->ignore_logs = true;
		break;
	case OPTION_LOG_SAMPLE:
		return read_rate(value, &wishes->log_sample);
	case OPTION_CLASSIFIER:
		wishes->classifier = classifier_find(value);
		return wishes->classifier || !strcmp(value, "auto") ? 0
								    : -EINVAL;
	case OPTION_MEASURE:
		out->measure = true;
		break;
	case OPTION_ADVISE:
		out->advise = true;
		break;
	case OPTION_IN:
		out->in = value;
		break;
	case OPTION_PACKET:
		out->packet = value;
		break;
	case OPTION_PCAP:
		out->pcap = value;
		break;
	case OPTION_PATH:
		return read_path(value, out);
	case OPTION_TARGET:
		return read_target(value, &out->target);
	case OPTION_CARD:
		out->card = value;
		break;
	case OPTION_DEV:
		out->dev = value;
		break;
	case OPTION_CONFIG:
		out->config = value;
		break;
	case OPTION_CONFIRM:
		return read_seconds(value, &out->confirm);
	case OPTION_CAPS:
		out->caps = value;
		break;
	case OPTION_CHECK:
		if (strcmp(value, "hw") && strcmp(value, "native"))
			return -EINVAL;
		return read_tier(value, &out->check);
	case OPTION_FIX:
		out->fix = true;
		break;
	case OPTION_MARKDOWN:
		out->markdown = true;
		break;
	case OPTION_WATCH:
		out->watch = true;
		break;
	case OPTION_PROMETHEUS:
		out->prometheus = true;
		break;
	case OPTION_TEXTFILE:
		out->textfile = value;
		break;
	case OPTION_LISTEN:
		out->listen = value;
		break;
	case OPTION_GROUP:
		out->group = value;
		break;
	case OPTION_LIMIT:
		return read_rate(value, &out->limit);
	case OPTION_EVERY:
		return read_rate(value, &out->every);
	case OPTION_DIFF:
		out->diff = true;
		break;
	case OPTION_JSON:
		out->json = true;
		break;
	case OPTION_HELP:
		out->help = true;
		break;
	case OPTION_COUNT:
		break;
	}
	return 0;
}

/* `--name=value`, or `--name` with *@next behind it: which is then used up. */
static int read_option(const char *word, char ***next, char **end,
		       uint64_t accepted, struct options *out, struct err *err)
{
	size_t length = strcspn(word, "=");
	const char *value = word[length] ? word + length + 1 : NULL;
	enum option option = OPTION_COUNT;
	int result = find_option(word, length, accepted, &option, err);

	if (result < 0)
		return result;
	if (!infos[option].value && value)
		return err_set(err, ERR_USAGE, EINVAL, "--%s takes no value",
			       infos[option].name);
	if (infos[option].value && !value && !infos[option].is_optional) {
		if (*next == end)
			return err_set(err, ERR_USAGE, EINVAL,
				       "--%s needs a value: %s",
				       infos[option].name, infos[option].value);
		value = *(*next)++;
	}
	if (set_option(option, value, out) < 0)
		return err_set(err, ERR_USAGE, EINVAL, "--%s %s: expected %s",
			       infos[option].name, value,
			       infos[option].expected ? infos[option].expected
						      : infos[option].value);
	return 0;
}

struct options options_default(void)
{
	return (struct options){
		.wishes = { .max = TIER_HW, .require = TIER_NONE },
	};
}

int options_parse(char **argv, size_t count, uint64_t accepted,
		  struct options *out, struct err *err)
{
	char **end = argv + count;
	bool has_ended = false; /* behind `--` all are arguments */

	*out = options_default();
	out->args = argv;
	for (char **next = argv; next < end;) {
		char *word = *next++;

		if (has_ended || word[0] != '-' || !word[1]) {
			out->args[out->arg_count++] = word;
			continue;
		}
		if (!strcmp(word, "--")) {
			has_ended = true;
			continue;
		}
		if (!strcmp(word, "-h"))
			word = "--help";
		if (word[1] != '-')
			return err_set(err, ERR_USAGE, EINVAL,
				       "unknown option %s: options are whole "
				       "words, like --rules",
				       word);

		int result =
			read_option(word + 2, &next, end, accepted, out, err);
		if (result < 0)
			return result;
	}
	return 0;
}

static int unknown_setting(const char *name, uint64_t accepted, struct err *err)
{
	const char *nearest = find_nearest(name, accepted);

	if (nearest)
		return err_input(err,
				 "unknown setting \"%s\": did you mean \"%s\"?",
				 name, nearest);
	return err_input(err,
			 "unknown setting \"%s\": expected an option of "
			 "apply, without its dashes",
			 name);
}

int options_set(const char *name, const char *value, uint64_t accepted,
		struct options *out, struct err *err)
{
	enum option option = find_name(name, strlen(name));
	uint64_t bit = UINT64_C(1) << option;

	if (option == OPTION_COUNT || !(accepted & bit))
		return unknown_setting(name, accepted, err);
	if (out->given & bit)
		return err_input(err, "\"%s\" is set twice", name);

	const char *expected = infos[option].value;
	bool is_switch = !expected || infos[option].is_optional;

	if (is_switch && !strcmp(value, "no")) {
		out->given |= bit;
		return 0;
	}
	if (is_switch && !strcmp(value, "yes"))
		return set_option(option, NULL, out);
	if (!*value || !expected || set_option(option, value, out) < 0)
		return err_input(err, "%s = %s: expected %s%s", name, value,
				 is_switch ? "yes or no" : expected,
				 is_switch && expected ? ", or FACT,..." : "");
	return 0;
}

struct option_words options_words(enum option option)
{
	const struct option_info *info = &infos[option];

	return (struct option_words){ info->name, info->value,
				      info->is_optional, info->help };
}

void options_print_help(struct buf *buf, uint64_t accepted)
{
	for (enum option i = 0; i < OPTION_COUNT; i++) {
		char usage[64];

		if (!(accepted & UINT64_C(1) << i))
			continue;
		snprintf(usage, sizeof(usage), "--%s%s%s%s", infos[i].name,
			 infos[i].is_optional ? "[="
			 : infos[i].value     ? " "
					      : "",
			 infos[i].value ? infos[i].value : "",
			 infos[i].is_optional ? "]" : "");
		buf_addf(buf, "  %-28s  %s\n", usage, infos[i].help);
	}
}
