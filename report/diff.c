// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "report/diff.h"
#include "report/rule_name.h"
#include "report/wishes.h"

/* Sorted lines of one side. */
struct side {
	char **lines;
	size_t count;
};

static void side_cleanup(struct side *side)
{
	for (size_t i = 0; i < side->count; i++)
		free(side->lines[i]);
	free(side->lines);
}
#define OWN_SIDE __attribute__((cleanup(side_cleanup)))

const char *diff_name(enum diff_kind kind)
{
	switch (kind) {
	case DIFF_NOTHING:
		return "nothing";
	case DIFF_NONE:
		return "none";
	case DIFF_ATTACH:
		return "attach";
	case DIFF_REPLACE:
		return "replace";
	case DIFF_DETACH:
		return "detach";
	}
	return "";
}

static int add_rule(struct side *side, int family, const char *table,
		    const char *chain, const char *text)
{
	OWN_BUF struct buf line = BUF_INIT;

	buf_addf(&line, "%s%s %s %s", family == FAMILY_IPV6 ? "IPv6 " : "",
		 table ? table : "?", chain ? chain : "?", text ? text : "?");
	side->lines[side->count] = buf_take(&line);
	return side->lines[side->count] ? side->count++, 0 : -ENOMEM;
}

static int add_word(struct side *side, const char *word)
{
	side->lines[side->count] = strdup(word ? word : "?");
	return side->lines[side->count] ? side->count++, 0 : -ENOMEM;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int finish(struct side *side, int result)
{
	qsort(side->lines, side->count, sizeof(*side->lines), compare);
	return result;
}

static int list_record(const struct record *record, struct side *out)
{
	int result = 0;

	out->lines = calloc(record->counter_count + record->wish_count + 1,
			    sizeof(*out->lines));
	if (!out->lines)
		return -ENOMEM;
	for (size_t i = 0; i < record->counter_count && result == 0; i++) {
		const struct record_counter *rule = &record->counters[i];

		result = add_rule(out, rule->family, rule->table, rule->chain,
				  rule->text);
	}
	for (size_t i = 0; i < record->wish_count && result == 0; i++)
		result = add_word(out, record->wishes[i]);
	return finish(out, result);
}

static int list_plan(const struct plan *plan, struct side *out)
{
	const struct wish_words wishes = wishes_words(&plan->wishes);
	const struct program *program = plan->program;
	int result = 0;

	out->lines = calloc(program->rule_count + wishes.count + 1,
			    sizeof(*out->lines));
	if (!out->lines)
		return -ENOMEM;
	for (size_t i = 0; i < program->rule_count && result == 0; i++) {
		const struct program_rule *counter = &program->rules[i];
		const struct flat *flat = plan->flats[counter->class];
		const struct flat_rule *rule = &flat->rules[counter->flat_rule];
		OWN_BUF struct buf text = BUF_INIT;

		rule_name_add_text(&text, rule->table, rule->chain, rule->rule);
		result =
			text.has_failed
				? -ENOMEM
				: add_rule(out, flat->family, rule->table->name,
					   rule->chain->name, buf_text(&text));
	}
	for (size_t i = 0; i < wishes.count && result == 0; i++)
		result = add_word(out, wishes.texts[i]);
	return finish(out, result);
}

/* The line leaves its side for the change. */
static void move_line(struct diff *change, struct side *side, size_t index,
		      bool is_added)
{
	change->lines[change->count++] = (struct diff_line){
		.is_added = is_added,
		.text = side->lines[index],
	};
	side->lines[index] = NULL;
}

static int subtract(struct diff *change, struct side *before,
		    struct side *after)
{
	size_t b = 0, a = 0;

	change->lines = calloc(before->count + after->count + 1,
			       sizeof(*change->lines));
	if (!change->lines)
		return -ENOMEM;
	while (b < before->count || a < after->count) {
		int order = b == before->count ? 1
			    : a == after->count
				    ? -1
				    : strcmp(before->lines[b], after->lines[a]);

		if (order < 0)
			move_line(change, before, b, false);
		else if (order > 0)
			move_line(change, after, a, true);
		b += order <= 0;
		a += order >= 0;
	}
	return 0;
}

static enum diff_kind judge(const struct plan *plan,
			    const struct diff_before *before)
{
	bool is_wanted = false;

	for (int tier = TIER_GENERIC; tier < TIER_COUNT; tier++)
		is_wanted |= plan->tiers[tier].is_candidate;
	if (!before->prog_id)
		return is_wanted ? DIFF_ATTACH : DIFF_NOTHING;
	if (!is_wanted)
		return DIFF_DETACH;
	return memcmp(before->digest, plan->digest, sizeof(plan->digest))
		       ? DIFF_REPLACE
		       : DIFF_NONE;
}

int diff_make(const struct plan *plan, const struct diff_before *before,
	      struct diff *out, struct err *err)
{
	OWN_SIDE struct side old = { 0 };
	OWN_SIDE struct side new = { 0 };
	struct diff change = {
		.plan = plan,
		.kind = judge(plan, before),
		.tier = before->tier,
		.prog_id = before->prog_id,
		.is_recorded = before->record,
	};
	int result = 0;

	if (change.kind == DIFF_REPLACE && before->record) {
		result = list_record(before->record, &old);
		if (result == 0)
			result = list_plan(plan, &new);
		if (result == 0)
			result = subtract(&change, &old, &new);
	}
	if (result < 0)
		return err_no_memory(err);
	*out = change;
	return 0;
}

void diff_clear(struct diff *change)
{
	for (size_t i = 0; i < change->count; i++)
		free(change->lines[i].text);
	free(change->lines);
}
