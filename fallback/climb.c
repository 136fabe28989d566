// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "fallback/climb.h"

static struct apply_step *step_down(struct swap *swap, enum tier tier,
				    enum reason reason, const char *text)
{
	struct apply_result *out = swap->result;
	struct apply_step *step = &out->steps[out->step_count++];

	*step = (struct apply_step){ .tier = tier, .reason = reason };
	snprintf(step->text, sizeof(step->text), "%.1023s", text);
	return step;
}

/* Returns 0 when the tier is had; 1 and a step when it is not; -errno. */
static int try_tier(struct swap *swap, enum tier tier, struct err *err)
{
	const struct plan_tier *planned = &swap_plan(swap)->tiers[tier];
	const struct host_backend *backend = backend_find(tier);
	const struct host_backend *former = swap->former.backend;

	if (!planned->is_candidate) {
		struct apply_step *step =
			step_down(swap, tier, planned->reason, planned->text);
		snprintf(step->fix, sizeof(step->fix), "%s", planned->fix);
		return 1;
	}
	if (!backend) {
		step_down(swap, tier, REASON_NO_HW_BACKEND, "");
		return 1;
	}
	if (swap_has_former(swap) && former != backend) {
		char text[64];

		snprintf(text, sizeof(text), "it is %s now",
			 tier_name(former->tier));
		step_down(swap, tier, REASON_OTHER_MODE, text);
		return 1;
	}
	int result = swap_attach(swap, backend, err);
	if (result == 1)
		step_down(swap, tier, swap->refusal, err->text);
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
		    i + 1 == out->step_count)
			add_step(&steps, step, plan->iface);
	}
	err_set(err, kind, 0, "%s%s", lack, buf_text(&steps));
	return -EOPNOTSUPP;
}

int climb_tiers(struct swap *swap, struct err *err)
{
	enum tier required = swap_plan(swap)->wishes.require;

	for (int tier = TIER_HW; tier > TIER_NONE; tier--) {
		int result = try_tier(swap, (enum tier)tier, err);

		if (result <= 0)
			return result;
		if (tier == (int)required)
			return fail(swap, ERR_LESS,
				    "the required tier is not to be had", err);
	}
	if (swap_has_former(swap) && swap_has_candidate(swap))
		return fail(swap, ERR_SYSTEM,
			    "the former program of wirewall stays attached, "
			    "because the new one cannot replace it",
			    err);
	return 0;
}
