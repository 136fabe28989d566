// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "rules/edit.h"
#include "rules/values.h"

/* So many rules may one line with lists of addresses stand for. */
#define LINE_RULES_MAX 4096

/* Names and policies stand in lines that know no quotes. */
static bool is_name(const char *name)
{
	return *name && !strpbrk(name, " \t\"");
}

/* "*filter" */
int edit_table(struct draft *draft, struct arena *arena,
	       const struct words *line, unsigned int number, struct err *err)
{
	const char *name = line->words[0].text + 1;

	if (!is_name(name) || line->count > 1)
		return err_input(err, "expected the name of a table, as in "
				      "'*filter', and nothing else");
	draft_begin(draft, arena, name, number);
	return 0;
}

static int check_chain_name(const char *name, struct err *err)
{
	if (!is_name(name) || *name == '-' || *name == '!')
		return err_input(err,
				 "'%.64s' is not the name of a chain: expected "
				 "letters without blanks and quotes, no '-' or "
				 "'!' first",
				 name);
	return 0;
}

static enum chain_policy read_policy(const char *name)
{
	if (!strcmp(name, "ACCEPT"))
		return POLICY_ACCEPT;
	if (!strcmp(name, "DROP"))
		return POLICY_DROP;
	return POLICY_OTHER;
}

/*
 * Make @chain's policy what @name says. In a built-in chain '-' leaves it as
 * it was in the kernel, which nobody knows here: as if it accepted.
 */
static int set_policy(const struct draft *draft, struct chain *chain,
		      const char *name, struct err *err)
{
	bool is_built_in = draft_is_built_in(draft, chain->name);
	bool is_none = !strcmp(name, "-");

	if (!is_name(name))
		return err_input(err,
				 "'%.64s' is not a policy: expected ACCEPT, "
				 "DROP, or '-' for none",
				 name);
	if (!is_built_in && !is_none && draft->table.id != TABLE_OTHER)
		return err_input(err,
				 "'%.64s' is not a built-in chain of table "
				 "'%.64s' and has no policy: expected '-'",
				 chain->name, draft->table.name);
	if (is_none)
		chain->policy = is_built_in ? POLICY_ACCEPT : POLICY_NONE;
	else
		chain->policy = read_policy(name);
	chain->policy_name = name;
	return 0;
}

/* Declare a chain, or declare it again: a chain of one's own is then empty. */
static int put_chain(struct draft *draft, const struct chain *chain,
		     struct err *err)
{
	struct draft_chain *old = draft_find(draft, chain->name);

	if (!old)
		return draft_add(draft, chain) ? 0 : err_no_memory(err);
	if (old->chain.policy == POLICY_NONE)
		old->count = 0;
	old->chain = *chain;
	return 0;
}

/* ":INPUT ACCEPT [0:0]" */
int edit_chain(struct draft *draft, const struct words *line,
	       unsigned int number, unsigned int *column, struct err *err)
{
	const struct word *words = line->words;
	struct chain chain = { .name = words[0].text + 1, .line = number };
	int result = check_chain_name(chain.name, err);

	if (result)
		return result;
	if (line->count < 2 || line->count > 3)
		return err_input(err,
				 "expected a chain with its policy and "
				 "counters, as in ':INPUT ACCEPT [0:0]' or "
				 "':name - [0:0]'");
	*column = words[1].column;
	result = set_policy(draft, &chain, words[1].text, err);
	if (result)
		return result;
	if (line->count == 3) {
		*column = words[2].column;
		chain.has_counters = true;
		result = values_counters(words[2].text, &chain.packets,
					 &chain.bytes, err);
		if (result)
			return result;
	}
	return put_chain(draft, &chain, err);
}

/* The chain that a rule is for. Built-in ones are there undeclared. */
static int find_chain(struct draft *draft, unsigned int line, const char *name,
		      struct draft_chain **out, struct err *err)
{
	*out = draft_find(draft, name);
	if (*out)
		return 0;
	if (!draft_is_built_in(draft, name))
		return err_input(err,
				 "there is no chain '%.64s' in table '%.64s': "
				 "declare it before, ':%.64s - [0:0]'",
				 name, draft->table.name, name);

	const struct chain chain = { .name = name,
				     .policy = POLICY_ACCEPT,
				     .policy_name = "-",
				     .line = line };
	*out = draft_add(draft, &chain);
	return *out ? 0 : err_no_memory(err);
}

