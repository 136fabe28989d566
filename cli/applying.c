// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/applying.h"
#include "cli/attached.h"
#include "cli/keeper.h"
#include "cli/loaded.h"
#include "cli/say.h"
#include "cli/tally.h"
#include "fallback/state.h"

/* One interface on its way. */
struct job {
	const struct plan *plan;
	struct record_host host; /* in the arena of the whole */
	char *record;
	struct record_step steps[TIER_COUNT];
};

/* What programs need of the kernel, whatever the tier. */
static int check_kernel(const struct planning *planning, struct err *err)
{
	bool can_drop = false;

	for (size_t i = 0; i < planning->count; i++)
		can_drop |= planning->plans[i].plan->program->can_drop;
	if (!can_drop)
		return 0;
	if (!planning->kernel.has_btf)
		return err_set(err, ERR_SYSTEM, EOPNOTSUPP,
			       "this kernel does not tell its types: no BTF "
			       "can be read from /sys/kernel/btf/vmlinux, "
			       "without which a program cannot be fitted to "
			       "it. Nothing was changed. "
			       "Expected a kernel with CONFIG_DEBUG_INFO_BTF");
	return 0;
}

static void warn_interpreted(const struct planning *planning)
{
	bool can_drop = false;

	for (size_t i = 0; i < planning->count; i++)
		can_drop |= planning->plans[i].plan->program->can_drop;
	if (can_drop && !planning->kernel.has_jit)
		say_warning("the kernel interprets programs, which makes them "
			    "several times slower: sysctl "
			    "net.core.bpf_jit_enable=1 compiles them");
}

/*
 * A host that cannot be read gives no reason to take off what is attached, as
 * a plan without a tier would.
 */
static int check_facts(const struct planning *planning, struct err *err)
{
	for (size_t i = 0; i < planning->count; i++) {
		const struct plan *plan = planning->plans[i].plan;
		const struct plan_tier *tier = &plan->tiers[TIER_GENERIC];

		if (plan->program->can_drop && !tier->is_candidate &&
		    tier->reason == REASON_UNKNOWN_HOOKS)
			return err_set(err, ERR_SYSTEM, 0,
				       "%s: %s: %s. Nothing was changed: %s",
				       plan->iface,
				       reason_sentence(tier->reason),
				       tier->text, reason_remedy(tier->reason));
	}
	return 0;
}

/* Before anything is attached: it would have to be taken off again. */
static int check_coverage(const struct planning *planning, struct err *err)
{
	for (size_t i = 0; i < planning->count; i++) {
		const struct plan *plan = planning->plans[i].plan;

		if (plan->wishes.require_full_coverage &&
		    plan->early_rule_count < plan->drop_rule_count)
			return err_set(err, ERR_LESS, EOPNOTSUPP,
				       "%s: only %zu of %zu drop rules would "
				       "die early, and full coverage is "
				       "required: nothing was changed, "
				       "wirewall plan shows the reasons",
				       plan->iface, plan->early_rule_count,
				       plan->drop_rule_count);
	}
	return 0;
}

/* The rules that iptables keeps in its two places; NULL: none there. */
static int warn_family(const struct ruleset *rules,
		       const struct ruleset *legacy, const struct ruleset *nft,
		       struct err *err)
{
	int result = rules ? loaded_differs(rules, legacy) : 0;

	if (result > 0)
		result = loaded_differs(rules, nft);
	if (result < 0)
		return err_no_memory(err);
	if (result)
		say_warning("%s differs from what the host has loaded: what is "
			    "not dropped early is then not enforced",
			    rules->source);
	return 0;
}

/* Drops are pushed down from a firewall: is it there? */
static int warn_not_loaded(const struct input *input, struct err *err)
{
	struct input places[2];
	struct err why;

	if (input_read_places(places, &why) < 0) {
		say_warning("whether the host has these rules loaded was not "
			    "checked: %s",
			    why.text);
		return 0;
	}
	int result =
		warn_family(input->ipv4, places[0].ipv4, places[1].ipv4, err);
	if (result == 0)
		result = warn_family(input->ipv6, places[0].ipv6,
				     places[1].ipv6, err);
	input_free(&places[0]);
	input_free(&places[1]);
	return result;
}

int applying_check_quietly(const struct planning *planning, struct err *err)
{
	int result = check_kernel(planning, err);

	if (result == 0)
		result = check_facts(planning, err);
	return result < 0 ? result : check_coverage(planning, err);
}

int applying_check(const struct options *options,
		   const struct planning *planning, struct err *err)
{
	int result = applying_check_quietly(planning, err);

	if (result == 0)
		warn_interpreted(planning);
	if (result == 0 && !options->from_kernel)
		result = warn_not_loaded(&planning->input, err);
	return result;
}

static struct applying *alloc(size_t count)
{
	OWN(applying) struct applying *applying = calloc(1, sizeof(*applying));

	if (!applying)
		return NULL;
	count += !count;
	applying->jobs = calloc(count, sizeof(*applying->jobs));
	applying->requests = calloc(count, sizeof(*applying->requests));
	applying->results = calloc(count, sizeof(*applying->results));
	applying->reports = calloc(count, sizeof(*applying->reports));
	applying->arena = arena_make();
	if (!applying->arena || !applying->jobs || !applying->requests ||
	    !applying->results || !applying->reports)
		return NULL;
	return take(applying);
}

