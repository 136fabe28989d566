// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "offload/caps_parts.h"
#include "offload/link_fit.h"

const char *caps_verdict_name(enum caps_verdict verdict)
{
	static const char *const names[] = {
		[CAPS_UNKNOWN] = "unknown",
		[CAPS_NO] = "no",
		[CAPS_AFTER_FIX] = "after-fix",
		[CAPS_YES] = "yes",
	};

	return names[verdict];
}

const char *caps_origin_name(enum caps_origin origin)
{
	static const char *const names[] = {
		[CAPS_INFERRED] = "inference",
		[CAPS_BY_NICDB] = "nicdb",
		[CAPS_BY_TRIAL] = "trial",
		[CAPS_BY_KERNEL] = "kernel",
	};

	return names[origin];
}

const char *caps_certainty_name(enum caps_certainty certainty)
{
	static const char *const names[] = {
		[CAPS_GUESSED] = "guessed",
		[CAPS_LIKELY] = "likely",
		[CAPS_CERTAIN] = "certain",
	};

	return names[certainty];
}

void caps_say_attach(const struct caps *caps, char *out, size_t size)
{
	static const char *const texts[] = {
		[NICDB_ATTACH_UNKNOWN] = ("it is not known what it does to "
					  "the traffic of the moment"),
		[NICDB_ATTACH_QUIET] = "no packet is lost",
		[NICDB_ATTACH_RINGS] = "packets are lost for a moment",
		[NICDB_ATTACH_RESET] = "the link goes down for a moment",
	};

	snprintf(out, size, "%s%s%s", texts[caps->attach],
		 caps->attach_text ? ": " : "",
		 caps->attach_text ? caps->attach_text : "");
}

struct caps_blocker *caps_add_blocker(struct caps *caps, enum reason reason,
				      enum caps_part part, unsigned int tiers)
{
	struct caps_blocker *blocker;

	if (caps->blocker_count == CAPS_BLOCKERS_MAX)
		return NULL;
	blocker = &caps->blockers[caps->blocker_count++];
	*blocker = (struct caps_blocker){
		.reason = reason,
		.part = part,
		.tiers = tiers,
	};
	return blocker;
}

void caps_warn(struct caps *caps, const char *format, ...)
{
	va_list args;

	if (caps->warning_count == CAPS_WARNINGS_MAX)
		return;
	va_start(args, format);
	vsnprintf(caps->warnings[caps->warning_count++],
		  sizeof(caps->warnings[0]), format, args);
	va_end(args);
}

const struct caps_blocker *caps_objection(const struct caps *caps,
					  enum tier tier)
{
	if (!caps || caps->tiers[tier].able == CAPS_YES ||
	    caps->tiers[tier].able == CAPS_UNKNOWN)
		return NULL;
	for (size_t i = 0; i < caps->blocker_count; i++) {
		const struct caps_blocker *blocker = &caps->blockers[i];

		if (blocker->part == CAPS_OF_DEVICE &&
		    blocker->tiers & 1u << tier)
			return blocker;
	}
	return NULL;
}

/* As the ladder will see it. */
static void look_at_place(struct caps *caps)
{
	const struct nic *nic = &caps->nic;
	struct link upper = { 0 };

	if (nic->upper_count) {
		snprintf(upper.name, sizeof(upper.name), "%s",
			 nic->uppers[0].name);
		snprintf(upper.kind, sizeof(upper.kind), "%s",
			 nic->uppers[0].kind);
	}
	struct objection objection =
		link_fit(&nic->link, nic->upper_count ? &upper : NULL, false);
	if (objection.reason == REASON_NONE)
		return;
	struct caps_blocker *blocker =
		caps_add_blocker(caps, objection.reason, CAPS_OF_PLACE,
				 CAPS_ALL_TIERS);
	snprintf(blocker->text, sizeof(blocker->text), "%s", objection.text);
	if (objection.reason == REASON_HAS_MASTER) {
		caps_fill(caps, blocker, NULL, "ip link set dev {if} nomaster",
			  NULL);
		snprintf(blocker->undo, sizeof(blocker->undo), "%.*s master %s",
			 (int)(strlen(blocker->fix) - strlen(" nomaster")),
			 blocker->fix, nic->link.master_name);
		blocker->costs = "it is no port any more; attaching to the "
				 "master instead costs nothing";
	}
	if (objection.reason == REASON_HAS_UPPER)
		snprintf(blocker->remedy, sizeof(blocker->remedy), "%s",
			 reason_remedy(REASON_HAS_UPPER));
}

