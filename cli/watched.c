// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/own.h"
#include "bpf/switch.h"
#include "cli/applying.h"
#include "cli/event.h"
#include "cli/watched.h"

/* A restart of the watcher fits in, a death of it ends soon. */
#define LEASE_MS 10000

static void stop(struct watched *watched, const struct watch_decision *decision)
{
	unstopped_add(&watched->unstopped, decision->stopping);
	unstopped_add(&watched->unstopped, decision->card);
	unstopped_try(&watched->unstopped, watched->name);
}

static void tell(const struct watched *watched,
		 const struct watch_decision *decision)
{
	const struct event event = {
		.id = EVENT_SEEN,
		.name = watch_event_name(decision->event),
		.iface = watched->name,
		.prog_id = decision->stopping,
	};

	if (decision->event != WATCH_EVENT_NONE)
		event_say(&event, "%s", watch_event_sentence(decision->event));
}

/* Plan for this interface alone. */
static int plan(const struct watched *watched,
		const struct config_section *section, struct planning **out,
		struct err *err)
{
	char *name = (char *)watched->name;

	return section ? planning_make(&section->options, &name, 1, false, out,
				       err)
		       : planning_make_empty(&name, 1, out, err);
}

static int attach(const struct planning *planning, struct applying **out,
		  struct err *err)
{
	OWN(applying) struct applying *applying = NULL;
	int result = applying_make(&planning, 1, &applying, err);

	if (result == 0)
		result = applying_run(applying, 0, err);
	if (result == 0)
		*out = take(applying);
	return result;
}

/* Was a better tier kept out only by our own program in the lesser one? */
static bool is_in_its_own_way(const struct applying *applying)
{
	const struct apply_result *result = &applying->results[0];

	for (size_t i = 0; i < result->step_count; i++) {
		if (result->steps[i].reason == REASON_OTHER_MODE)
			return true;
	}
	return false;
}

/*
 * Attach; where the former program is in another mode, take that moment
 * without one: the host filters in it, as always.
 */
static int change_over(const struct watched *watched,
		       const struct planning *planning, struct applying **out,
		       struct err *err)
{
	OWN(applying) struct applying *first = NULL;
	int result = attach(planning, &first, err);

	if (result < 0 || !is_in_its_own_way(first)) {
		if (result == 0)
			*out = take(first);
		return result;
	}
	result = apply_remove(watched->name, err);
	return result < 0 ? result : attach(planning, out, err);
}

/* May another attempt bring a better tier? */
static bool is_lesser(const struct plan *plan, enum tier tier)
{
	for (int better = tier + 1; better < TIER_COUNT; better++) {
		if (plan->tiers[better].is_candidate)
			return true;
	}
	return false;
}

/* What was said last time is not said again. */
static bool is_old(struct watched *watched, const char *text)
{
	if (watched->said && !strcmp(watched->said, text))
		return true;
	free(watched->said);
	watched->said = strdup(text);
	return false;
}

static void tell_failure(struct watched *watched, const struct err *err)
{
	const struct event event = {
		.id = EVENT_FAILED,
		.iface = watched->name,
	};

	if (!is_old(watched, err->text))
		event_say(&event, "%s", err->text);
}

static void add_step(struct buf *text, const struct apply_step *step,
		     const char *iface)
{
	const char *remedy =
		step->fix[0] ? step->fix : reason_remedy(step->reason);

	buf_addf(text, "not %s: %s", tier_name(step->tier),
		 reason_sentence(step->reason));
	if (step->text[0])
		buf_addf(text, ": %s", step->text);
	if (!remedy)
		return;
	buf_add(text, "; ");
	if (step->fix[0])
		buf_add(text, remedy);
	else
		buf_addf(text, remedy, iface);
}

static bool is_same_step(const struct apply_step *a, const struct apply_step *b)
{
	return a->reason == b->reason && !strcmp(a->text, b->text);
}

/* What rules out one tier often rules out the next one as well. */
static void tell_steps(const struct watched *watched,
		       const struct apply_result *result)
{
	for (size_t i = 0; i < result->step_count; i++) {
		const struct apply_step *step = &result->steps[i];
		const struct event event = {
			.id = EVENT_NOT_HAD,
			.iface = watched->name,
			.tier = tier_name(step->tier),
			.reason = reason_name(step->reason),
		};
		OWN_BUF struct buf text = BUF_INIT;

		if (i && is_same_step(step, step - 1))
			continue;
		add_step(&text, step, watched->name);
		event_say(&event, "%s", buf_text(&text));
	}
}

/* The steps that an outcome took, as far as they could be news. */
static bool are_steps_old(struct watched *watched,
			  const struct apply_result *result)
{
	OWN_BUF struct buf text = BUF_INIT;

	buf_add(&text, tier_name(result->tier));
	for (size_t i = 0; i < result->step_count; i++)
		buf_addf(&text, " %s %s", reason_name(result->steps[i].reason),
			 result->steps[i].text);
	return is_old(watched, buf_text(&text));
}

