// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <string.h>

#include "rules/ask_set.h"
#include "rules/bind.h"

static_assert(FIELD_SET0 + SET_QUESTIONS_MAX == FIELD_COUNT,
	      "each question about a set has a field of its own");

/* One option of the module whose --match-set is at @index. */
static const struct match *find_option(const struct rule *rule, size_t index,
				       const char *option)
{
	size_t first = index;

	while (rule->matches[first].kind != MATCH_MODULE)
		first--;
	for (size_t i = first + 1; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];

		if (match->kind == MATCH_MODULE)
			break;
		if (match->option && !strcmp(match->option, option))
			return match;
	}
	return NULL;
}

static bool is_negated(const struct rule *rule, size_t index,
		       const char *option)
{
	const struct match *match = find_option(rule, index, option);

	return match && match->is_negated;
}

/* IPSET_FLAG_SKIP_COUNTER_UPDATE; a list has members that count, too. */
static bool is_tracing(const struct ipset *set, const struct rule *rule,
		       size_t index)
{
	bool is_skipped = is_negated(rule, index, "--update-counters");

	if (set->type == IPSET_LIST_SET)
		is_skipped &= is_negated(rule, index, "--update-subcounters");
	return set->has_counters && !is_skipped;
}

/* What is put into a list is put into a member of it (list_set_kadd()). */
static void note_changed(struct ipset *set, const struct ipsets *sets)
{
	set->is_changed = true;
	for (size_t m = 0; m < set->member_count; m++) {
		for (size_t i = 0; i < sets->count; i++)
			sets->items[i]->is_changed |=
				sets->items[i] == set->members[m];
	}
}

/* A word of -j SET: the name of a set, or anything else. */
static void note_word(const struct ipsets *sets, const char *word)
{
	for (size_t i = 0; i < sets->count; i++) {
		if (!strcmp(sets->items[i]->name, word))
			note_changed(sets->items[i], sets);
	}
}

static void note_target(const struct ipsets *sets,
			const struct rule_target *target)
{
	if (target->kind != TARGET_EXTENSION ||
	    target->extension != EXTENSION_SET)
		return;
	for (size_t w = 0; w < target->word_count; w++)
		note_word(sets, target->words[w]);
}

void bind_note_changes(const struct ruleset *ruleset, const struct ipsets *sets)
{
	for (size_t t = 0; t < ruleset->table_count; t++) {
		const struct table *table = &ruleset->tables[t];

		for (size_t c = 0; c < table->chain_count; c++) {
			const struct chain *chain = &table->chains[c];

			for (size_t r = 0; r < chain->rule_count; r++)
				note_target(sets, &chain->rules[r].target);
		}
	}
}

static bool has_changed_member(const struct ipset *set)
{
	for (size_t i = 0; i < set->member_count; i++) {
		if (set->members[i]->is_changed)
			return true;
	}
	return set->is_changed;
}

static size_t count_leaves(const struct ruleset *ruleset,
			   const struct ipset *set, const struct set_dims *dims)
{
	return ipset_leaves(set, dims, ruleset->family, NULL, 0);
}

/* A new number if nobody asked it before. */
uint8_t bind_question(struct ruleset *ruleset, const struct ipset *set,
		      const struct set_dims *dims)
{
	size_t count = ruleset->set_question_count;

	for (size_t i = 0; i < count; i++) {
		const struct bound_set *asked = &ruleset->set_questions[i];

		if (asked->set == set && asked->dims.count == dims->count &&
		    asked->dims.sources == dims->sources)
			return i;
	}
	size_t leaves = count_leaves(ruleset, set, dims);
	for (size_t i = 0; i < count; i++)
		leaves += count_leaves(ruleset, ruleset->set_questions[i].set,
				       &ruleset->set_questions[i].dims);
	if (count == SET_QUESTIONS_MAX || leaves > SET_LEAVES_MAX)
		return NO_SET_QUESTION;
	ruleset->set_questions[count] = (struct bound_set){ set, *dims };
	ruleset->set_question_count++;
	return count;
}

/* Each length costs a lookup. */
static bool has_many_lengths(const struct ipset *set)
{
	for (size_t i = 0; i < set->member_count; i++) {
		if (has_many_lengths(set->members[i]))
			return true;
	}
	return set->length_count > SET_LENGTHS_MAX;
}

static void bind_match(struct ruleset *ruleset, const struct ipsets *sets,
		       struct rule *rule, size_t index)
{
	struct match *match = &rule->matches[index];
	const struct ipset *set = ipsets_find(sets, match->words[0]);

	if (!set)
		return;
	match->set.has_ports = ipset_has_ports(set);
	match->set.is_tracing = is_tracing(set, rule, index);
	if (set->unknown || has_changed_member(set) || has_many_lengths(set))
		return;
	match->set.index = bind_question(ruleset, set, &match->set.dims);
}

/* Call @visit with each --match-set, until it returns true. */
static bool for_each_question(const struct ruleset *ruleset,
			      bool (*visit)(struct rule *rule, size_t index,
					    void *context),
			      void *context)
{
	for (size_t t = 0; t < ruleset->table_count; t++) {
		const struct table *table = &ruleset->tables[t];

		for (size_t c = 0; c < table->chain_count; c++) {
			const struct chain *chain = &table->chains[c];

			for (size_t r = 0; r < chain->rule_count; r++) {
				struct rule *rule = &chain->rules[r];

				for (size_t m = 0; m < rule->match_count; m++)
					if (rule->matches[m].kind ==
						    MATCH_SET &&
					    visit(rule, m, context))
						return true;
			}
		}
	}
	return false;
}

struct binding {
	struct ruleset *ruleset;
	const struct ipsets *sets;
	const char *missing;
};

static bool visit_bind(struct rule *rule, size_t index, void *context)
{
	const struct binding *binding = context;

	bind_match(binding->ruleset, binding->sets, rule, index);
	return false;
}

void bind_sets(struct ruleset *ruleset, const struct ipsets *sets)
{
	struct binding binding = { .ruleset = ruleset, .sets = sets };

	bind_note_changes(ruleset, sets);
	for_each_question(ruleset, visit_bind, &binding);
}

static bool visit_missing(struct rule *rule, size_t index, void *context)
{
	struct binding *binding = context;
	const char *name = rule->matches[index].words[0];

	if (rule->matches[index].set.index != NO_SET_QUESTION ||
	    (binding->sets && ipsets_find(binding->sets, name)))
		return false;
	binding->missing = name;
	return true;
}

const char *bind_missing(const struct ruleset *ruleset,
			 const struct ipsets *sets)
{
	struct binding binding = { .sets = sets };

	for_each_question(ruleset, visit_missing, &binding);
	return binding.missing;
}

void bind_answers(const struct ruleset *ruleset, const struct packet *packet,
		  struct header *header)
{
	struct transport transport;
	struct ipset_probe probe;

	packet_transport(packet, false, &transport);
	ask_set_probe(packet, &transport, &probe);
	for (size_t i = 0; i < ruleset->set_question_count; i++) {
		const struct bound_set *bound = &ruleset->set_questions[i];

		header->fields[FIELD_SET0 + i] =
			ipset_has(bound->set, &bound->dims, &probe);
	}
}
