// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "offload/known.h"
#include "report/wishes.h"

static void add(struct wish_words *words, const char *option, const char *value)
{
	assert(words->count < WISHES_MAX);
	snprintf(words->texts[words->count++], sizeof(words->texts[0]),
		 "--%s%s%s", option, *value ? " " : "", value);
}

static void add_if(struct wish_words *words, bool is_wished, const char *option)
{
	if (is_wished)
		add(words, option, "");
}

/* --static for all facts, --static=FACT,... for some. */
static void add_pinned(struct wish_words *words, unsigned int pinned)
{
	char option[sizeof(words->texts[0])] = "static";
	char before = '=';

	if (!pinned)
		return;
	for (int about = 0; about < ABOUT_COUNT; about++) {
		size_t length = strlen(option);

		if (pinned == known_pinnable() || !(pinned & 1u << about))
			continue;
		snprintf(option + length, sizeof(option) - length, "%c%s",
			 before, known_name(about));
		before = ',';
	}
	add(words, option, "");
}

struct wish_words wishes_words(const struct wishes *wishes)
{
	struct wish_words words = { .count = 0 };

	if (wishes->max != TIER_HW)
		add(&words, "max", tier_name(wishes->max));
	if (wishes->require != TIER_NONE)
		add(&words, "require", tier_name(wishes->require));
	if (wishes->require_full_coverage)
		add(&words, "require-coverage", "full");
	add_if(&words, wishes->strict_fragments, "strict-fragments");
	add_if(&words, wishes->strict_conntrack, "strict-conntrack");
	add_if(&words, wishes->is_shadow, "shadow");
	add_if(&words, wishes->accept_bypass, "accept-bypass");
	add_pinned(&words, wishes->pinned);
	add_if(&words, wishes->syn_is_new, "syn-is-new");
	add_if(&words, wishes->ignore_counters, "ignore-counters");
	add_if(&words, wishes->ignore_logs, "ignore-logs");
	if (wishes->classifier)
		add(&words, "classifier", wishes->classifier->name);
	if (wishes->log_sample) {
		char rate[16];

		snprintf(rate, sizeof(rate), "%u", wishes->log_sample);
		add(&words, "log-sample", rate);
	}
	return words;
}
