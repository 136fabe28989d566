// SPDX-License-Identifier: GPL-2.0-only
#include <limits.h>
#include <string.h>

#include "report/assumed.h"
#include "report/jsonio.h"
#include "report/record.h"
#include "report/rule_name.h"
#include "report/when.h"
#include "report/wishes.h"
#include "rules/digest.h"

#define KIND	    "record"
#define COUNTER_MAX (1u << 20) /* more than any program has */

static void digest_print(char hex[65], const uint8_t digest[32])
{
	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static json_t *wishes_make(struct jsonio *io, const struct wishes *wishes)
{
	const struct wish_words words = wishes_words(wishes);
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < words.count; i++)
		jsonio_append_text(io, array, words.texts[i]);
	return array;
}

static json_t *step_make(struct jsonio *io, const struct record_step *step)
{
	json_t *object = jsonio_object(io);

	jsonio_put_text(io, object, "tier", step->tier);
	jsonio_put_text(io, object, "reason", step->reason);
	jsonio_put_text(io, object, "sentence", step->sentence);
	jsonio_put_text(io, object, "text", step->text);
	return object;
}

static bool has_step(const struct record_step *steps, size_t count,
		     const char *tier)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(steps[i].tier, tier))
			return true;
	return false;
}

static json_t *steps_make(struct jsonio *io, const struct plan *plan,
			  const struct record_step *steps, size_t count)
{
	json_t *array = jsonio_array(io);

	for (int tier = TIER_HW; tier > TIER_NONE; tier--) {
		const struct plan_tier *known = &plan->tiers[tier];
		struct record_step step = {
			.tier = tier_name(tier),
			.reason = reason_name(known->reason),
			.sentence = reason_sentence(known->reason),
			.text = known->text,
		};

		if (!known->is_candidate && !has_step(steps, count, step.tier))
			jsonio_append(io, array, step_make(io, &step));
	}
	for (size_t i = 0; i < count; i++)
		jsonio_append(io, array, step_make(io, &steps[i]));
	return array;
}

static json_t *counter_make(struct jsonio *io, const struct plan *plan,
			    const struct program_rule *counter)
{
	const struct flat *flat = plan->flats[counter->class];
	const struct flat_rule *rule = &flat->rules[counter->flat_rule];
	OWN_BUF struct buf text = BUF_INIT;
	json_t *object = jsonio_object(io);

	rule_name_add_text(&text, rule->table, rule->chain, rule->rule);
	io->has_failed |= text.has_failed;
	jsonio_put_number(io, object, "family", flat->family);
	jsonio_put_text(io, object, "table", rule->table->name);
	jsonio_put_text(io, object, "chain", rule->chain->name);
	jsonio_put_number(io, object, "number",
			  rule->rule ? rule->rule->number : 0);
	jsonio_put_number(io, object, "line",
			  rule->rule ? rule->rule->line : rule->chain->line);
	jsonio_put_text(io, object, "text", buf_text(&text));
	return object;
}

static json_t *counters_make(struct jsonio *io, const struct plan *plan)
{
	json_t *array = jsonio_array(io);

	const struct program *numbering = plan_numbering(plan);

	for (size_t i = 0; numbering && i < numbering->rule_count; i++)
		jsonio_append(io, array,
			      counter_make(io, plan, &numbering->rules[i]));
	return array;
}

/* Members of the rules of IPv4 and IPv6. */
static const struct {
	const char *source, *digest, *tables;
} members[] = {
	{ "rules", "rules_digest", "rules_tables" },
	{ "rules6", "rules6_digest", "rules6_tables" },
};

/* A blocklist alone comes from no rules that the host could have as well. */
static void put_rules(struct jsonio *io, json_t *root, int which,
		      const struct ruleset *rules)
{
	json_t *tables;
	struct digest digest;

	jsonio_put_text(io, root, members[which].source,
			rules ? rules->source : NULL);
	if (!rules || rules->is_block_alone)
		return;
	if (digest_make(rules, NULL, 0, &digest))
		io->has_failed = true;
	else
		jsonio_put_text(io, root, members[which].digest, digest.hex);
	if (rules->is_loaded)
		return;
	tables = jsonio_array(io);
	for (size_t i = 0; i < rules->table_count; i++)
		jsonio_append_text(io, tables, rules->tables[i].name);
	jsonio_put(io, root, members[which].tables, tables);
}

