// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sha2.h>
#include <stdio.h>
#include <string.h>

#include "offload/caps.h"
#include "offload/card.h"
#include "offload/host.h"
#include "offload/known.h"
#include "offload/ladder.h"
#include "offload/plan.h"
#include "offload/tracking.h"

static const struct ruleset *ruleset_of(const struct policy *policy, int class)
{
	return class == WIRE_IPV6 ? policy->ipv6 : policy->ipv4;
}

int plan_flatten(const struct plan_input *input,
		 const struct tracking *tracking,
		 struct flat *flats[WIRE_CLASS_COUNT], struct err *err)
{
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		const struct ruleset *ruleset =
			ruleset_of(&input->policy, class);
		const struct flatten_options options = {
			.iface = input->iface,
			.ignore_counters = input->wishes.ignore_counters,
			.sample_logs = input->wishes.log_sample > 0,
			.state_sets = tracking->sets,
			.state_set_count = tracking->set_count,
			.state_protos = tracking->protos,
			.state_proto_count = tracking->proto_count,
			.has_host_nat =
				ruleset && host_has_nat(input, ruleset->family),
			.only_headers = tracking->is_card,
			.logs_invalid = host_logs_invalid(input),
			.logs_martians = host_logs_martians(input),
			.is_fragment = class == WIRE_FRAGMENT,
		};

		if (!ruleset)
			continue;
		int error = flatten_make(ruleset, &options, &flats[class], err);
		if (error)
			return error;
	}
	return 0;
}

static bool sets_mark(const struct rule_target *target)
{
	return target_changes(target, CHANGE_MARK);
}

/* What routing reads, or answers by. */
static bool reroutes(const struct rule_target *target)
{
	return target_changes(target, CHANGE_MARK | CHANGE_TOS | CHANGE_TTL |
					      CHANGE_ADDRESS);
}

/*
 * Do rules before routing change what it reads? Then a program that asks the
 * routing table is told something else. (Addresses that nat rewrites make the
 * worlds of flattening translated instead.)
 */
static bool has_marks(const struct ruleset *ruleset)
{
	const struct table *raw, *mangle, *nat;

	if (!ruleset)
		return false;
	raw = ruleset_table(ruleset, TABLE_RAW);
	mangle = ruleset_table(ruleset, TABLE_MANGLE);
	nat = ruleset_table(ruleset, TABLE_NAT);
	return (raw && table_has_target(raw, reroutes)) ||
	       (mangle && table_has_target(mangle, reroutes)) ||
	       (nat && table_has_target(nat, sets_mark));
}

static struct wire_settings settings_of(const struct plan_input *input,
					const struct tracking *tracking)
{
	const struct wishes *wishes = &input->wishes;

	struct wire_settings settings = {
		.strict_fragments = wishes->strict_fragments,
		.skip_device_check =
			known_source(input, ABOUT_RECEIVERS) != FACT_PER_PACKET,
		.is_marked_routing = has_marks(input->policy.ipv4) ||
				     has_marks(input->policy.ipv6),
		.has_lookup = tracking->has_lookup,
		.may_expect = tracking->may_expect,
		.strict_conntrack = wishes->strict_conntrack,
		.is_shadow = wishes->is_shadow,
		.log_rate = wishes->log_sample,
		.checks = known_checks(input),
		.has_plain_routes =
			known_source(input, ABOUT_ROUTING) == FACT_PINNED,
	};

	for (int i = 0; i < 2; i++) {
		settings.zone_count[i] = tracking->zones[i].count;
		memcpy(settings.zones[i], tracking->zones[i].items,
		       sizeof(settings.zones[i]));
	}
	if (settings.checks)
		settings.stamp = *input->stamp;
	return settings;
}

/* Rules named by a region of this list that is in the program. */
static void mark_early(const struct flat *flat, size_t kept, bool *is_early)
{
	for (size_t i = 0; i < kept; i++) {
		for (int stage = 0; stage < STAGE_COUNT; stage++) {
			uint32_t rule = flat->regions[i].rules[stage];

			if (rule != NO_RULE)
				is_early[rule] = true;
		}
	}
}

