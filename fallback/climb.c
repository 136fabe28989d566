// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "fallback/climb.h"

/* The card is tried last and stands highest: its step comes first. */
struct apply_step *climb_step_down(struct swap *swap, enum tier tier,
				   enum reason reason, const char *text)
{
	struct apply_result *out = swap->result;
	struct apply_step *step = &out->steps[out->step_count];

	if (tier == TIER_HW) {
		step = out->steps;
		memmove(step + 1, step, out->step_count * sizeof(*step));
	}
	out->step_count++;
	*step = (struct apply_step){ .tier = tier, .reason = reason };
	snprintf(step->text, sizeof(step->text), "%.1023s", text);
	return step;
}

/* What the plan has against a tier. */
void climb_object(struct swap *swap, enum tier tier)
{
	const struct plan_tier *planned = &swap_plan(swap)->tiers[tier];
	struct apply_step *step =
		climb_step_down(swap, tier, planned->reason, planned->text);

	snprintf(step->fix, sizeof(step->fix), "%s", planned->fix);
}

/* Returns 0 when the tier is had; 1 and a step when it is not; -errno. */
static int try_tier(struct swap *swap, enum tier tier, struct err *err)
{
	const struct plan_tier *planned = &swap_plan(swap)->tiers[tier];
	const struct xdp_backend *backend = backend_find(tier);
	const struct xdp_backend *former = swap->former.backend;

	if (!planned->is_candidate) {
		climb_object(swap, tier);
		return 1;
	}
	if (swap_has_former(swap) && former != backend) {
		char text[64];

		snprintf(text, sizeof(text), "it is %s now",
			 tier_name(former->tier));
		climb_step_down(swap, tier, REASON_OTHER_MODE, text);
		return 1;
	}
	int result = swap_attach(swap, backend, err);
	if (result == 0) {
		swap->result->host_tier = tier;
		swap->result->has_frags = swap->is_unchanged
						  ? swap->former.meta.has_frags
						  : swap->program->has_frags;
	}
	if (result == 1)
		climb_step_down(swap, tier, swap->refusal, err->text);
	return result;
}

static void add_step(struct buf *buf, const struct apply_step *step,
		     const char *iface)
{
	const char *remedy = reason_remedy(step->reason);

	buf_addf(buf, "; %s: %s", tier_name(step->tier),
		 reason_sentence(step->reason));
	if (step->text[0])
		buf_addf(buf, " (%s)", step->text);
	if (step->fix[0]) {
		buf_addf(buf, "; %s", step->fix);
	} else if (remedy) {
		buf_add(buf, "; ");
		buf_addf(buf, remedy, iface);
	}
}

/* @lack, and the steps that led there: those not taken by intent aside. */
static int fail(const struct swap *swap, enum err_kind kind, const char *lack,
		struct err *err)
{
	const struct plan *plan = swap_plan(swap);
	const struct apply_result *out = swap->result;
	OWN_BUF struct buf steps = BUF_INIT;

	for (size_t i = 0; i < out->step_count; i++) {
		const struct apply_step *step = &out->steps[i];

		if (plan->tiers[step->tier].is_candidate ||
		    step->tier == plan->wishes.require ||
		    i + 1 == out->step_count)
			add_step(&steps, step, plan->iface);
	}
	err_set(err, kind, 0, "%s%s", lack, buf_text(&steps));
	return -EOPNOTSUPP;
}

int climb_tiers(struct swap *swap, struct err *err)
{
	enum tier required = swap_plan(swap)->wishes.require;
	const struct plan_tier *card = &swap_plan(swap)->tiers[TIER_HW];

	if (required == TIER_HW && !card->is_candidate) {
		climb_object(swap, TIER_HW);
		return climb_check(swap, TIER_NONE, err);
	}
	for (int tier = TIER_NATIVE; tier > TIER_NONE; tier--) {
		int result = try_tier(swap, (enum tier)tier, err);

		if (result <= 0)
			return result;
		/* Whether the card makes up for it is seen later. */
		if (tier == (int)required)
			return 0;
	}
	if (swap_has_former(swap) && swap_has_candidate(swap))
		return fail(swap, ERR_SYSTEM,
			    "the former program of wirewall stays attached, "
			    "because the new one cannot replace it",
			    err);
	return 0;
}

int climb_check(const struct swap *host, enum tier reached, struct err *err)
{
	if (reached >= swap_plan(host)->wishes.require)
		return 0;
	return fail(host, ERR_LESS, "the required tier is not to be had", err);
}