/* A program that wirewall did not load; its own are known by their name. */
static void look_at_programs(struct caps *caps)
{
	static const char *const modes[] = {
		[XDP_MODE_NATIVE] = "xdpdrv",
		[XDP_MODE_GENERIC] = "xdpgeneric",
		[XDP_MODE_HW] = "xdpoffload",
	};

	for (size_t i = 0; i < caps->nic.program_count; i++) {
		const struct nic_program *program = &caps->nic.programs[i];
		char detach[64];

		if (!strcmp(program->name, "wirewall"))
			continue;
		struct caps_blocker *blocker =
			caps_add_blocker(caps, REASON_FOREIGN_PROGRAM,
					 CAPS_OF_PROGRAMS, CAPS_ALL_TIERS);
		if (!blocker)
			return;
		snprintf(blocker->text, sizeof(blocker->text),
			 "\"%s\", id %u, %s%s", program->name, program->id,
			 modes[program->mode] + 3,
			 program->owner == NIC_OWNER_LINK
				 ? ", held by a bpf_link"
				 : "");
		if (program->owner == NIC_OWNER_LINK)
			snprintf(detach, sizeof(detach),
				 "bpftool link detach id %u", program->link_id);
		else
			snprintf(detach, sizeof(detach),
				 "ip link set dev {if} %s off",
				 modes[program->mode]);
		caps_fill(caps, blocker, NULL, detach, NULL);
		blocker->costs = "what that program does";
	}
}

/* The device's verdict, unless place or programs are in the way. */
static void conclude(struct caps *caps, enum tier tier)
{
	struct caps_tier *out = &caps->tiers[tier];

	out->verdict = out->able;
	for (size_t i = 0; i < caps->blocker_count; i++) {
		const struct caps_blocker *blocker = &caps->blockers[i];
		bool is_fixable = blocker->fix[0] || blocker->remedy[0];

		if (blocker->part == CAPS_OF_DEVICE ||
		    !(blocker->tiers & 1u << tier) || out->verdict == CAPS_NO)
			continue;
		out->verdict = is_fixable ? CAPS_AFTER_FIX : CAPS_NO;
	}
}

/* What apply would reach without a wish; a card needs one (--static). */
static enum tier recommend(const struct caps *caps)
{
	for (int tier = TIER_NATIVE; tier > TIER_NONE; tier--) {
		enum caps_verdict verdict = caps->tiers[tier].verdict;

		if (tier == TIER_GENERIC && caps->generic_costs[0])
			continue;
		if (verdict == CAPS_YES || verdict == CAPS_UNKNOWN)
			return tier;
	}
	return TIER_NONE;
}

int caps_make(const struct nic *nic, const struct nicdb *db,
	      const struct kernel_features *kernel, struct caps **out,
	      struct err *err)
{
	OWN(caps) struct caps *caps = calloc(1, sizeof(*caps));

	if (!caps)
		return err_no_memory(err);
	caps->nic = *nic;
	caps_find_driver(caps, db);
	caps_judge_hw(caps, kernel);
	caps_judge_native(caps, db, kernel);
	caps_judge_generic(caps);
	/* The ports belong to the caller. */
	caps->nic.ports = NULL;
	caps->nic.port_count = 0;
	look_at_place(caps);
	look_at_programs(caps);
	caps->tiers[TIER_NONE] = (struct caps_tier){
		.able = CAPS_YES,
		.certainty = CAPS_CERTAIN,
	};
	for (int tier = TIER_NONE; tier < TIER_COUNT; tier++)
		conclude(caps, tier);
	caps->recommended = recommend(caps);
	caps_list_bits(caps, kernel);
	caps_list_filters(caps, kernel);
	caps_list_warnings(caps, kernel);
	*out = take(caps);
	return 0;
}

void caps_free(struct caps *caps)
{
	free(caps);
}
