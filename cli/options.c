// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/nearest.h"
#include "cli/options.h"

struct option_info {
	const char *name;
	const char *value; /* what its value is called; NULL: takes none */
	const char *help;
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
	[OPTION_STATIC] = { "static", NULL,
			    "vouch that what uses the interface will not "
			    "change" },
	[OPTION_IGNORE_COUNTERS] = { "ignore-counters", NULL,
				     "rules without a target need not count" },
	[OPTION_IGNORE_LOGS] = { "ignore-logs", NULL,
				 "what dies early need not be logged by "
				 "nf_conntrack_log_invalid and log_martians" },
	[OPTION_IN] = { "in", "IF", "the interface that packets come in by" },
	[OPTION_PACKET] = { "packet", "TEXT",
			    "a packet, like 'tcp 1.2.3.4:55 > 5.6.7.8:22 "
			    "syn'" },
	[OPTION_PCAP] = { "pcap", "FILE", "the packets of a capture" },
	[OPTION_PATH] = { "path", "input|forward",
			  "where routing sends the packet; both unless said" },
	[OPTION_JSON] = { "json", NULL, "print JSON (docs/json.md)" },
	[OPTION_HELP] = { "help", NULL, "print this help" },
};
static_assert(ARRAY_SIZE(infos) == OPTION_COUNT, "a row for each option");

static int unknown(const char *word, size_t length, uint64_t accepted,
		   struct err *err)
{
	const char *names[OPTION_COUNT];
	size_t count = 0;
	char name[64];

	for (enum option i = 0; i < OPTION_COUNT; i++) {
		if (!(accepted & UINT64_C(1) << i))
			continue;
		names[count++] = infos[i].name;
	}
	snprintf(name, sizeof(name), "%.*s", (int)length, word);

	const char *nearest = nearest_find(name, names, count);
	if (!nearest)
		return err_set(err, ERR_USAGE, EINVAL,
			       "unknown option --%s: --help lists them", name);
	return err_set(err, ERR_USAGE, EINVAL,
		       "unknown option --%s: did you mean --%s?", name,
		       nearest);
}

static int find_option(const char *word, size_t length, uint64_t accepted,
		       enum option *out, struct err *err)
{
	for (enum option i = 0; i < OPTION_COUNT; i++) {
		if (strlen(infos[i].name) != length ||
		    memcmp(infos[i].name, word, length))
			continue;
		if (!(accepted & UINT64_C(1) << i))
			return err_set(err, ERR_USAGE, EINVAL,
				       "--%s is not for this command: --help "
				       "lists what is",
				       infos[i].name);
		*out = i;
		return 0;
	}
	return unknown(word, length, accepted, err);
}

static int bad_value(enum option option, const char *value, struct err *err)
{
	return err_set(err, ERR_USAGE, EINVAL, "--%s %s: expected %s",
		       infos[option].name, value, infos[option].value);
}

static int read_tier(enum option option, const char *value, enum tier *out,
		     struct err *err)
{
	int tier = tier_find(value);

	if (tier <= TIER_NONE)
		return bad_value(option, value, err);
	*out = tier;
	return 0;
}

static int read_path(const char *value, struct options *out, struct err *err)
{
	if (!strcmp(value, "input"))
		out->path = PATH_INPUT;
	else if (!strcmp(value, "forward"))
		out->path = PATH_FORWARD;
	else
		return bad_value(OPTION_PATH, value, err);
	return 0;
}

static int set_option(enum option option, const char *value,
		      struct options *out, struct err *err)
{
	struct wishes *wishes = &out->wishes;

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
	case OPTION_REQUIRE:
		return read_tier(option, value, &wishes->require, err);
	case OPTION_MAX:
		return read_tier(option, value, &wishes->max, err);
	case OPTION_REQUIRE_COVERAGE:
		if (strcmp(value, "full"))
			return bad_value(option, value, err);
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
		wishes->is_static = true;
		break;
	case OPTION_IGNORE_COUNTERS:
		wishes->ignore_counters = true;
		break;
	case OPTION_IGNORE_LOGS:
		wishes->ignore_logs = true;
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
		return read_path(value, out, err);
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
	if (infos[option].value && !value) {
		if (*next == end)
			return err_set(err, ERR_USAGE, EINVAL,
				       "--%s needs a value: %s",
				       infos[option].name, infos[option].value);
		value = *(*next)++;
	}
	return set_option(option, value, out, err);
}

int options_parse(char **argv, size_t count, uint64_t accepted,
		  struct options *out, struct err *err)
{
	char **end = argv + count;
	bool has_ended = false; /* behind `--` all are arguments */

	*out = (struct options){
		.args = argv,
		.wishes = { .max = TIER_HW, .require = TIER_NONE },
	};
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

void options_print_help(struct buf *buf, uint64_t accepted)
{
	for (enum option i = 0; i < OPTION_COUNT; i++) {
		char usage[40];

		if (!(accepted & UINT64_C(1) << i))
			continue;
		snprintf(usage, sizeof(usage), "--%s%s%s", infos[i].name,
			 infos[i].value ? " " : "",
			 infos[i].value ? infos[i].value : "");
		buf_addf(buf, "  %-28s  %s\n", usage, infos[i].help);
	}
}
