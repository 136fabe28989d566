// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "cli/tally.h"
#include "report/rule_name.h"
#include "report/when.h"

/* Of rules that are enforced early. */
#define REST "passed"
#define REST_WORDS                                                             \
	"rules that are enforced early dropped them: of these packets the "    \
	"program could not be sure, or they went up to be logged"

void tally_read(struct tally *out)
{
	*out = (struct tally){ 0 };
	out->is_read = input_read_places(out->places, &out->why) == 0;
}

void tally_free(struct tally *tally)
{
	for (size_t i = 0; i < ARRAY_SIZE(tally->places); i++)
		input_free(&tally->places[i]);
}

static const struct table *find_table(const struct ruleset *rules,
				      const char *name)
{
	for (size_t i = 0; rules && i < rules->table_count; i++) {
		if (!strcmp(rules->tables[i].name, name))
			return &rules->tables[i];
	}
	return NULL;
}

/* Is it this rule of the chain, word for word, and counted? */
static bool is_counted(const struct table *table, const struct chain *chain,
		       const struct record_host_rule *wanted)
{
	const struct rule *rule =
		wanted->number ? &chain->rules[wanted->number - 1] : NULL;
	OWN_BUF struct buf text = BUF_INIT;

	rule_name_add_text(&text, table, chain, rule);
	return !text.has_failed && !strcmp(buf_text(&text), wanted->text) &&
	       (rule ? rule->has_counters : chain->has_counters);
}

/* Add what the rule has dropped in this place; false: it is not there. */
static bool add_packets(const struct ruleset *rules,
			const struct record_host_rule *wanted,
			uint64_t *packets)
{
	const struct table *table = find_table(rules, wanted->table);
	const struct chain *chain =
		table ? table_chain(table, wanted->chain) : NULL;

	if (!chain || wanted->number > chain->rule_count ||
	    !is_counted(table, chain, wanted))
		return false;
	*packets += wanted->number ? chain->rules[wanted->number - 1].packets
				   : chain->packets;
	return true;
}

/* Of both places: each drops what it drops. */
static bool count(const struct tally *tally,
		  const struct record_host_rule *wanted, uint64_t *packets)
{
	bool is_found = false;

	*packets = 0;
	for (size_t i = 0; i < ARRAY_SIZE(tally->places); i++) {
		const struct input *place = &tally->places[i];

		is_found |=
			add_packets(wanted->family == FAMILY_IPV6 ? place->ipv6
								  : place->ipv4,
				    wanted, packets);
	}
	return is_found;
}

/* "filter INPUT 3 is not loaded in the host as it was applied" */
static void say_missing(const struct record_host_rule *rule, char *text,
			size_t size)
{
	OWN_BUF struct buf name = BUF_INIT;

	rule_name_add(&name, rule->table, rule->chain, rule->number);
	snprintf(text, size,
		 "the host's iptables does not have%s %.300s as it was applied",
		 rule->family == FAMILY_IPV6 ? " IPv6" : "", buf_text(&name));
}

static bool is_counted_on(const struct plan_rule *rule)
{
	return rule->flat->is_drop && (rule->coverage == COVERAGE_EARLY ||
				       (rule->coverage == COVERAGE_HOST &&
					rule->why != WHY_NOT_INGRESS &&
					rule->why != WHY_OTHER_INTERFACE));
}

static int name_rule(const struct plan_rule *rule, struct arena *arena,
		     struct record_host_rule *out)
{
	const struct flat_rule *flat = rule->flat;
	bool is_early = rule->coverage == COVERAGE_EARLY;
	OWN_BUF struct buf text = BUF_INIT;

	rule_name_add_text(&text, flat->table, flat->chain, flat->rule);
	*out = (struct record_host_rule){
		.family = rule->family,
		.table = flat->table->name,
		.chain = flat->chain->name,
		.number = flat->rule ? flat->rule->number : 0,
		.text = arena_text(arena, buf_text(&text), text.length),
		.reason = is_early ? REST : why_name(rule->why),
		.sentence = is_early ? REST_WORDS : why_sentence(rule->why),
	};
	return text.has_failed || !out->text ? -1 : 0;
}

static const char *keep(struct arena *arena, const char *text)
{
	return arena_text(arena, text, strlen(text));
}