static json_t *assumed_make(struct jsonio *io, const struct plan *plan)
{
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < plan->fact_count; i++) {
		if (assumed_is(&plan->facts[i]))
			jsonio_append_text(io, array, plan->facts[i].name);
	}
	return array;
}

static json_t *host_rule_make(struct jsonio *io,
			      const struct record_host_rule *rule)
{
	json_t *object = jsonio_object(io);

	jsonio_put_number(io, object, "family", rule->family);
	jsonio_put_text(io, object, "table", rule->table);
	jsonio_put_text(io, object, "chain", rule->chain);
	jsonio_put_number(io, object, "number", rule->number);
	jsonio_put_text(io, object, "text", rule->text);
	jsonio_put_text(io, object, "reason", rule->reason);
	jsonio_put_text(io, object, "sentence", rule->sentence);
	jsonio_put_number(io, object, "packets", rule->packets);
	return object;
}

static json_t *host_make(struct jsonio *io, const struct record_host *host)
{
	json_t *object = jsonio_object(io);
	json_t *rules = jsonio_array(io);

	for (size_t i = 0; i < host->rule_count; i++)
		jsonio_append(io, rules, host_rule_make(io, &host->rules[i]));
	jsonio_put_text(io, object, "since", host->since);
	jsonio_put_text(io, object, "unknown", host->unknown);
	jsonio_put_number(io, object, "early", host->early);
	jsonio_put(io, object, "rules", rules);
	return object;
}

int record_make(const struct plan *plan, time_t when,
		const struct record_step *steps, size_t step_count,
		const struct record_host *host, char **out, struct err *err)
{
	OWN_BUF struct buf buf = BUF_INIT;
	struct jsonio io = { 0 };
	char digest[65];
	json_t *root = jsonio_document(&io, KIND);

	digest_print(digest, plan->digest);

	jsonio_put_text(&io, root, "interface", plan->iface);
	jsonio_put_text(&io, root, "digest", digest);
	jsonio_put_text(&io, root, "applied", when_make(when).text);
	put_rules(&io, root, 0, plan->policy.ipv4);
	put_rules(&io, root, 1, plan->policy.ipv6);
	jsonio_put(&io, root, "wishes", wishes_make(&io, &plan->wishes));
	jsonio_put(&io, root, "assumed", assumed_make(&io, plan));
	jsonio_put(&io, root, "steps",
		   steps_make(&io, plan, steps, step_count));
	jsonio_put(&io, root, "counters", counters_make(&io, plan));
	if (host)
		jsonio_put(&io, root, "host", host_make(&io, host));
	jsonio_print(&io, root, &buf);

	char *text = buf_take(&buf);
	if (!text)
		return err_no_memory(err);
	*out = text;
	return 0;
}

/* Zeroed memory for the elements of @array; 0 elements when there are none. */
static void *elements(struct record *record, const json_t *array, size_t size,
		      size_t *count)
{
	void *memory = NULL;

	*count = json_array_size(array);
	if (*count > COUNTER_MAX)
		*count = 0;
	if (*count)
		memory = arena_alloc(record->arena, *count * size);
	if (!memory)
		*count = 0;
	return memory;
}

/* What is not text stays NULL. */
static const char **read_texts(struct record *record, const json_t *array,
			       size_t *count)
{
	const char **texts = elements(record, array, sizeof(*texts), count);

	for (size_t i = 0; i < *count; i++) {
		const char *text = json_string_value(json_array_get(array, i));

		if (text)
			texts[i] =
				arena_text(record->arena, text, strlen(text));
	}
	return texts;
}

static void read_rules_of(struct record *record, const json_t *root, int which)
{
	struct record_rules *rules = &record->rules[which];

	rules->source =
		jsonio_get_text(root, members[which].source, record->arena);
	rules->digest =
		jsonio_get_text(root, members[which].digest, record->arena);
	rules->tables =
		read_texts(record, json_object_get(root, members[which].tables),
			   &rules->table_count);
}

