// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "cli/host_rules.h"
#include "cli/input.h"

/*
 * Where iptables may keep rules: in the place that it uses unasked, which is
 * one of the other two.
 */
#define PLACES 3

static int read_unasked(struct input *out, struct err *err)
{
	return input_read_kernel(true, out, err);
}

static int (*const readers[PLACES])(struct input *out, struct err *err) = {
	read_unasked,
	input_read_legacy,
	input_read_nft,
};

/* What was read so far, and kept: each place is read once at most. */
struct host {
	struct input inputs[PLACES];
	bool is_asked[PLACES], is_read[PLACES];
	struct err *why; /* of the first place, when it is not read */
};

static void host_cleanup(struct host *host)
{
	for (size_t i = 0; i < PLACES; i++)
		input_free(&host->inputs[i]);
}
#define OWN_HOST __attribute__((cleanup(host_cleanup)))

static bool ask(struct host *host, size_t place)
{
	struct err unseen;

	if (!host->is_asked[place])
		host->is_read[place] =
			readers[place](&host->inputs[place],
				       place ? &unseen : host->why) == 0;
	host->is_asked[place] = true;
	return host->is_read[place];
}

/*
 * A file's rules may be in either place; those that were loaded came from
 * where iptables keeps them unasked.
 */
static int compare(struct host *host, int family,
		   const struct record_rules *rules,
		   struct report_host_rules *out)
{
	size_t places = rules->tables ? PLACES : 1;

	out->answer = HOST_RULES_UNREAD;
	for (size_t i = 0; i < places && out->answer != HOST_RULES_SAME; i++) {
		const struct input *input = &host->inputs[i];
		struct digest digest;

		if (!ask(host, i))
			continue;
		if (digest_make(family ? input->ipv6 : input->ipv4,
				rules->tables, rules->table_count, &digest))
			return -ENOMEM;
		bool is_same = !strcmp(digest.hex, rules->digest);
		if (!is_same && out->answer == HOST_RULES_OTHER)
			continue;
		out->answer = is_same ? HOST_RULES_SAME : HOST_RULES_OTHER;
		out->digest = digest;
	}
	if (out->answer == HOST_RULES_UNREAD)
		out->words = host->why->text;
	return 0;
}

int host_rules_compare(struct attached *attached, struct err *err)
{
	OWN_HOST struct host host = { .why = &attached->host_rules_err };

	for (size_t i = 0; i < attached->count; i++) {
		const struct record *record = attached->records[i];

		for (int f = 0; record && f < 2; f++) {
			const struct record_rules *rules = &record->rules[f];

			if (rules->digest &&
			    compare(&host, f, rules,
				    &attached->reports[i].host_rules[f]) < 0)
				return err_no_memory(err);
		}
	}
	return 0;
}