int tally_begin(const struct tally *tally, const struct plan *plan,
		uint64_t early, struct arena *arena, struct record_host *out,
		struct err *err)
{
	const struct when since = when_make(time(NULL));
	char missing[512];

	*out = (struct record_host){
		.since = keep(arena, since.text),
		.unknown = tally->is_read ? NULL : keep(arena, tally->why.text),
		.early = early,
		.rules = arena_alloc(arena, (plan->rule_count + 1) *
						    sizeof(*out->rules)),
	};
	if (!out->since || !out->rules || (!tally->is_read && !out->unknown))
		return err_no_memory(err);
	for (size_t i = 0; i < plan->rule_count && !out->unknown; i++) {
		struct record_host_rule *rule = &out->rules[out->rule_count];

		if (!is_counted_on(&plan->rules[i]))
			continue;
		if (name_rule(&plan->rules[i], arena, rule))
			return err_no_memory(err);
		out->rule_count++;
		if (count(tally, rule, &rule->packets))
			continue;
		say_missing(rule, missing, sizeof(missing));
		out->unknown = keep(arena, missing);
		if (!out->unknown)
			return err_no_memory(err);
	}
	return 0;
}

static void add_left(const struct record_host_rule *rule, uint64_t packets,
		     struct share *out)
{
	struct share_left *left = out->left;
	struct share_left *end = left + out->left_count;
	const char *reason = rule->reason ? rule->reason : "";

	while (left < end && strcmp(left->reason, reason) != 0)
		left++;
	if (left == end && out->left_count == SHARE_LEFT_MAX)
		return;
	if (left == end) {
		out->left_count++;
		*left = (struct share_left){
			.reason = reason,
			.sentence = rule->sentence ? rule->sentence : "",
		};
	}
	left->packets += packets;
}

static void sort_left(struct share *share)
{
	struct share_left *left = share->left;

	for (size_t i = 1; i < share->left_count; i++) {
		struct share_left one = left[i];
		size_t at = i;

		for (; at && left[at - 1].packets < one.packets; at--)
			left[at] = left[at - 1];
		left[at] = one;
	}
}

/* Sets .unknown when it cannot. */
static void add_rule(const struct tally *tally,
		     const struct record_host_rule *rule, struct share *out)
{
	uint64_t packets;

	if (!rule->table || !rule->chain || !rule->text) {
		snprintf(out->unknown, sizeof(out->unknown),
			 "what was applied is not recorded whole");
		return;
	}
	if (!count(tally, rule, &packets)) {
		say_missing(rule, out->unknown, sizeof(out->unknown));
		return;
	}
	if (packets < rule->packets) {
		snprintf(out->unknown, sizeof(out->unknown),
			 "the counters of the host's rules were set back since "
			 "it was applied");
		return;
	}
	packets -= rule->packets;
	out->host += packets;
	add_left(rule, packets, out);
}

static uint64_t early_since(const struct report_attached *attached,
			    const struct record_host *host)
{
	uint64_t early = 0;

	for (size_t i = 0; i < attached->drop_count; i++)
		early += attached->drops[i];
	/* Less: another program has begun to count since. */
	return early < host->early ? early : early - host->early;
}

static const char *find_objection(const struct tally *tally,
				  const struct report_attached *attached)
{
	if (!attached->record || !attached->record->host.since)
		return "where the host's own counters stood when it was "
		       "applied is not recorded";
	if (attached->card_words)
		return "what the card dropped is not known";
	if (attached->record->host.unknown)
		return attached->record->host.unknown;
	return tally->is_read ? NULL : tally->why.text;
}

void tally_share(const struct tally *tally,
		 const struct report_attached *attached, struct share *out)
{
	const char *objection = find_objection(tally, attached);

	*out = (struct share){ 0 };
	if (objection) {
		snprintf(out->unknown, sizeof(out->unknown), "%.500s",
			 objection);
		return;
	}

	const struct record_host *host = &attached->record->host;
	out->since = host->since;
	out->early = early_since(attached, host);
	for (size_t i = 0; i < host->rule_count && !*out->unknown; i++)
		add_rule(tally, &host->rules[i], out);
	sort_left(out);
}