/* A card may take seconds before anything is seen of it. */
static void say_progress(const char *iface, const char *sentence)
{
	if (isatty(STDERR_FILENO))
		say_note(iface, sentence);
}

static uint64_t sum(const uint64_t *drops, size_t count)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < count; i++)
		packets += drops[i];
	return packets;
}

/*
 * Where the host's counters stand. A program that is there already, and stays,
 * has counted before.
 */
static int begin_tally(struct applying *applying, const struct plan *plan,
		       struct record_host *out, struct err *err)
{
	const struct attached *attached = applying->before;
	uint64_t early = 0;

	for (size_t i = 0; attached && i < attached->count; i++) {
		const struct report_attached *one = &attached->reports[i];

		if (strcmp(one->iface, plan->iface) != 0 || !one->record ||
		    !record_is_of(one->record, plan->digest))
			continue;
		if (one->record->host.since && !one->record->host.unknown) {
			*out = one->record->host;
			return 0;
		}
		early = sum(one->drops, one->drop_count);
	}
	return tally_begin(&applying->tally, plan, early, applying->arena, out,
			   err);
}

static int add(struct applying *applying, const struct plan *plan,
	       struct err *err)
{
	struct job *job = &applying->jobs[applying->count];
	int result = begin_tally(applying, plan, &job->host, err);

	if (result == 0)
		result = record_make(plan, time(NULL), NULL, 0, &job->host,
				     &job->record, err);
	if (result < 0)
		return result;
	job->plan = plan;
	applying->requests[applying->count++] = (struct apply_request){
		.plan = plan,
		.record = job->record,
		.progress = say_progress,
	};
	return 0;
}

int applying_make(const struct planning *const *plannings, size_t count,
		  struct applying **out, struct err *err)
{
	struct err unseen;
	size_t plans = 0;
	int result = 0;

	for (size_t i = 0; i < count; i++)
		plans += plannings[i]->count;
	OWN(applying) struct applying *applying = alloc(plans);
	if (!applying)
		return err_no_memory(err);
	tally_read(&applying->tally);
	/* What cannot be read has not been there. */
	if (attached_make(NULL, &applying->before, &unseen) < 0)
		applying->before = NULL;
	for (size_t i = 0; i < count; i++) {
		const struct planning *from = plannings[i];

		for (size_t j = 0; result == 0 && j < from->count; j++)
			result = add(applying, from->plans[j].plan, err);
	}
	if (result == 0)
		*out = take(applying);
	return result;
}

static void name_steps(const struct apply_result *result, struct job *job)
{
	for (size_t i = 0; i < result->step_count; i++) {
		const struct apply_step *step = &result->steps[i];

		job->steps[i] = (struct record_step){
			.tier = tier_name(step->tier),
			.reason = reason_name(step->reason),
			.sentence = reason_sentence(step->reason),
			.text = step->text,
		};
	}
}

/* The attempt itself taught something: the record shall know it too. */
static int update_record(const struct apply_result *result,
			 const struct job *job, struct err *err)
{
	const uint32_t ids[] = { result->prog_id, result->card_id };
	OWN_MEM char *record = NULL;
	struct ident ident;
	int error;

	if (!result->step_count || result->tier == TIER_NONE)
		return 0;
	error = record_make(job->plan, time(NULL), job->steps,
			    result->step_count, &job->host, &record, err);
	for (size_t i = 0; !error && i < ARRAY_SIZE(ids); i++) {
		if (ids[i])
			error = ident_get(ids[i], &ident, err);
		if (ids[i] && !error)
			error = state_write(&ident, record, err);
	}
	return error;
}

static void finish(struct applying *applying)
{
	for (size_t i = 0; i < applying->count; i++) {
		const struct apply_result *result = &applying->results[i];
		struct job *job = &applying->jobs[i];
		struct err why;

		name_steps(result, job);
		if (*result->warning)
			say_warning("%s: %s", job->plan->iface,
				    result->warning);
		if (update_record(result, job, &why) < 0 && !*result->warning)
			say_warning("%s: %s", job->plan->iface, why.text);
		applying->reports[i] = (struct report_applied){
			.plan = job->plan,
			.tier = result->tier,
			.host_tier = result->host_tier,
			.prog_id = result->prog_id,
			.card_id = result->card_id,
			.card_rules = result->card_rules,
			.card_limit = result->card_limit,
			.is_unchanged = result->is_unchanged,
			.has_frags = result->has_frags,
			.is_proved = result->is_proved,
			.steps = job->steps,
			.step_count = result->step_count,
		};
	}
}

int applying_run(struct applying *applying, unsigned int seconds,
		 struct err *err)
{
	int result = keeper_check_none(err);

	if (result == 0 && seconds)
		result = keeper_apply(applying->requests, applying->count,
				      applying->results, seconds, err);
	else if (result == 0)
		result = apply_plans(applying->requests, applying->count,
				     applying->results, err);
	if (result == 0)
		finish(applying);
	return result;
}

void applying_free(struct applying *applying)
{
	if (!applying)
		return;
	for (size_t i = 0; i < applying->count; i++)
		free(applying->jobs[i].record);
	attached_free(applying->before);
	tally_free(&applying->tally);
	arena_free(applying->arena);
	free(applying->jobs);
	free(applying->requests);
	free(applying->results);
	free(applying->reports);
	free(applying);
}
