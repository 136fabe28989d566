// SPDX-License-Identifier: GPL-2.0-only
#include "base/num.h"
#include "fallback/watch.h"
#include "net/hash.h"

/* Quiet for so long, or changing for so long, before a plan is worth it. */
#define QUIET_MS 200
#define NOISE_MS 1500
/* A plan that takes longer leaves nobody who would see a change in time. */
#define LONG_PLAN_MS 400
/* Between attempts at a better tier, or at any after a failure. */
#define PAUSE_MIN_MS 5000
#define PAUSE_MAX_MS 600000

static const struct {
	const char *name, *sentence;
} events[] = {
#define WATCH(id, name, sentence) { name, sentence },
#include "fallback/watch.def"
#undef WATCH
};

const char *watch_event_name(enum watch_event event)
{
	return events[event].name;
}

const char *watch_event_sentence(enum watch_event event)
{
	return events[event].sentence;
}

uint64_t watch_facts(const struct host_facts *facts)
{
	const struct fact *const all[WATCH_FACTS] = {
		&facts->has_nat[0],	   &facts->has_nat[1],
		&facts->has_raw[0],	   &facts->has_raw[1],
		&facts->has_foreign_hooks, &facts->has_helpers,
		&facts->logs_invalid,	   &facts->logs_martians,
	};
	uint64_t bits = 0;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		bits |= (uint64_t)all[i]->value << i;
	for (size_t i = 0; i < 2; i++) {
		bits |= (uint64_t)(facts->legacy_tables[i] & 0xff)
			<< (32 + 16 * i);
		bits |= (uint64_t)(facts->nft_tables[i] & 0xff)
			<< (40 + 16 * i);
	}
	return bits;
}

uint64_t watch_mark(const struct watch_view *view)
{
	uint64_t mark = HASH_BEGIN;

	mark = hash_add(mark, &view->ifindex, sizeof(view->ifindex));
	mark = hash_add(mark, &view->rules, sizeof(view->rules));
	mark = hash_add(mark, &view->facts, sizeof(view->facts));
	mark = hash_add(mark, &view->master, sizeof(view->master));
	mark = hash_add(mark, &view->upper, sizeof(view->upper));
	if (view->card)
		mark = hash_add(mark, &view->locals, sizeof(view->locals));
	return mark ? mark : 1;
}

/* Wait for a quiet moment; the first of many changes begins the last wait. */
static void postpone(struct watch_state *state, long time)
{
	if (state->phase != WATCH_WAITING)
		state->due_last = time + NOISE_MS;
	state->phase = WATCH_WAITING;
	state->due = time + QUIET_MS;
	if (state->due > state->due_last)
		state->due = state->due_last;
}

static struct watch_decision tell(enum watch_event event)
{
	return (struct watch_decision){ .event = event };
}

static struct watch_decision nothing(void)
{
	return tell(WATCH_EVENT_NONE);
}

/* Of an interface that is not there (any more) what was on it counts. */
static uint32_t find_card(const struct watch_state *state,
			  const struct watch_view *now)
{
	bool is_other =
		state->then.ifindex && state->then.ifindex != now->ifindex;

	return is_other ? state->then.card : now->card;
}

/* Once: it stays stopped until the next plan. */
static struct watch_decision stop(struct watch_state *state,
				  const struct watch_view *now,
				  enum watch_event event)
{
	struct watch_decision decision = {
		.event = event,
		.stopping = state->kept,
		.card = find_card(state, now),
	};

	if (state->kept && !state->is_stopped)
		decision.acts = WATCH_STOP;
	state->is_stopped = true;
	return decision;
}

/* What @state knows of a program is about another one. */
static void forget(struct watch_state *state, uint32_t kept, uint32_t card)
{
	state->kept = kept;
	state->then.card = card;
	state->is_stopped = false;
}

static struct watch_decision see_gone(struct watch_state *state,
				      const struct watch_view *now)
{
	bool is_news = state->phase != WATCH_GONE && state->then.is_there;
	struct watch_decision decision =
		stop(state, now, is_news ? WATCH_EVENT_GONE : WATCH_EVENT_NONE);

	state->phase = WATCH_GONE;
	state->pause = 0;
	forget(state, 0, 0);
	return decision;
}

static struct watch_decision see_back(struct watch_state *state,
				      const struct watch_view *now, long time)
{
	struct watch_decision decision = stop(state, now, WATCH_EVENT_BACK);

	state->pause = 0;
	state->then = (struct watch_view){ 0 };
	postpone(state, time);
	forget(state, 0, 0);
	return decision;
}

/* The program of the plan has given way to something else. */
static struct watch_decision see_other_program(struct watch_state *state,
					       const struct watch_view *now,
					       long time)
{
	forget(state, now->ours, now->card);
	if (now->ours) {
		postpone(state, time);
		return tell(WATCH_EVENT_TAKEN_OVER);
	}
	state->phase = WATCH_LEFT_ALONE;
	state->then.foreign = now->foreign;
	return tell(now->foreign ? WATCH_EVENT_FOREIGN : WATCH_EVENT_REMOVED);
}

/* Somebody else was at it: until that ends nothing is done. */
static struct watch_decision stay_away(struct watch_state *state,
				       const struct watch_view *now, long time)
{
	bool was_foreign = state->then.foreign != 0;

	state->then.foreign = now->foreign;
	if (now->foreign)
		return was_foreign ? nothing() : tell(WATCH_EVENT_FOREIGN);
	if (!was_foreign && !now->ours)
		return nothing();
	forget(state, now->ours, now->card);
	postpone(state, time);
	return tell(now->ours ? WATCH_EVENT_TAKEN_OVER : WATCH_EVENT_FREE);
}

