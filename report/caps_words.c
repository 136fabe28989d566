// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "report/caps_words.h"

const char *caps_words_verdict(enum caps_verdict verdict)
{
	return verdict == CAPS_AFTER_FIX ? "after a fix"
					 : caps_verdict_name(verdict);
}

/* Whoever tells no driver is known by the kind of interface. */
static const char *driver_of(const struct caps *caps)
{
	const struct nic *nic = &caps->nic;

	if (*nic->driver)
		return nic->driver;
	return *nic->link.kind ? nic->link.kind : "no driver";
}

void caps_words_add_device(struct buf *buf, const struct caps *caps)
{
	const struct nic *nic = &caps->nic;

	buf_add(buf, driver_of(caps));
	if (caps->driver && caps->driver->title)
		buf_addf(buf, " (%s)", caps->driver->title);
	else
		buf_add(buf, " (not in the nicdb)");
	/* A bond calls its ABI so. */
	if (*nic->firmware && strcmp(nic->firmware, "N/A") != 0 &&
	    !*nic->link.kind)
		buf_addf(buf, ", firmware %s", nic->firmware);
	buf_addf(buf, ", MTU %" PRIu32, nic->link.mtu);
}

void caps_words_add_advice(struct buf *buf, const struct caps *caps)
{
	buf_add(buf, tier_name(caps->recommended));
	if (caps->recommended == TIER_NONE &&
	    caps->tiers[TIER_GENERIC].verdict == CAPS_YES &&
	    caps->generic_costs[0])
		buf_addf(buf, " (%s)", caps->generic_costs);
	for (int tier = TIER_HW; tier > (int)caps->recommended; tier--) {
		if (caps->tiers[tier].verdict == CAPS_AFTER_FIX)
			buf_addf(buf, "; after a fix %s", tier_name(tier));
	}
}

void caps_words_add_tiers(struct buf *buf, const struct caps_blocker *blocker)
{
	const unsigned int all =
		1u << TIER_HW | 1u << TIER_NATIVE | 1u << TIER_GENERIC;
	const char *separator = "";

	if (blocker->tiers == all) {
		buf_add(buf, "every tier");
		return;
	}
	for (int tier = TIER_HW; tier > TIER_NONE; tier--) {
		if (!(blocker->tiers & 1u << tier))
			continue;
		buf_addf(buf, "%s%s", separator, tier_name(tier));
		separator = ", ";
	}
}

void caps_words_add_origin(struct buf *buf, const struct caps *caps,
			   enum tier tier)
{
	const struct caps_tier *from = &caps->tiers[tier];

	if (from->verdict != from->able) {
		buf_addf(buf, "the device: %s; how it is used is in the way",
			 caps_words_verdict(from->able));
		return;
	}
	buf_addf(buf, "%s (%s, %s)", from->text, caps_origin_name(from->origin),
		 caps_certainty_name(from->certainty));
}

void caps_words_add_filter(struct buf *buf, const struct caps_filter *filter)
{
	if (!filter->is_known && !filter->capacity) {
		buf_add(buf, "not known");
		return;
	}
	if (filter->is_known && filter->kind == NICDB_FILTER_NONE) {
		buf_add(buf, "none");
	} else {
		buf_add(buf, filter->kind == NICDB_FILTER_STEER
				     ? "chooses queues, drops nothing"
				     : "drops");
		if (filter->capacity)
			buf_addf(buf, ", %" PRIu32 " rules", filter->capacity);
		if (filter->used)
			buf_addf(buf, ", %" PRIu32 " used", filter->used);
		buf_add(buf,
			filter->is_on ? ", switched on" : ", switched off");
	}
	if (filter->text)
		buf_addf(buf, "; %s", filter->text);
}