const struct program *plan_numbering(const struct plan *plan)
{
	return plan->card && plan->card->rule_count > plan->program->rule_count
		       ? plan->card
		       : plan->program;
}

static uint32_t find_counter(const struct plan *plan, int class,
			     uint32_t flat_rule)
{
	const struct program *program = plan_numbering(plan);

	for (size_t i = 0; i < program->rule_count; i++) {
		if (program->rules[i].class == (enum wire_class) class &&
		    program->rules[i].flat_rule == flat_rule)
			return i;
	}
	return NO_RULE;
}

static void judge_rule(struct plan_rule *rule, const struct flat *flat,
		       bool is_early)
{
	const struct flat_rule *of = rule->flat;

	if (!of->is_drop) {
		rule->coverage = COVERAGE_NOT_A_DROP;
	} else if (is_early) {
		rule->coverage = COVERAGE_EARLY;
	} else {
		rule->coverage = COVERAGE_HOST;
		rule->why = of->drop_regions ? WHY_PROGRAM_SIZE : of->why;
		if (!of->drop_regions && of->blocker != NO_RULE)
			rule->blocker = &flat->rules[of->blocker];
	}
}

/* Is the rule a drop on the way of packets that come in here? */
static bool is_in_question(const struct plan_rule *rule)
{
	return rule->coverage == COVERAGE_EARLY ||
	       (rule->coverage == COVERAGE_HOST &&
		rule->why != WHY_NOT_INGRESS &&
		rule->why != WHY_OTHER_INTERFACE);
}

static int judge_family(struct plan *plan, int class)
{
	const struct flat *flat = plan->flats[class];
	const struct flat *fragments =
		class == WIRE_IPV4 ? plan->flats[WIRE_FRAGMENT] : NULL;
	OWN_MEM bool *is_early = NULL;
	OWN_MEM bool *is_early_fragment = NULL;
	OWN_MEM bool *is_on_card = NULL;

	if (!flat)
		return 0;
	is_early = calloc(flat->rule_count + 1, sizeof(*is_early));
	is_early_fragment = calloc(flat->rule_count + 1, sizeof(*is_early));
	is_on_card = calloc(flat->rule_count + 1, sizeof(*is_on_card));
	if (!is_early || !is_early_fragment || !is_on_card)
		return -ENOMEM;
	mark_early(flat, plan->program->kept[class], is_early);
	if (fragments)
		mark_early(fragments, plan->program->kept[WIRE_FRAGMENT],
			   is_early_fragment);
	if (plan->card)
		mark_early(plan->card_flats[class], plan->card->kept[class],
			   is_on_card);
	for (size_t i = 0; i < flat->rule_count; i++) {
		struct plan_rule *rule = &plan->rules[plan->rule_count++];

		*rule = (struct plan_rule){
			.family = flat->family,
			.flat = &flat->rules[i],
			.has_fragments = is_early_fragment[i],
			.is_on_card = is_on_card[i],
			.counter = NO_RULE,
		};
		judge_rule(rule, flat, is_early[i] || is_on_card[i]);
		if (rule->coverage == COVERAGE_EARLY)
			rule->counter = find_counter(plan, class, i);
		if (rule->flat->rule == NULL && !rule->flat->is_drop)
			continue;
		plan->drop_rule_count += is_in_question(rule);
		plan->early_rule_count += rule->coverage == COVERAGE_EARLY;
		plan->card_rule_count += rule->is_on_card;
	}
	return 0;
}

static int judge_rules(struct plan *plan)
{
	size_t room = 1;

	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		if (plan->flats[class] && class != WIRE_FRAGMENT)
			room += plan->flats[class]->rule_count;
	}
	plan->rules = calloc(room, sizeof(*plan->rules));
	if (!plan->rules)
		return -ENOMEM;
	int error = judge_family(plan, WIRE_IPV4);
	return error ? error : judge_family(plan, WIRE_IPV6);
}

