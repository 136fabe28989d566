// SPDX-License-Identifier: GPL-2.0-only
#include "report/json.h"
#include "report/probe.h"

static const char *attach_name(enum nicdb_attach attach)
{
	switch (attach) {
	case NICDB_ATTACH_UNKNOWN:
		return NULL;
	case NICDB_ATTACH_QUIET:
		return "quiet";
	case NICDB_ATTACH_RINGS:
		return "rings";
	case NICDB_ATTACH_RESET:
		return "reset";
	}
	return NULL;
}

static const char *filter_name(enum nicdb_filter_kind kind)
{
	switch (kind) {
	case NICDB_FILTER_NONE:
		return "none";
	case NICDB_FILTER_STEER:
		return "steer";
	case NICDB_FILTER_DROP:
		return "drop";
	}
	return NULL;
}

/* NULL texts and empty ones become null. */
static void put_text(struct jsonio *io, json_t *object, const char *key,
		     const char *text)
{
	jsonio_put_text(io, object, key, text && *text ? text : NULL);
}

static json_t *tiers_make(struct jsonio *io, const struct caps *caps)
{
	json_t *object = jsonio_object(io);

	for (int tier = TIER_HW; tier > TIER_NONE; tier--) {
		const struct caps_tier *from = &caps->tiers[tier];
		json_t *item = jsonio_object(io);

		jsonio_put_text(io, item, "verdict",
				caps_verdict_name(from->verdict));
		jsonio_put_text(io, item, "device",
				caps_verdict_name(from->able));
		jsonio_put_text(io, item, "origin",
				caps_origin_name(from->origin));
		jsonio_put_text(io, item, "certainty",
				caps_certainty_name(from->certainty));
		put_text(io, item, "text", from->text);
		jsonio_put(io, object, tier_name(tier), item);
	}
	return object;
}

static json_t *refusal_make(struct jsonio *io,
			    const struct caps_blocker *blocker)
{
	json_t *object = jsonio_object(io);

	put_text(io, object, "errno", blocker->errnos);
	put_text(io, object, "says", blocker->says);
	put_text(io, object, "where", blocker->channel);
	return object;
}

static json_t *blocker_make(struct jsonio *io,
			    const struct caps_blocker *blocker)
{
	json_t *object = jsonio_object(io);
	json_t *tiers = jsonio_array(io);

	for (int tier = TIER_HW; tier > TIER_NONE; tier--)
		if (blocker->tiers & 1u << tier)
			jsonio_append_text(io, tiers, tier_name(tier));
	jsonio_put(io, object, "tiers", tiers);
	jsonio_put_text(io, object, "reason", reason_name(blocker->reason));
	jsonio_put_text(io, object, "sentence",
			reason_sentence(blocker->reason));
	put_text(io, object, "text", blocker->text);
	put_text(io, object, "fix", blocker->fix);
	if (blocker->fix[0])
		jsonio_put_bool(io, object, "complete", blocker->is_complete);
	put_text(io, object, "undo", blocker->undo);
	put_text(io, object, "remedy", blocker->remedy);
	put_text(io, object, "costs", blocker->costs);
	if (blocker->errnos)
		jsonio_put(io, object, "refusal", refusal_make(io, blocker));
	return object;
}

static json_t *bits_make(struct jsonio *io, const struct caps *caps)
{
	json_t *object = jsonio_object(io);

	for (size_t i = 0; i < caps->bit_count; i++) {
		const struct caps_bit *bit = &caps->bits[i];
		json_t *item = jsonio_object(io);

		jsonio_put_text(io, item, "answer",
				caps_verdict_name(bit->answer));
		jsonio_put_text(io, item, "origin",
				caps_origin_name(bit->origin));
		jsonio_put_text(io, item, "certainty",
				caps_certainty_name(bit->certainty));
		jsonio_put(io, object, bit->name, item);
	}
	return object;
}

static json_t *filter_make(struct jsonio *io, const struct caps_filter *filter)
{
	json_t *object = jsonio_object(io);

	jsonio_put_text(io, object, "kind",
			filter->is_known ? filter_name(filter->kind) : NULL);
	jsonio_put_bool(io, object, "on", filter->is_on);
	jsonio_put_number(io, object, "capacity", filter->capacity);
	jsonio_put_number(io, object, "used", filter->used);
	jsonio_put_text(io, object, "origin", caps_origin_name(filter->origin));
	put_text(io, object, "text", filter->text);
	return object;
}

static json_t *caps_to_json(struct jsonio *io, const struct caps *caps,
			    const struct nic *nic)
{
	const struct nicdb_driver *driver = caps->driver;
	json_t *object = jsonio_object(io);
	json_t *blockers = jsonio_array(io);
	json_t *warnings = jsonio_array(io);
	json_t *attach = jsonio_object(io);
	json_t *filters = jsonio_object(io);

	for (size_t i = 0; i < caps->blocker_count; i++)
		jsonio_append(io, blockers,
			      blocker_make(io, &caps->blockers[i]));
	for (size_t i = 0; i < caps->warning_count; i++)
		jsonio_append_text(io, warnings, caps->warnings[i]);
	jsonio_put_text(io, attach, "kind", attach_name(caps->attach));
	put_text(io, attach, "text", caps->attach_text);
	jsonio_put(io, filters, "ntuple", filter_make(io, &caps->ntuple));
	jsonio_put(io, filters, "flower", filter_make(io, &caps->flower));

	jsonio_put_text(io, object, "interface", caps->nic.link.name);
	put_text(io, object, "driver", caps->nic.driver);
	jsonio_put_text(io, object, "title", driver ? driver->title : NULL);
	jsonio_put_text(io, object, "source", driver ? driver->source : NULL);
	jsonio_put(io, object, "tiers", tiers_make(io, caps));
	jsonio_put_text(io, object, "recommended",
			tier_name(caps->recommended));
	put_text(io, object, "generic_costs", caps->generic_costs);
	jsonio_put(io, object, "blockers", blockers);
	jsonio_put(io, object, "attach", attach);
	jsonio_put(io, object, "filters", filters);
	jsonio_put(io, object, "warnings", warnings);
	jsonio_put(io, object, "bits", bits_make(io, caps));
	if (nic)
		jsonio_put(io, object, "probe", probe_make(io, nic));
	return object;
}

void json_put_caps(struct jsonio *io, json_t *root,
		   const struct report_caps *caps)
{
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < caps->count; i++)
		jsonio_append(io, array,
			      caps_to_json(io, caps->items[i],
					   caps->nics ? caps->nics[i] : NULL));
	jsonio_put(io, root, "kernel",
		   caps->kernel ? probe_make_kernel(io, caps->kernel)
				: json_null());
	jsonio_put(io, root, "interfaces", array);
}