static void read_steps(struct record *record, const json_t *array)
{
	record->steps = elements(record, array, sizeof(*record->steps),
				 &record->step_count);
	for (size_t i = 0; i < record->step_count; i++) {
		const json_t *from = json_array_get(array, i);
		struct record_step *step = &record->steps[i];

		step->tier = jsonio_get_text(from, "tier", record->arena);
		step->reason = jsonio_get_text(from, "reason", record->arena);
		step->sentence =
			jsonio_get_text(from, "sentence", record->arena);
		step->text = jsonio_get_text(from, "text", record->arena);
	}
}

static void read_counters(struct record *record, const json_t *array)
{
	record->counters = elements(record, array, sizeof(*record->counters),
				    &record->counter_count);
	for (size_t i = 0; i < record->counter_count; i++) {
		const json_t *from = json_array_get(array, i);
		struct record_counter *counter = &record->counters[i];

		counter->family = jsonio_get_number(from, "family", 6);
		counter->table = jsonio_get_text(from, "table", record->arena);
		counter->chain = jsonio_get_text(from, "chain", record->arena);
		counter->number = jsonio_get_number(from, "number", UINT_MAX);
		counter->line = jsonio_get_number(from, "line", UINT_MAX);
		counter->text = jsonio_get_text(from, "text", record->arena);
	}
}

static void read_host(struct record *record, const json_t *from)
{
	const json_t *array = json_object_get(from, "rules");
	struct record_host *host = &record->host;

	host->since = jsonio_get_text(from, "since", record->arena);
	host->unknown = jsonio_get_text(from, "unknown", record->arena);
	host->early = jsonio_get_number(from, "early", INT64_MAX);
	host->rules = elements(record, array, sizeof(*host->rules),
			       &host->rule_count);
	for (size_t i = 0; i < host->rule_count; i++) {
		const json_t *of = json_array_get(array, i);
		struct record_host_rule *rule = &host->rules[i];

		rule->family = jsonio_get_number(of, "family", 6);
		rule->table = jsonio_get_text(of, "table", record->arena);
		rule->chain = jsonio_get_text(of, "chain", record->arena);
		rule->number = jsonio_get_number(of, "number", UINT_MAX);
		rule->text = jsonio_get_text(of, "text", record->arena);
		rule->reason = jsonio_get_text(of, "reason", record->arena);
		rule->sentence = jsonio_get_text(of, "sentence", record->arena);
		rule->packets = jsonio_get_number(of, "packets", INT64_MAX);
	}
}

static bool is_record(const json_t *root)
{
	const char *kind = json_string_value(json_object_get(root, "kind"));

	return kind && !strcmp(kind, KIND) &&
	       jsonio_get_number(root, "version", JSONIO_VERSION) ==
		       JSONIO_VERSION;
}

struct record *record_parse(const char *text)
{
	OWN_JSON json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	OWN(record) struct record *record = calloc(1, sizeof(*record));

	if (!record || !is_record(root))
		return NULL;
	record->arena = arena_make();
	if (!record->arena)
		return NULL;
	record->iface = jsonio_get_text(root, "interface", record->arena);
	record->digest = jsonio_get_text(root, "digest", record->arena);
	record->applied = jsonio_get_text(root, "applied", record->arena);
	read_rules_of(record, root, 0);
	read_rules_of(record, root, 1);
	record->wishes = read_texts(record, json_object_get(root, "wishes"),
				    &record->wish_count);
	record->assumed = read_texts(record, json_object_get(root, "assumed"),
				     &record->assumed_count);
	read_steps(record, json_object_get(root, "steps"));
	read_counters(record, json_object_get(root, "counters"));
	read_host(record, json_object_get(root, "host"));
	return take(record);
}

void record_free(struct record *record)
{
	if (!record)
		return;
	arena_free(record->arena);
	free(record);
}

bool record_is_of(const struct record *record, const uint8_t digest[32])
{
	char hex[65];

	digest_print(hex, digest);
	return record->digest && !strcmp(record->digest, hex);
}
