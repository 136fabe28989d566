// SPDX-License-Identifier: GPL-2.0-only
#include <net/if_arp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "offload/host.h"
#include "offload/ladder.h"

/* What rules out every tier, or REASON_NONE. */
struct objection {
	enum reason reason;
	char text[256];
};

static struct objection object(enum reason reason, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static struct objection object(enum reason reason, const char *format, ...)
{
	struct objection objection = { .reason = reason };
	va_list args;

	va_start(args, format);
	vsnprintf(objection.text, sizeof(objection.text), format, args);
	va_end(args);
	return objection;
}

/* The interface itself; nothing is known of one that is elsewhere. */
static struct objection look_at_link(const struct plan_input *input)
{
	const struct link *link = input->link, *upper = input->upper;

	if (!link)
		return object(REASON_NONE, "%s", "");
	/* 1. The loopback interface carries what the host sends itself. */
	if (link->is_loopback)
		return object(REASON_LOOPBACK, "%s", link->name);
	/* 2. The program reads Ethernet headers. */
	if (link->type != ARPHRD_ETHER)
		return object(REASON_NOT_ETHERNET, "link type %u", link->type);
	/* 3. A port's packets belong to its master (DESIGN.md 2.2, 7). */
	if (link->master)
		return object(REASON_HAS_MASTER, "%s is a port of %s (%s)",
			      link->name, link->master_name, link->slave_kind);
	/* 4. Packets of a VLAN or macvlan on it meet other rules than those
	 * of this interface (2.2, 6 and 7). */
	if (upper && !input->wishes.accept_bypass)
		return object(REASON_HAS_UPPER, "%s (%s) stands on %s",
			      upper->name, upper->kind, link->name);
	return object(REASON_NONE, "%s", "");
}

/* The rest of the host, as far as no packet tells it. */
static struct objection look_at_host(const struct plan_input *input)
{
	const struct host_facts *facts = input->facts;
	const struct wishes *wishes = &input->wishes;

	/* 5. Other programs' hooks may act first (DESIGN.md 2.2, 8). */
	if (facts && facts->has_foreign_hooks.value && !wishes->accept_bypass)
		return object(facts->has_foreign_hooks.is_known
				      ? REASON_FOREIGN_HOOKS
				      : REASON_UNKNOWN_HOOKS,
			      "%s", facts->has_foreign_hooks.text);
	/* Tables of iptables that nobody told us of are hooks, too. */
	const char *unseen = host_unseen_table(input);
	if (unseen && !wishes->accept_bypass)
		return object(REASON_UNSEEN_TABLE, "the table %s", unseen);
	/* 6. Who else takes packets off the interface is asked per packet;
	 * where that cannot be, the operator must vouch for it. */
	if (input->kernel && !input->kernel->has_device && !wishes->is_static)
		return object(REASON_NO_DEVICE_CHECK, "%s", "");
	return object(REASON_NONE, "%s", "");
}

static void refuse(struct plan_tier *tier, const struct objection *objection)
{
	tier->is_candidate = false;
	tier->reason = objection->reason;
	memcpy(tier->text, objection->text, sizeof(tier->text));
}

void ladder_decide(const struct plan_input *input, bool can_drop,
		   struct plan_tier *tiers)
{
	struct objection objection = look_at_link(input);

	if (objection.reason == REASON_NONE)
		objection = look_at_host(input);
	/* 7. A program that passes everything only costs. */
	if (objection.reason == REASON_NONE && !can_drop)
		objection = object(REASON_NOTHING_TO_DROP, "%s", "");

	for (int tier = 0; tier < TIER_COUNT; tier++) {
		struct objection own = objection;

		tiers[tier] = (struct plan_tier){ .is_candidate = true };
		if (tier == TIER_NONE)
			continue;
		/* 8. Hardware needs a backend of its own. */
		if (own.reason == REASON_NONE && tier == TIER_HW)
			own = object(REASON_NO_HW_BACKEND, "%s", "");
		/* 9. The operator has the last word. */
		if (own.reason == REASON_NONE && tier > (int)input->wishes.max)
			own = object(REASON_ABOVE_MAX, "--max %s",
				     tier_name(input->wishes.max));
		if (own.reason != REASON_NONE)
			refuse(&tiers[tier], &own);
	}
}
