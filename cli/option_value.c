// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/option_value.h"
#include "offload/known.h"

static int read_tier(const char *value, enum tier *out)
{
	int tier = tier_find(value);

	if (tier <= TIER_NONE)
		return -EINVAL;
	*out = tier;
	return 0;
}

/* From 1 to @max, in digits alone. */
static int read_number(const char *value, unsigned int max, unsigned int *out)
{
	unsigned int number = 0;

	for (const char *digit = value; *digit; digit++) {
		if (*digit < '0' || *digit > '9')
			return -EINVAL;
		number = 10 * number + (*digit - '0');
		if (number > max)
			return -EINVAL;
	}
	if (!number)
		return -EINVAL;
	*out = number;
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

int option_value_set(enum option option, const char *value, struct options *out)
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
		return read_number(value, OPTIONS_COUNT_MAX,
				   &wishes->log_sample);
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
		return read_number(value, OPTIONS_SECONDS_MAX, &out->confirm);
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
		return read_number(value, OPTIONS_COUNT_MAX, &out->limit);
	case OPTION_EVERY:
		return read_number(value, OPTIONS_COUNT_MAX, &out->every);
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