static void digest(SHA2_CTX *context, const void *data, size_t size)
{
	SHA256Update(context, data, size);
}

/* What is in the sets that the program asks, and how it asks them. */
static void digest_sets(SHA2_CTX *context, const struct set_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		const struct set_part *part = &parts->items[i];
		const struct set_content *content = &part->content;

		digest(context, &part->name, sizeof(part->name));
		digest(context, content->trie.nodes,
		       content->trie.count * sizeof(*content->trie.nodes));
		digest(context, content->keys,
		       content->tuple_count * sizeof(*content->keys));
		digest(context, content->values,
		       content->tuple_count * sizeof(*content->values));
	}
}

static void digest_program(SHA2_CTX *context, const struct program *program)
{
	digest(context, program->insns,
	       program->insn_count * sizeof(*program->insns));
	for (size_t i = 0; i < program->tables.count; i++) {
		const struct tables_entry *table = &program->tables.list[i];

		digest(context, table->data,
		       (size_t)table->element * table->count);
	}
	digest(context, program->outcomes,
	       program->outcome_count * sizeof(*program->outcomes));
	digest(context, program->rules,
	       program->rule_count * sizeof(*program->rules));
	digest(context, &program->settings, sizeof(program->settings));
	digest_sets(context, &program->sets);
}

/* What the programs do and count: equal digests filter alike. */
static void make_digest(struct plan *plan)
{
	SHA2_CTX context;

	SHA256Init(&context);
	digest_program(&context, plan->program);
	if (plan->card)
		digest_program(&context, plan->card);
	SHA256Final(plan->digest, &context);
}

/* Then it must not outlive the watcher. */
static bool rests_on_watched(const struct plan *plan)
{
	for (size_t i = 0; i < plan->fact_count; i++) {
		if (plan->facts[i].source == FACT_WATCHED)
			return true;
	}
	return false;
}

/* A native program is attached at a price on many NICs. */
static void note_attach(const struct plan_input *input, struct plan *plan)
{
	const struct caps *caps = input->caps;

	if (caps && plan->tiers[TIER_NATIVE].is_candidate &&
	    (caps->attach == NICDB_ATTACH_RINGS ||
	     caps->attach == NICDB_ATTACH_RESET))
		caps_say_attach(caps, plan->attach_costs,
				sizeof(plan->attach_costs));
}

int plan_make(const struct plan_input *input, struct plan **out,
	      struct err *err)
{
	OWN(plan) struct plan *plan = calloc(1, sizeof(*plan));
	struct wire_settings settings;
	struct tracking tracking;

	if (!plan)
		return err_no_memory(err);
	tracking_decide(input, &tracking);
	settings = settings_of(input, &tracking);
	snprintf(plan->iface, sizeof(plan->iface), "%s", input->iface);
	plan->policy = input->policy;
	plan->wishes = input->wishes;

	int error = plan_flatten(input, &tracking, plan->flats, err);
	if (error)
		return error;
	error = program_make_by((const struct flat *const *)plan->flats,
				&settings, &target_software,
				input->wishes.classifier, &plan->program, err);
	if (error)
		return error;
	if (card_is_wanted(input))
		error = card_plan(input, plan, err);
	if (error)
		return error;
	if (set_parts_make(plan->program->arena, input->policy.ipv4,
			   input->policy.ipv6, &plan->program->sets) ||
	    judge_rules(plan))
		return err_no_memory(err);
	known_list(input, &tracking, plan);
	ladder_decide(input, plan->program->can_drop,
		      plan->card && plan->card->can_drop, plan->tiers);
	plan->program->settings.needs_watcher = rests_on_watched(plan);
	note_attach(input, plan);
	make_digest(plan);
	*out = take(plan);
	return 0;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++)
		flat_free(plan->flats[class]);
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++)
		flat_free(plan->card_flats[class]);
	program_free(plan->program);
	program_free(plan->card);
	free(plan->rules);
	free(plan);
}
