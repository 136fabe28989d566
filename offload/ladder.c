// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "offload/caps.h"
#include "offload/card.h"
#include "offload/host.h"
#include "offload/known.h"
#include "offload/ladder.h"
#include "offload/link_fit.h"

/* The interface itself (rules 1 to 4); nothing is known of one that is
 * elsewhere. */
static struct objection look_at_link(const struct plan_input *input)
{
	if (!input->link)
		return object(REASON_NONE, "%s", "");
	return link_fit(input->link, input->upper, input->wishes.accept_bypass);
}

/* Facts that nothing makes up for when they may change unseen. */
static struct objection look_at_unsure(const struct plan_input *input)
{
	static const enum about needed[] = { ABOUT_INTERFACE, ABOUT_RECEIVERS,
					     ABOUT_OTHER_HOOKS };
	struct objection objection = { .reason = REASON_NONE };

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		size_t length = strlen(objection.text);

		if (known_is_sure(input, needed[i]))
			continue;
		objection.reason = REASON_NO_DEVICE_CHECK;
		snprintf(objection.text + length,
			 sizeof(objection.text) - length, "%s%s",
			 length ? ", " : "not to be asked: ",
			 known_name(needed[i]));
	}
	return objection;
}

/* The rest of the host, as far as no packet tells it. */
static struct objection look_at_host(const struct plan_input *input)
{
	const struct host_facts *facts = input->facts;
	const struct wishes *wishes = &input->wishes;

	/* 5. Other programs' hooks may act first (soundness.md 2.2.8). */
	if (facts && facts->has_foreign_hooks.value && !wishes->accept_bypass)
		return object(facts->has_foreign_hooks.is_known
				      ? REASON_FOREIGN_HOOKS
				      : REASON_UNKNOWN_HOOKS,
			      "%s", facts->has_foreign_hooks.text);
	/* Tables of iptables that nobody told us of are hooks, too. */
	const char *unseen = host_unseen_table(input);
	if (unseen && !wishes->accept_bypass)
		return object(REASON_UNSEEN_TABLE, "the table %s", unseen);
	/* 6. Who else takes packets off the interface, under which name, and
	 * what other hooks there are is asked per packet; where that cannot
	 * be, the operator must vouch for it. */
	return look_at_unsure(input);
}

static void refuse(struct plan_tier *tier, const struct objection *objection)
{
	tier->is_candidate = false;
	tier->reason = objection->reason;
	memcpy(tier->text, objection->text, sizeof(tier->text));
	memcpy(tier->fix, objection->fix, sizeof(tier->fix));
}

static struct objection object_to_blocker(const struct caps_blocker *blocker)
{
	struct objection objection =
		object(blocker->reason, "%s", blocker->text);

	snprintf(objection.fix, sizeof(objection.fix), "%s",
		 blocker->fix[0] ? blocker->fix : blocker->remedy);
	return objection;
}

/* What rules out the card alone. */
static struct objection look_at_card(const struct plan_input *input,
				     bool can_drop)
{
	/* 11. In doubt there is none: most have none. */
	if (!card_is_there(input))
		return object(REASON_UNKNOWN_CARD, "%s", "");
	/* 12. What software asks for each packet must stay as it is. */
	if (!known_is_all_pinned(input))
		return object(REASON_CARD_ASKS_NOBODY, "%s", "");
	/* 13. Packets that a shadow lets pass meet the host's program, too. */
	if (input->wishes.is_shadow)
		return object(REASON_CARD_SHADOW, "%s", "");
	/* 14. Nor does it know connections. */
	if (input->wishes.strict_conntrack)
		return object(REASON_CARD_STRICT, "%s", "");
	/* 15. As 7. */
	if (!can_drop)
		return object(REASON_NOTHING_FOR_CARD, "%s",
			      input->locals ? ""
					    : "which addresses are the host's "
					      "own is not known here");
	return object(REASON_NONE, "%s", "");
}

/* What speaks against one tier alone. */
static struct objection look_at_tier(const struct plan_input *input,
				     enum tier tier)
{
	const struct wishes *wishes = &input->wishes;
	const struct caps_blocker *blocker = caps_objection(input->caps, tier);

	/* 8. What the device cannot do is not tried: trying resets many. */
	if (blocker)
		return object_to_blocker(blocker);
	/* 9. Generic is given up where the host would pay with more than it
	 * saves, unless the operator asks for it by name. */
	if (tier == TIER_GENERIC && input->caps &&
	    input->caps->generic_costs[0] && wishes->max != TIER_GENERIC &&
	    wishes->require != TIER_GENERIC)
		return object(REASON_GENERIC_COSTS, "%s",
			      input->caps->generic_costs);
	/* 10. The operator has the last word. */
	if (tier > wishes->max)
		return object(REASON_ABOVE_MAX, "--max %s",
			      tier_name(wishes->max));
	return object(REASON_NONE, "%s", "");
}

void ladder_decide(const struct plan_input *input, bool can_drop,
		   bool can_drop_on_card, struct plan_tier *tiers)
{
	struct objection objection = look_at_link(input);

	if (objection.reason == REASON_NONE)
		objection = look_at_host(input);
	for (int tier = 0; tier < TIER_COUNT; tier++) {
		struct objection own = objection;

		tiers[tier] = (struct plan_tier){ .is_candidate = true };
		if (tier == TIER_NONE)
			continue;
		/* 7. A program that passes everything only costs. */
		if (own.reason == REASON_NONE && !can_drop &&
		    !(tier == TIER_HW && can_drop_on_card))
			own = object(REASON_NOTHING_TO_DROP, "%s", "");
		if (own.reason == REASON_NONE)
			own = look_at_tier(input, tier);
		if (own.reason == REASON_NONE && tier == TIER_HW)
			own = look_at_card(input, can_drop_on_card);
		if (own.reason != REASON_NONE)
			refuse(&tiers[tier], &own);
	}
}