/* The first thing that drops rest on and that is not as it was planned. */
static enum watch_event find_danger(const struct watch_view *then,
				    const struct watch_view *now)
{
	/* Nobody knows what it was planned for. */
	if (!then->is_there && now->ours)
		return WATCH_EVENT_FACTS_CHANGED;
	if (then->rules != now->rules)
		return WATCH_EVENT_RULES_CHANGED;
	if (then->facts != now->facts)
		return WATCH_EVENT_FACTS_CHANGED;
	if (then->master != now->master || then->upper != now->upper)
		return WATCH_EVENT_USERS_CHANGED;
	if (then->card && then->locals != now->locals)
		return WATCH_EVENT_LOCALS_CHANGED;
	return WATCH_EVENT_NONE;
}

static bool is_other_device(const struct watch_view *then,
			    const struct watch_view *now)
{
	return then->mtu != now->mtu || then->device != now->device;
}

/* Nothing is known of the program, but that it is as the last watcher left it. */
static void recall(struct watch_state *state, const struct watch_view *now)
{
	if (!state->then.is_there && now->ours &&
	    now->planned == watch_mark(now))
		state->then = *now;
}

/* While a plan waits for a quiet moment. */
static struct watch_decision wait_for_quiet(struct watch_state *state,
					    const struct watch_view *now,
					    long time)
{
	struct watch_decision decision = nothing();

	if (state->kept != now->ours)
		forget(state, now->ours, now->card);
	recall(state, now);
	enum watch_event danger = find_danger(&state->then, now);
	if (danger != WATCH_EVENT_NONE) {
		bool is_news = state->kept && !state->is_stopped;

		decision =
			stop(state, now, is_news ? danger : WATCH_EVENT_NONE);
		state->then = *now;
		postpone(state, time);
	}
	if (time < state->due || now->is_taken)
		return decision;
	if (state->plan_ms > LONG_PLAN_MS && !decision.acts)
		decision = stop(state, now, WATCH_EVENT_NONE);
	decision.acts |= WATCH_PLAN;
	return decision;
}

/* What the driver's program drops is not touched by it. */
static bool has_lost_card(struct watch_state *state,
			  const struct watch_view *now)
{
	bool is_lost = state->then.card && state->then.card != now->card;

	if (is_lost)
		state->then.card = 0;
	return is_lost;
}

static struct watch_decision keep(struct watch_state *state,
				  const struct watch_view *now, long time)
{
	struct watch_decision decision;
	enum watch_event danger = find_danger(&state->then, now);
	bool is_other = is_other_device(&state->then, now);
	bool has_come =
		state->awaits_locals && state->then.locals != now->locals;

	if (danger == WATCH_EVENT_NONE && !is_other && !has_come) {
		if (has_lost_card(state, now))
			return tell(WATCH_EVENT_CARD_REMOVED);
		if (!state->is_lesser || time < state->retry)
			return nothing();
		postpone(state, time);
		return tell(WATCH_EVENT_RETRY);
	}
	if (danger != WATCH_EVENT_NONE)
		decision = stop(state, now, danger);
	else
		decision = tell(is_other ? WATCH_EVENT_DEVICE_CHANGED
					 : WATCH_EVENT_RETRY);
	state->then = *now;
	state->pause = 0;
	postpone(state, time);
	return decision;
}

struct watch_decision watch_decide(struct watch_state *state,
				   const struct watch_view *now, long time)
{
	/* 1. No interface, no program. */
	if (!now->is_there)
		return see_gone(state, now);
	/* 2. It is there (again), or another one of that name is. */
	if (state->phase == WATCH_GONE ||
	    (state->then.ifindex && state->then.ifindex != now->ifindex))
		return see_back(state, now, time);
	/* 3. What others do is theirs. */
	if (state->phase == WATCH_LEFT_ALONE)
		return stay_away(state, now, time);
	if (state->phase == WATCH_KEPT &&
	    (state->kept != now->ours || now->foreign != state->then.foreign))
		return see_other_program(state, now, time);
	/* 4. What was planned for is no more. */
	if (state->phase == WATCH_WAITING)
		return wait_for_quiet(state, now, time);
	return keep(state, now, time);
}

static void pause_longer(struct watch_state *state, long time)
{
	state->pause = state->pause ? 2 * state->pause : PAUSE_MIN_MS;
	if (state->pause > PAUSE_MAX_MS)
		state->pause = PAUSE_MAX_MS;
	state->retry = time + state->pause;
}

void watch_planned(struct watch_state *state,
		   const struct watch_outcome *outcome, long time)
{
	state->then = *outcome->then;
	state->plan_ms = outcome->took;
	state->phase = WATCH_KEPT;
	state->is_lesser = outcome->is_lesser || outcome->has_failed;
	state->awaits_locals = outcome->awaits_locals;
	if (state->is_lesser)
		pause_longer(state, time);
	else
		state->pause = 0;
	/* Otherwise what was there is there, and as it was. */
	if (!outcome->has_failed)
		forget(state, outcome->prog_id, outcome->card_id);
	else if (outcome->then->foreign)
		state->phase = WATCH_LEFT_ALONE;
}

void watch_reset(struct watch_state *state, long time)
{
	if (state->phase == WATCH_GONE)
		return;
	state->pause = 0;
	postpone(state, time);
}

long watch_due(const struct watch_state *state)
{
	if (state->phase == WATCH_WAITING)
		return state->due;
	if (state->phase == WATCH_KEPT && state->is_lesser)
		return state->retry;
	return -1;
}