static void tell_outcome(struct watched *watched, const struct plan *plan,
			 const struct apply_result *result, bool was_stopped)
{
	struct event event = {
		.id = EVENT_APPLIED,
		.iface = watched->name,
		.tier = tier_name(result->tier),
		.prog_id = result->prog_id,
	};
	bool is_same = are_steps_old(watched, result);

	if (result->tier == TIER_NONE) {
		event.id = EVENT_DETACHED;
		if (!is_same)
			event_say(&event, "nothing is attached, no packet is "
					  "dropped early");
	} else if (result->is_unchanged) {
		event.id = EVENT_RESUMED;
		if (was_stopped || !is_same)
			event_say(&event,
				  "%s, program %u: as it was, %zu of %zu drop "
				  "rules die early",
				  event.tier, event.prog_id,
				  plan->early_rule_count,
				  plan->drop_rule_count);
	} else {
		event_say(&event,
			  "%s, program %u: %zu of %zu drop rules die early",
			  event.tier, event.prog_id, plan->early_rule_count,
			  plan->drop_rule_count);
	}
	if (!is_same)
		tell_steps(watched, result);
}

/* Has the world changed while it was planned for? */
static bool has_changed(const struct watched *watched,
			const struct config_section *section,
			const struct watch_view *before)
{
	bool is_from_kernel = section && section->options.from_kernel;
	struct host_facts facts;

	facts_read(watched->name, &facts);
	return watch_facts(&facts) != before->facts ||
	       (is_from_kernel && watch_look_rules() != before->rules);
}

/*
 * Who dies, or is held up, cannot see a change: then it drops no more. Who
 * comes after finds what it was planned for.
 */
static void renew_lease(const struct watched *watched)
{
	const struct watch_state *state = &watched->state;
	struct err unseen;

	if (state->kept && !state->is_stopped)
		switch_lease(state->kept, watch_mark(&state->then), LEASE_MS,
			     &unseen);
}

bool watched_plan(struct watched *watched, const struct config_section *section,
		  const struct watch_view *view)
{
	OWN(planning) struct planning *planning = NULL;
	OWN(applying) struct applying *applying = NULL;
	struct watch_outcome outcome = { .then = view };
	bool was_stopped = watched->state.is_stopped;
	long begin = clock_ms();
	struct err err;
	int result = plan(watched, section, &planning, &err);

	outcome.took = clock_ms() - begin;
	if (result == 0 && has_changed(watched, section, view))
		return false;
	if (result == 0)
		result = applying_check_quietly(planning, &err);
	if (result == 0)
		result = change_over(watched, planning, &applying, &err);
	if (result < 0) {
		outcome.has_failed = true;
		tell_failure(watched, &err);
	} else {
		const struct plan *made = planning->plans[0].plan;
		const struct apply_result *got = &applying->results[0];

		outcome.prog_id = got->prog_id ? got->prog_id : got->card_id;
		outcome.card_id = got->card_id;
		watched->needs_lease = made->program->settings.needs_watcher;
		outcome.is_lesser = is_lesser(made, got->tier);
		outcome.awaits_locals =
			made->tiers[TIER_HW].reason == REASON_NOTHING_FOR_CARD;
		/* By the new plan they are right again. */
		unstopped_forget(&watched->unstopped, got->prog_id);
		unstopped_forget(&watched->unstopped, got->card_id);
		tell_outcome(watched, made, got, was_stopped);
	}
	watch_planned(&watched->state, &outcome, clock_ms());
	if (!outcome.has_failed)
		renew_lease(watched);
	return true;
}

bool watched_guard(struct watched *watched,
		   const struct config_section *section,
		   const struct watch_world *world, long time,
		   struct watch_view *view)
{
	bool is_from_kernel = section && section->options.from_kernel;
	struct err err;

	if (watch_view_make(world, watched->name, is_from_kernel, view, &err) <
	    0) {
		tell_failure(watched, &err);
		return false;
	}
	if (!watched->state.then.is_there)
		watch_recall(view);
	struct watch_decision decision =
		watch_decide(&watched->state, view, time);
	if (decision.acts & WATCH_STOP)
		stop(watched, &decision);
	else if (unstopped_has_any(&watched->unstopped) &&
		 time >= watched->unstopped.due)
		unstopped_try(&watched->unstopped, NULL);
	tell(watched, &decision);
	if (decision.acts & WATCH_PLAN)
		return true;
	if (watched->needs_lease)
		renew_lease(watched);
	return false;
}

void watched_clear(struct watched *watched)
{
	free(watched->said);
}
