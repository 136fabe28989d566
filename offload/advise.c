// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "offload/advise.h"
#include "rules/change.h"
#include "rules/read.h"

/* What gains less, in thousandths of the host's drops, is not worth a word. */
#define WORTH_PERMILLE 5
/* Rules that are tried for being in the way. */
#define NARROW_MAX 3

static const struct {
	const char *name, *sentence, *but;
} kinds[] = {
#define ADVICE(id, name, sentence, but) [ADVICE_##id] = { name, sentence, but },
#include "offload/advice.def"
#undef ADVICE
};

const char *advice_name(enum advice_kind kind)
{
	return kinds[kind].name;
}

const char *advice_sentence(enum advice_kind kind)
{
	return kinds[kind].sentence;
}

const char *advice_but(enum advice_kind kind)
{
	return kinds[kind].but;
}

/* Addresses that no packet from outside has as its source (RFC 6890). */
static const struct {
	enum family family;
	uint8_t bits;
	u128 address;
} bogons[] = {
	{ FAMILY_IPV4, 8, 0x00000000 },
	{ FAMILY_IPV4, 8, 0x0a000000 },
	{ FAMILY_IPV4, 10, 0x64400000 },
	{ FAMILY_IPV4, 8, 0x7f000000 },
	{ FAMILY_IPV4, 16, 0xa9fe0000 },
	{ FAMILY_IPV4, 12, 0xac100000 },
	{ FAMILY_IPV4, 24, 0xc0000000 },
	{ FAMILY_IPV4, 24, 0xc0000200 },
	{ FAMILY_IPV4, 16, 0xc0a80000 },
	{ FAMILY_IPV4, 15, 0xc6120000 },
	{ FAMILY_IPV4, 24, 0xc6336400 },
	{ FAMILY_IPV4, 24, 0xcb007100 },
	{ FAMILY_IPV4, 3, 0xe0000000 },
	{ FAMILY_IPV6, 32, (u128)0x20010db8 << 96 },
	{ FAMILY_IPV6, 7, (u128)0xfc << 120 },
	{ FAMILY_IPV6, 8, (u128)0xff << 120 },
};

/* One advisor at work on one family. */
struct advisor {
	const struct plan_input *input;
	const struct plan *plan;
	const struct measure *measure;
	enum family family;
	const struct ruleset *ruleset;
	struct advice_list *out;
	struct err *err;
};

static struct measure_share total(const struct measure *measure)
{
	struct measure_share sum = { 0 };

	for (int way = 0; way < MEASURE_WAY_COUNT; way++) {
		sum.dropped += measure->ways[way].all.dropped;
		sum.early += measure->ways[way].all.early;
	}
	return sum;
}

static bool is_better(const struct advice *a, const struct advice *b)
{
	return measure_permille(&a->after) - measure_permille(&a->before) >
	       measure_permille(&b->after) - measure_permille(&b->before);
}

static void add_advice(struct advisor *advisor, const struct advice *advice)
{
	struct advice_list *out = advisor->out;
	size_t at = out->count;

	if (measure_permille(&advice->after) <
	    measure_permille(&advice->before) + WORTH_PERMILLE)
		return;
	if (at == ADVICE_MAX) {
		if (!is_better(advice, &out->items[--at]))
			return;
	} else {
		out->count++;
	}
	for (; at && is_better(advice, &out->items[at - 1]); at--)
		out->items[at] = out->items[at - 1];
	out->items[at] = *advice;
}

/* Plan with a change, and measure it on what the host drops today. */
static int try_change(struct advisor *advisor, enum advice_kind kind,
		      const struct ruleset *ruleset,
		      const struct wishes *wishes, struct place place)
{
	struct plan_input input = *advisor->input;
	OWN(plan) struct plan *plan = NULL;
	struct measure measure;
	int error;

	input.wishes = *wishes;
	if (advisor->family == FAMILY_IPV4)
		input.policy.ipv4 = ruleset;
	else
		input.policy.ipv6 = ruleset;
	error = plan_make(&input, &plan, advisor->err);
	if (error)
		return error;
	if (measure_against(plan, advisor->ruleset, advisor->measure->seed,
			    &measure))
		return err_no_memory(advisor->err);
	add_advice(advisor, &(struct advice){
				    .kind = kind,
				    .family = advisor->family,
				    .place = place,
				    .before = total(advisor->measure),
				    .after = total(&measure),
			    });
	return 0;
}

static int try_log_sample(struct advisor *advisor)
{
	struct wishes wishes = advisor->input->wishes;

	if (wishes.log_sample)
		return 0;
	wishes.log_sample = 10;
	return try_change(advisor, ADVICE_LOG_SAMPLE, advisor->ruleset, &wishes,
			  (struct place){ 0 });
}

static int try_counters(struct advisor *advisor)
{
	struct wishes wishes = advisor->input->wishes;

	if (wishes.ignore_counters)
		return 0;
	wishes.ignore_counters = true;
	return try_change(advisor, ADVICE_IGNORE_COUNTERS, advisor->ruleset,
			  &wishes, (struct place){ 0 });
}

/* Is the rule in the way because of what it does beside deciding? */
static bool is_narrowable(const struct measure_loss *loss)
{
	const char *name = loss->name;

	if (!loss->rule || !loss->rule->rule ||
	    rule_is_log(loss->rule->table, loss->rule->rule) ||
	    loss->rule->rule->target.kind == TARGET_NONE)
		return false;
	return !strcmp(name, why_name(WHY_EFFECT)) ||
	       !strcmp(name, why_name(WHY_STATEFUL_MATCH));
}

