// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cli/command.h"
#include "cli/planning.h"
#include "cli/say.h"

/* Ask what the plans are worth. @out has room for two measures of each. */
static int measure_all(const struct planning *planning, struct measure *out,
		       struct err *err)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };

	for (size_t i = 0; i < planning->count; i++) {
		struct report_plan *report = &planning->plans[i];

		for (size_t f = 0; f < ARRAY_SIZE(families); f++, out++) {
			int result = measure_plan(report->plan, families[f],
						  MEASURE_SEED, out);

			if (result == -ENOMEM)
				return err_no_memory(err);
			if (!result)
				report->measures[f] = out;
		}
	}
	return 0;
}

/* Run the programs. @out has room for WIRE_CLASS_COUNT of each. */
static int time_all(const struct planning *planning, struct timing *out,
		    struct err *err)
{
	for (size_t i = 0; i < planning->count; i++) {
		struct report_plan *report = &planning->plans[i];
		int result = timing_measure(report->plan, out, err);

		if (result)
			return result;
		report->timings = out;
		out += WIRE_CLASS_COUNT;
	}
	return 0;
}

static void show_classifiers(const struct planning *planning)
{
	for (size_t i = 0; i < planning->count; i++)
		planning->plans[i].shows_classifiers = true;
}

static bool has_tier(const struct plan *plan, enum tier least)
{
	for (int tier = TIER_HW; tier >= (int)least; tier--) {
		if (plan->tiers[tier].is_candidate)
			return true;
	}
	return false;
}

/*
 * What apply would say to the same wishes, as far as the kernel need not be
 * asked for it.
 */
static int judge(const struct plan *plan, struct err *err)
{
	enum tier required = plan->wishes.require;

	if (required != TIER_NONE && !has_tier(plan, required))
		return err_set(err, ERR_LESS, EOPNOTSUPP,
			       "%s: the required tier is not to be had; %s: %s",
			       plan->iface, tier_name(required),
			       reason_sentence(plan->tiers[required].reason));
	if (plan->wishes.require_full_coverage &&
	    plan->early_rule_count < plan->drop_rule_count)
		return err_set(
			err, ERR_LESS, EOPNOTSUPP,
			"%s: only %zu of %zu drop rules would die early, "
			"and full coverage is required: the plan has "
			"the reasons",
			plan->iface, plan->early_rule_count,
			plan->drop_rule_count);
	return 0;
}

static int judge_all(const struct planning *planning, struct err *err)
{
	int result = 0;

	for (size_t i = 0; i < planning->count && result == 0; i++)
		result = judge(planning->plans[i].plan, err);
	return result;
}

int cmd_plan(const struct options *options, struct err *err)
{
	OWN(planning) struct planning *planning = NULL;
	OWN_MEM struct measure *measures = NULL;
	OWN_MEM struct timing *timings = NULL;
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	struct options wanted = *options;
	int result;

	wanted.asks_card = true;
	result = planning_make(&wanted, options->args, options->arg_count, true,
			       &planning, err);
	if (result < 0)
		return result;
	measures = calloc(planning->count * 2, sizeof(*measures));
	if (!measures)
		return err_no_memory(err);
	timings = calloc(planning->count * WIRE_CLASS_COUNT, sizeof(*timings));
	if (!timings)
		return err_no_memory(err);
	result = measure_all(planning, measures, err);
	if (!result && options->measure)
		result = time_all(planning, timings, err);
	if (result < 0)
		return result;
	if (options->measure || options->given & OPTION_BIT(CLASSIFIER))
		show_classifiers(planning);
	say_format(options)->plans(&buf, &style, planning->plans,
				   planning->count);
	result = say_report(&buf, err);
	return result < 0 ? result : judge_all(planning, err);
}
