// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "offload/plan.h"

static const struct {
	const char *name;
	bool has_backend;
} tiers[TIER_COUNT] = {
	[TIER_NONE] = { "none", true },
	[TIER_GENERIC] = { "generic", true },
	[TIER_NATIVE] = { "native", true },
	[TIER_HW] = { "hw", false },
};

static const struct {
	const char *name, *sentence, *remedy;
} reasons[] = {
#define REASON(id, name, sentence, remedy)                                     \
	[REASON_##id] = { name, sentence, remedy },
#include "offload/reasons.def"
#undef REASON
};

const char *tier_name(enum tier tier)
{
	return tiers[tier].name;
}

int tier_find(const char *name)
{
	for (int tier = 0; tier < TIER_COUNT; tier++) {
		if (!strcmp(tiers[tier].name, name))
			return tier;
	}
	return -EINVAL;
}

bool tier_has_backend(enum tier tier)
{
	return tiers[tier].has_backend;
}

const char *reason_name(enum reason reason)
{
	return reasons[reason].name;
}

const char *reason_sentence(enum reason reason)
{
	return reasons[reason].sentence;
}

const char *reason_remedy(enum reason reason)
{
	return reasons[reason].remedy;
}

int reason_find(const char *name)
{
	for (int reason = 0; reason < REASON_COUNT; reason++) {
		if (!strcmp(reasons[reason].name, name))
			return reason;
	}
	return -EINVAL;
}