static int try_narrow(struct advisor *advisor, const struct flat_rule *rule)
{
	OWN(arena) struct arena *arena = arena_make();
	struct ruleset *copy =
		arena ? change_copy(arena, advisor->ruleset) : NULL;
	struct wishes wishes = advisor->input->wishes;

	if (!copy)
		return err_no_memory(advisor->err);
	/* Of packets that are dropped, it sees none any more. */
	change_remove(copy, advisor->ruleset, rule->rule);
	return try_change(advisor, ADVICE_NARROW, copy, &wishes,
			  (struct place){ rule->table, rule->chain,
					  rule->rule });
}

static int try_narrow_all(struct advisor *advisor)
{
	const struct flat_rule *tried[NARROW_MAX];
	size_t count = 0;

	for (int way = 0; way < MEASURE_WAY_COUNT; way++) {
		const struct measure_path *path = &advisor->measure->ways[way];

		for (size_t i = 0; i < path->loss_count; i++) {
			const struct flat_rule *rule = path->losses[i].rule;
			bool is_known = !is_narrowable(&path->losses[i]);

			for (size_t t = 0; t < count; t++)
				is_known |= tried[t] == rule;
			if (is_known || count == NARROW_MAX)
				continue;
			tried[count++] = rule;
			int error = try_narrow(advisor, rule);
			if (error)
				return error;
		}
	}
	return 0;
}

static bool is_bogon(enum family family, const struct match *match)
{
	unsigned int width = family == FAMILY_IPV4 ? 32 : 128;

	if (match->kind != MATCH_SADDR || match->is_negated)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(bogons); i++) {
		u128 mask = num_max(width) ^ (num_max(width) >> bogons[i].bits);

		if (bogons[i].family == family &&
		    (match->addr.mask & mask) == mask &&
		    (match->addr.addr & mask) == bogons[i].address)
			return true;
	}
	return false;
}

/* A rule of this interface that drops by the sender's address alone. */
static bool drops_bogons(const struct advisor *advisor, const struct rule *rule)
{
	bool has_bogon = false;

	if (rule->target.kind != TARGET_DROP)
		return false;
	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];

		if (match->kind == MATCH_SADDR)
			has_bogon = is_bogon(advisor->family, match);
		else if (match->kind != MATCH_IN_IFACE &&
			 match->kind != MATCH_COMMENT &&
			 !(match->kind == MATCH_MODULE &&
			   match->module == MODULE_COMMENT))
			return false;
	}
	return has_bogon;
}

/* Copies of all such rules of filter, to stand in front of raw. */
static size_t collect_bogons(const struct advisor *advisor,
			     const struct table *filter, struct rule *out)
{
	size_t count = 0;

	for (size_t c = 0; c < filter->chain_count; c++) {
		const struct chain *chain = &filter->chains[c];

		for (size_t r = 0; r < chain->rule_count; r++) {
			if (!drops_bogons(advisor, &chain->rules[r]))
				continue;
			if (out)
				out[count] = chain->rules[r];
			count++;
		}
	}
	return count;
}

static int try_prepend(struct advisor *advisor, enum advice_kind kind,
		       enum table_id table, const char *chain,
		       const struct rule *rules, size_t count)
{
	OWN(arena) struct arena *arena = arena_make();
	struct ruleset *copy =
		arena ? change_copy(arena, advisor->ruleset) : NULL;

	if (!copy || change_prepend(copy, table, chain, rules, count))
		return err_no_memory(advisor->err);
	return try_change(advisor, kind, copy, &advisor->input->wishes,
			  (struct place){ 0 });
}

static int try_bogons(struct advisor *advisor)
{
	const struct table *filter =
		ruleset_table(advisor->ruleset, TABLE_FILTER);
	OWN_MEM struct rule *rules = NULL;
	size_t count = filter ? collect_bogons(advisor, filter, NULL) : 0;

	if (!count)
		return 0;
	rules = calloc(count, sizeof(*rules));
	if (!rules)
		return err_no_memory(advisor->err);
	collect_bogons(advisor, filter, rules);
	return try_prepend(advisor, ADVICE_BOGONS_TO_RAW, TABLE_RAW,
			   "PREROUTING", rules, count);
}

static int try_invalid(struct advisor *advisor)
{
	static const char text[] =
		"*filter\n:INPUT ACCEPT [0:0]\n"
		"-A INPUT -m conntrack --ctstate INVALID,UNTRACKED -j DROP\n"
		"COMMIT\n";
	OWN(ruleset) struct ruleset *snippet = NULL;
	int error = read_rules(text, strlen(text), "advice", advisor->family,
			       &snippet, NULL, advisor->err);

	if (error)
		return error;
	return try_prepend(advisor, ADVICE_DROP_INVALID, TABLE_FILTER, "INPUT",
			   snippet->tables[0].chains[0].rules, 1);
}

int advise_plan(const struct plan_input *input, const struct plan *plan,
		const struct measure *measure, enum family family,
		struct advice_list *out, struct err *err)
{
	static int (*const tries[])(struct advisor *) = {
		try_log_sample, try_counters, try_narrow_all,
		try_bogons,	try_invalid,
	};
	struct advisor advisor = {
		.input = input,
		.plan = plan,
		.measure = measure,
		.family = family,
		.ruleset = family == FAMILY_IPV4 ? plan->policy.ipv4
						 : plan->policy.ipv6,
		.out = out,
		.err = err,
	};

	for (size_t i = 0; i < ARRAY_SIZE(tries); i++) {
		int error = tries[i](&advisor);

		if (error)
			return error;
	}
	return 0;
}
