// SPDX-License-Identifier: GPL-2.0-only
#include "offload/known.h"
#include "report/json.h"
#include "report/when.h"

static json_t *counter_make(struct jsonio *io,
			    const struct report_attached *attached,
			    size_t index)
{
	const struct record *record = attached->record;
	json_t *object = jsonio_object(io);

	jsonio_put_number(io, object, "counter", index);
	jsonio_put_number(io, object, "packets", attached->drops[index]);
	if (attached->rates)
		jsonio_put_number(io, object, "rate", attached->rates[index]);
	if (attached->card_drops)
		jsonio_put_number(io, object, "card",
				  attached->card_drops[index]);
	if (!record || index >= record->counter_count)
		return object;

	const struct record_counter *counter = &record->counters[index];
	jsonio_put_number(io, object, "family", counter->family);
	jsonio_put_text(io, object, "table", counter->table);
	jsonio_put_text(io, object, "chain", counter->chain);
	jsonio_put_number(io, object, "number", counter->number);
	jsonio_put_number(io, object, "line", counter->line);
	jsonio_put_text(io, object, "text", counter->text);
	return object;
}

static void put_record(struct jsonio *io, json_t *object,
		       const struct record *record)
{
	json_t *wishes = jsonio_array(io);
	json_t *assumed = jsonio_array(io);

	for (size_t i = 0; i < record->wish_count; i++)
		jsonio_append_text(io, wishes, record->wishes[i]);
	jsonio_put_text(io, object, "applied", record->applied);
	jsonio_put_text(io, object, "rules", record->rules[0].source);
	jsonio_put_text(io, object, "rules6", record->rules[1].source);
	jsonio_put(io, object, "wishes", wishes);
	for (size_t i = 0; i < record->assumed_count; i++)
		jsonio_append_text(io, assumed, record->assumed[i]);
	jsonio_put(io, object, "assumed", assumed);
	jsonio_put(io, object, "steps",
		   json_steps(io, record->steps, record->step_count));
}

/* The digest of rules that were applied, and what the host has by now. */
static void put_digests(struct jsonio *io, json_t *object, const char *key,
			const struct record_rules *rules,
			const struct report_host_rules *host)
{
	static const char *const answers[] = {
		[HOST_RULES_SAME] = "same",
		[HOST_RULES_OTHER] = "other",
		[HOST_RULES_UNREAD] = "unknown",
	};
	json_t *digests;

	if (!rules->digest)
		return;
	digests = jsonio_object(io);
	jsonio_put_text(io, digests, "applied", rules->digest);
	jsonio_put_text(io, digests, "host", answers[host->answer]);
	jsonio_put_text(io, digests, "host_digest",
			*host->digest.hex ? host->digest.hex : NULL);
	jsonio_put_text(io, digests, "text", host->words);
	jsonio_put(io, object, key, digests);
}

/* What the card dropped, of all; or why it does not say. */
static json_t *card_make(struct jsonio *io,
			 const struct report_attached *attached)
{
	json_t *object = jsonio_object(io);
	uint64_t packets = 0;

	for (size_t i = 0; attached->card_drops && i < attached->drop_count;
	     i++)
		packets += attached->card_drops[i];
	if (attached->card_id)
		jsonio_put_number(io, object, "program", attached->card_id);
	if (attached->card_drops)
		jsonio_put_number(io, object, "packets", packets);
	jsonio_put_text(io, object, "failure", attached->card_words);
	return object;
}

static void put_changes(struct jsonio *io, json_t *object, unsigned int changes)
{
	json_t *array = jsonio_array(io);

	for (unsigned int i = 0; known_change_name(i); i++) {
		if (changes & 1u << i)
			jsonio_append_text(io, array, known_change_name(i));
	}
	jsonio_put(io, object, "changed", array);
}

static json_t *share_make(struct jsonio *io,
			  const struct report_attached *attached)
{
	const struct share *share = attached->share;
	json_t *object = jsonio_object(io);
	json_t *array;

	if (*share->unknown) {
		jsonio_put_text(io, object, "unknown", share->unknown);
		return object;
	}
	array = jsonio_array(io);
	jsonio_put_text(io, object, "since", share->since);
	jsonio_put_number(io, object, "early", share->early);
	jsonio_put_number(io, object, "host", share->host);
	if (share->early || share->host)
		jsonio_put_number(io, object, "at_least_permille",
				  share_permille(share, attached->is_shadow));
	for (size_t i = 0; i < share->left_count; i++) {
		json_t *left = jsonio_object(io);

		jsonio_put_text(io, left, "reason", share->left[i].reason);
		jsonio_put_text(io, left, "sentence", share->left[i].sentence);
		jsonio_put_number(io, left, "packets", share->left[i].packets);
		jsonio_append(io, array, left);
	}
	jsonio_put(io, object, "left", array);
	return object;
}

json_t *json_attached(struct jsonio *io, const struct report_attached *attached,
		      bool has_counters)
{
	json_t *object = jsonio_object(io);
	json_t *counters = jsonio_array(io);
	uint64_t packets = 0;

	for (size_t i = 0; i < attached->drop_count; i++) {
		packets += attached->drops[i];
		if (has_counters)
			jsonio_append(io, counters,
				      counter_make(io, attached, i));
	}
	jsonio_put_text(io, object, "interface", attached->iface);
	jsonio_put_text(io, object, "tier", tier_name(attached->tier));
	jsonio_put_text(io, object, "host_tier",
			tier_name(attached->host_tier));
	jsonio_put_number(io, object, "program", attached->prog_id);
	if (attached->card_id || attached->card_words)
		jsonio_put(io, object, "card", card_make(io, attached));
	jsonio_put_number(io, object, "packets", packets);
	jsonio_put_bool(io, object, "shadow", attached->is_shadow);
	jsonio_put_bool(io, object, "stopped", attached->is_stopped);
	if (attached->is_unconfirmed)
		jsonio_put_number(io, object, "rolled_back_in",
				  attached->seconds_left);
	else if (attached->is_expiring)
		jsonio_put_number(io, object, "expires_in",
				  attached->expires_in);
	if (attached->share)
		jsonio_put(io, object, "coverage", share_make(io, attached));
	put_changes(io, object, attached->changes);
	jsonio_put_bool(io, object, "recorded", attached->record);
	if (attached->since)
		jsonio_put_text(io, object, "since",
				when_make(attached->since).text);
	if (attached->record) {
		put_record(io, object, attached->record);
		put_digests(io, object, "rules_digest",
			    &attached->record->rules[0],
			    &attached->host_rules[0]);
		put_digests(io, object, "rules6_digest",
			    &attached->record->rules[1],
			    &attached->host_rules[1]);
	}
	if (has_counters)
		jsonio_put(io, object, "counters", counters);
	else
		json_decref(counters);
	return object;
}
