// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "rules/ruleset.h"

/* Of a name that we do not know the worst is assumed. */
static const struct module_info modules[] = {
#define MODULE(id, name, class, sentence)                                      \
	[MODULE_##id] = { name, MODULE_CLASS_##class, sentence },
#include "rules/modules.def"
#undef MODULE
	[MODULE_UNKNOWN] = { "unknown", MODULE_CLASS_STATEFUL,
			     "it is a module that wirewall does not know" },
};

static const struct extension_info extensions[] = {
#define EXTENSION(id, name, class, changes, sentence)                          \
	[EXTENSION_##id] = { name, EXTENSION_CLASS_##class, changes, sentence },
#include "rules/targets.def"
#undef EXTENSION
	[EXTENSION_UNKNOWN] = { "unknown", EXTENSION_CLASS_ANSWERS,
				CHANGE_TTL | CHANGE_TOS | CHANGE_TCP |
					CHANGE_ADDRESS | CHANGE_TRACKING |
					CHANGE_MARK,
				"it is a target that wirewall does not know" },
};

unsigned int match_reads(const struct match *match)
{
	const struct set_dims *dims = &match->set.dims;

	switch (match->kind) {
	case MATCH_SADDR:
	case MATCH_SPORT:
	case MATCH_SRC_RANGE:
	case MATCH_SRC_TYPE:
		return CHANGE_SOURCE;
	case MATCH_DADDR:
	case MATCH_DPORT:
	case MATCH_DST_RANGE:
	case MATCH_DST_TYPE:
		return CHANGE_DESTINATION;
	case MATCH_ANY_PORT:
		return CHANGE_ADDRESS;
	case MATCH_SET:
		return (dims->sources ? CHANGE_SOURCE : 0) |
		       (dims->sources != (1 << dims->count) - 1
				? CHANGE_DESTINATION
				: 0);
	default:
		return 0;
	}
}

bool target_is_notrack(const struct rule_target *target)
{
	if (target->kind != TARGET_EXTENSION)
		return false;
	if (target->extension == EXTENSION_NOTRACK)
		return true;
	for (size_t i = 0; i < target->word_count; i++) {
		if (!strcmp(target->words[i], "--notrack"))
			return target->extension == EXTENSION_CT;
	}
	return false;
}

/* Does it match every packet that reaches it? */
static bool is_unconditional(const struct rule *rule)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];

		if (match->kind != MATCH_COMMENT &&
		    !(match->kind == MATCH_MODULE &&
		      match->module == MODULE_COMMENT))
			return false;
	}
	return true;
}

bool rule_is_counter(const struct table *table, const struct rule *rule)
{
	const struct rule_target *target = &rule->target;

	if (target->kind == TARGET_NONE)
		return true;
	return target->kind == TARGET_JUMP && !is_unconditional(rule) &&
	       table->chains[target->chain].rule_count == 0;
}

/* What it asks may have a meter of its own, but leaves no other trace. */
static bool is_traceless(const struct rule *rule)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];

		if (match->kind == MATCH_SET && match->set.is_tracing)
			return false;
		if (match->kind == MATCH_MODULE &&
		    module_info(match->module)->class == MODULE_CLASS_STATEFUL)
			return false;
	}
	return true;
}

static bool logs(const struct rule *rule)
{
	const struct rule_target *target = &rule->target;

	return target->kind == TARGET_EXTENSION &&
	       extension_info(target->extension)->class ==
		       EXTENSION_CLASS_LOGS &&
	       is_traceless(rule);
}

/*
 * Log rules and returns from among them: whoever comes in leaves at the end.
 * What is called from there is not looked into.
 */
static bool only_logs(const struct chain *chain)
{
	bool has_log = false;

	for (size_t i = 0; i < chain->rule_count; i++) {
		const struct rule *rule = &chain->rules[i];
		bool is_log = logs(rule);

		if (!is_log &&
		    (rule->target.kind != TARGET_RETURN || !is_traceless(rule)))
			return false;
		has_log |= is_log;
	}
	return has_log;
}

bool rule_is_log(const struct table *table, const struct rule *rule)
{
	if (rule->target.kind == TARGET_JUMP)
		return is_traceless(rule) &&
		       only_logs(&table->chains[rule->target.chain]);
	return logs(rule);
}

const struct module_info *module_info(enum module module)
{
	return &modules[module];
}

enum module module_find(const char *name)
{
	for (enum module m = 0; m < MODULE_UNKNOWN; m++) {
		if (!strcmp(modules[m].name, name))
			return m;
	}
	/* The names that xtables_find_match() of iptables takes for icmp6. */
	if (!strcmp(name, "icmpv6") || !strcmp(name, "ipv6-icmp"))
		return MODULE_ICMP6;
	return MODULE_UNKNOWN;
}

const struct extension_info *extension_info(enum extension extension)
{
	return &extensions[extension];
}

enum extension extension_find(const char *name)
{
	for (enum extension e = 0; e < EXTENSION_UNKNOWN; e++) {
		if (!strcmp(extensions[e].name, name))
			return e;
	}
	return EXTENSION_UNKNOWN;
}

void ruleset_free(struct ruleset *ruleset)
{
	/* The ruleset itself lives in its arena too. */
	if (ruleset)
		arena_free(ruleset->arena);
}

const struct table *ruleset_table(const struct ruleset *ruleset,
				  enum table_id id)
{
	for (size_t i = 0; i < ruleset->table_count; i++) {
		if (ruleset->tables[i].id == id)
			return &ruleset->tables[i];
	}
	return NULL;
}

const struct chain *table_chain(const struct table *table, const char *name)
{
	for (size_t i = 0; i < table->chain_count; i++) {
		if (!strcmp(table->chains[i].name, name))
			return &table->chains[i];
	}
	return NULL;
}

bool table_has_target(const struct table *table,
		      bool (*is_it)(const struct rule_target *target))
{
	for (size_t c = 0; c < table->chain_count; c++) {
		const struct chain *chain = &table->chains[c];

		for (size_t r = 0; r < chain->rule_count; r++) {
			if (is_it(&chain->rules[r].target))
				return true;
		}
	}
	return false;
}

bool ruleset_has_target(const struct ruleset *ruleset,
			bool (*is_it)(const struct rule_target *target))
{
	for (size_t t = 0; ruleset && t < ruleset->table_count; t++) {
		if (table_has_target(&ruleset->tables[t], is_it))
			return true;
	}
	return false;
}