/* One of the rules that a line stands for, at its place in the chain. */
static int put_rule(struct draft *draft, struct draft_chain *chain,
		    const struct rule_line *rule_line, const struct rule *rule,
		    struct err *err)
{
	size_t index = rule_line->command == COMMAND_INSERT
			       ? rule_line->position - 1
			       : chain->count;

	if (draft_put(draft, chain, index, rule))
		return err_no_memory(err);
	return 0;
}

static int put_variant(struct draft *draft, struct draft_chain *chain,
		       const struct rule_line *rule_line, size_t source,
		       size_t destination, struct err *err)
{
	struct rule rule = rule_line->rule;
	struct match *matches = arena_copy(draft->arena, rule.matches,
					   rule.match_count * sizeof(*matches));

	if (!matches)
		return err_no_memory(err);
	for (size_t i = 0; i < rule.match_count; i++) {
		if (matches[i].kind == MATCH_SADDR)
			matches[i] = rule_line->sources[source];
		else if (matches[i].kind == MATCH_DADDR)
			matches[i] = rule_line->destinations[destination];
	}
	rule.matches = matches;
	if (source || destination)
		rule.comment_count = 0;
	return put_rule(draft, chain, rule_line, &rule, err);
}

/* A rule for each pair of addresses, as iptables makes them. */
static int put_variants(struct draft *draft, struct draft_chain *chain,
			const struct rule_line *rule_line, struct err *err)
{
	size_t sources = rule_line->source_count ? rule_line->source_count : 1;
	size_t destinations =
		rule_line->destination_count ? rule_line->destination_count : 1;

	if (sources * destinations == 1)
		return put_rule(draft, chain, rule_line, &rule_line->rule, err);
	if (sources * destinations > LINE_RULES_MAX)
		return err_input(err,
				 "the lists of addresses stand for %zu rules, "
				 "expected at most %d",
				 sources * destinations, LINE_RULES_MAX);
	for (size_t i = 0; i < sources; i++) {
		for (size_t j = 0; j < destinations; j++) {
			int result =
				put_variant(draft, chain, rule_line, i, j, err);

			if (result)
				return result;
		}
	}
	return 0;
}

static int put_line(struct draft *draft, const struct rule_line *rule_line,
		    struct err *err)
{
	struct draft_chain *chain;
	int result = find_chain(draft, rule_line->rule.line, rule_line->chain,
				&chain, err);

	if (result)
		return result;
	if (rule_line->command == COMMAND_INSERT &&
	    (!rule_line->position || rule_line->position > chain->count + 1))
		return err_input(
			err,
			"there is no place %u in chain '%.64s': it has "
			"%zu rules",
			rule_line->position, rule_line->chain, chain->count);
	return put_variants(draft, chain, rule_line, err);
}

static int new_chain(struct draft *draft, const struct rule_line *rule_line,
		     struct err *err)
{
	const char *name = rule_line->chain;
	const struct chain chain = { .name = name,
				     .policy = POLICY_NONE,
				     .policy_name = "-",
				     .line = rule_line->rule.line };
	int result = check_chain_name(name, err);

	if (result)
		return result;
	if (draft_find(draft, name) || draft_is_built_in(draft, name))
		return err_input(err, "chain '%.64s' is there already", name);
	return put_chain(draft, &chain, err);
}

static void flush(struct draft *draft, const struct draft_chain *chain)
{
	for (size_t i = 0; i < draft->count; i++) {
		if (!chain || chain == &draft->chains[i])
			draft->chains[i].count = 0;
	}
}

int edit_command(struct draft *draft, const struct rule_line *rule_line,
		 struct err *err)
{
	unsigned int line = rule_line->rule.line;
	struct draft_chain *chain = NULL;
	int result = 0;

	switch (rule_line->command) {
	case COMMAND_NONE:
		return 0;
	case COMMAND_APPEND:
	case COMMAND_INSERT:
		return put_line(draft, rule_line, err);
	case COMMAND_NEW_CHAIN:
		return new_chain(draft, rule_line, err);
	case COMMAND_POLICY:
		result = find_chain(draft, line, rule_line->chain, &chain, err);
		if (result)
			return result;
		return set_policy(draft, &chain->chain, rule_line->policy, err);
	case COMMAND_FLUSH:
		if (rule_line->chain)
			result = find_chain(draft, line, rule_line->chain,
					    &chain, err);
		if (!result)
			flush(draft, chain);
		return result;
	}
	return 0;
}
