// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "offload/host.h"
#include "offload/known.h"
#include "rules/options.h"

/* Also when the word is shortened, as getopt_long() takes it. */
static bool is_helper(const char *word)
{
	const struct option_info *option;

	if (strncmp(word, "--", 2) != 0)
		return false;
	option = options_find_target(EXTENSION_CT, word + 2,
				     strcspn(word + 2, "="), true);
	return option && strcmp(option->name, "helper") == 0;
}

static bool gives_helper(const struct rule_target *target)
{
	if (target->kind != TARGET_EXTENSION ||
	    target->extension != EXTENSION_CT)
		return false;
	for (size_t w = 0; w < target->word_count; w++) {
		if (is_helper(target->words[w]))
			return true;
	}
	return false;
}

static bool is_unseen(const struct ruleset *ruleset, const struct fact *has_raw)
{
	return ruleset && has_raw->value && !ruleset_table(ruleset, TABLE_RAW);
}

bool host_has_unseen_raw(const struct plan_input *input)
{
	const struct policy *policy = &input->policy;
	const struct host_facts *facts = input->facts;

	return facts && (is_unseen(policy->ipv4, &facts->has_raw[0]) ||
			 is_unseen(policy->ipv6, &facts->has_raw[1]));
}

bool host_may_expect(const struct plan_input *input, const char **why)
{
	const struct policy *policy = &input->policy;
	const struct host_facts *facts = input->facts;

	/* In any chain: raw OUTPUT helps connections that the host opens. */
	if (ruleset_has_target(policy->ipv4, gives_helper) ||
	    ruleset_has_target(policy->ipv6, gives_helper)) {
		*why = "rules give connections a helper (CT --helper)";
		return true;
	}
	if (facts && facts->has_helpers.value) {
		*why = facts->has_helpers.text;
		return true;
	}
	if (host_has_unseen_raw(input)) {
		*why = "the host has a table raw that the rules given do not "
		       "have: it may give connections a helper";
		return true;
	}
	if (!known_is_sure(input, ABOUT_EXPECTATIONS)) {
		*why = "this kernel does not let programs ask whether any "
		       "connection is expected";
		return true;
	}
	*why = "no rule gives connections a helper, and nothing else of the "
	       "host announces connections";
	return false;
}

bool host_has_nat(const struct plan_input *input, enum family family)
{
	bool is_ipv6 = family == FAMILY_IPV6;

	return input->facts &&
	       (input->facts->has_nat[is_ipv6].value ||
		!known_is_sure(input,
			       is_ipv6 ? ABOUT_NAT_IPV6 : ABOUT_NAT_IPV4));
}

bool host_logs_invalid(const struct plan_input *input)
{
	return input->facts && !input->wishes.ignore_logs &&
	       (input->facts->logs_invalid.value ||
		!known_is_sure(input, ABOUT_LOG_INVALID));
}

bool host_logs_martians(const struct plan_input *input)
{
	return input->facts && !input->wishes.ignore_logs &&
	       (input->facts->logs_martians.value ||
		!known_is_sure(input, ABOUT_LOG_MARTIANS));
}

static const char *unseen_table(const struct ruleset *ruleset,
				unsigned int tables)
{
	static const struct {
		enum table_id id;
		enum host_table host;
		const char *name;
	} asked[] = {
		{ TABLE_MANGLE, HOST_TABLE_MANGLE, "mangle" },
		{ TABLE_FILTER, HOST_TABLE_FILTER, "filter" },
		{ TABLE_SECURITY, HOST_TABLE_SECURITY, "security" },
	};

	if (!ruleset || ruleset->is_block_alone)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		if (tables & asked[i].host &&
		    !ruleset_table(ruleset, asked[i].id))
			return asked[i].name;
	}
	return NULL;
}

const char *host_unseen_table(const struct plan_input *input)
{
	const struct host_facts *facts = input->facts;
	const char *name;

	if (!facts)
		return NULL;
	name = unseen_table(input->policy.ipv4,
			    facts->legacy_tables[0] | facts->nft_tables[0]);
	return name ? name
		    : unseen_table(input->policy.ipv6,
				   facts->legacy_tables[1] |
					   facts->nft_tables[1]);
}
