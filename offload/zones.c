// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "offload/zones.h"
#include "rules/options.h"

/* xt_ct_flags_to_dir() */
enum zone_dir {
	ZONE_ORIGINAL = 1,
	ZONE_REPLY = 2,
	ZONE_BOTH = WIRE_ZONE_BOTH,
};

static const struct wire_zone usual = { .id = 0, .dir = ZONE_BOTH };

/* The direction that an option names, or 0; also when the word is shortened, as
 * getopt_long() takes it. */
static uint8_t zone_option(const char *word)
{
	const struct option_info *option;

	if (strncmp(word, "--", 2) != 0)
		return 0;
	option = options_find_target(EXTENSION_CT, word + 2,
				     strcspn(word + 2, "="), true);
	if (!option)
		return 0;
	if (!strcmp(option->name, "zone"))
		return ZONE_BOTH;
	if (!strcmp(option->name, "zone-orig"))
		return ZONE_ORIGINAL;
	return !strcmp(option->name, "zone-reply") ? ZONE_REPLY : 0;
}

/* A target CT: false when the zone is not a number, but "mark". */
static bool read_zone(const struct rule_target *target, struct wire_zone *out)
{
	*out = usual;
	for (size_t i = 0; i < target->word_count; i++) {
		const char *word = target->words[i];
		uint8_t dir = zone_option(word);
		const char *value = strchr(word, '=');
		char *end;

		if (!dir)
			continue;
		if (value)
			value++;
		else
			value = i + 1 < target->word_count
					? target->words[i + 1]
					: "";
		unsigned long id = strtoul(value, &end, 0);

		if (end == value || *end || id > UINT16_MAX)
			return false;
		out->id = (uint16_t)id;
		out->dir = dir;
	}
	return true;
}

/* Is it about packets of another interface? */
static bool is_elsewhere(const struct rule *rule, const char *iface)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];
		const struct iface_pattern *wanted = &match->iface;

		if (match->kind != MATCH_IN_IFACE)
			continue;
		bool is_it = wanted->is_prefix ? !strncmp(iface, wanted->name,
							  strlen(wanted->name))
					       : !strcmp(iface, wanted->name);
		if (is_it == match->is_negated)
			return true;
	}
	return false;
}

/* Does it take every packet of an interface that it is about? */
static bool is_for_all(const struct rule *rule)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];
		bool is_comment = match->kind == MATCH_COMMENT ||
				  (match->kind == MATCH_MODULE &&
				   match->module == MODULE_COMMENT);

		if (match->kind != MATCH_IN_IFACE && !is_comment)
			return false;
	}
	return true;
}

/* A template of connection tracking; a packet keeps the first. */
static bool is_template(const struct rule_target *target)
{
	return target->kind == TARGET_EXTENSION &&
	       target->extension == EXTENSION_CT && !target_is_notrack(target);
}

/* Do packets come behind the rule that it has had? */
static bool goes_on(const struct rule_target *target)
{
	enum extension_class class;

	if (target->kind != TARGET_EXTENSION)
		return target->kind == TARGET_NONE ||
		       target->kind == TARGET_DROP;
	class = extension_info(target->extension)->class;
	return class != EXTENSION_CLASS_ACCEPTS &&
	       class != EXTENSION_CLASS_ANSWERS;
}

static int add_zone(struct zones *zones, struct wire_zone zone,
		    const char **why)
{
	for (uint32_t i = 0; i < zones->count; i++) {
		if (zones->items[i].id == zone.id &&
		    zones->items[i].dir == zone.dir)
			return 0;
	}
	if (zones->count == WIRE_ZONES_MAX) {
		*why = "rules use more conntrack zones for this interface than "
		       "programs ask about";
		return -ENOTSUP;
	}
	zones->items[zones->count++] = zone;
	return 0;
}

/* All that a chain may choose. *@is_sure: it has chosen for every packet. */
static int add_chain(struct zones *zones, const struct chain *chain,
		     const char *iface, bool *is_sure, const char **why)
{
	bool come_all = true;

	*is_sure = false;
	for (size_t i = 0; i < chain->rule_count && !*is_sure; i++) {
		const struct rule *rule = &chain->rules[i];
		struct wire_zone zone;
		int ret;

		if (is_elsewhere(rule, iface))
			continue;
		come_all = come_all && goes_on(&rule->target);
		if (!is_template(&rule->target))
			continue;
		if (!read_zone(&rule->target, &zone)) {
			*why = "rules choose conntrack zones by the packet's "
			       "mark, which programs cannot know";
			return -ENOTSUP;
		}
		ret = add_zone(zones, zone, why);
		if (ret)
			return ret;
		*is_sure = come_all && is_for_all(rule);
	}
	return 0;
}

int zones_find(const struct ruleset *ruleset, const char *iface,
	       struct zones *out, const char **why)
{
	const struct table *raw =
		ruleset ? ruleset_table(ruleset, TABLE_RAW) : NULL;
	struct zones zones = { 0 };
	bool is_chosen = false;

	for (size_t i = 0; raw && i < raw->chain_count; i++) {
		const struct chain *chain = &raw->chains[i];
		bool is_base = chain->policy != POLICY_NONE;
		bool is_first = is_base && !strcmp(chain->name, "PREROUTING");
		bool is_sure;
		int ret;

		/* OUTPUT is for what the host itself sends. */
		if (is_base && !is_first)
			continue;
		ret = add_chain(&zones, chain, iface, &is_sure, why);
		if (ret)
			return ret;
		is_chosen = is_chosen || (is_first && is_sure);
	}
	if (!is_chosen) {
		int ret = add_zone(&zones, usual, why);

		if (ret)
			return ret;
	}
	/* Nothing but the usual one need not be named. */
	if (zones.count == 1 && zones.items[0].id == 0)
		zones.count = 0;
	*out = zones;
	return 0;
}
