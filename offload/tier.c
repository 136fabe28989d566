// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "offload/plan.h"

static const char *const tier_names[TIER_COUNT] = {
	[TIER_NONE] = "none",
	[TIER_GENERIC] = "generic",
	[TIER_NATIVE] = "native",
	[TIER_HW] = "hw",
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
	return tier_names[tier];
}

int tier_find(const char *name)
{
	for (int tier = 0; tier < TIER_COUNT; tier++) {
		if (!strcmp(tier_names[tier], name))
			return tier;
	}
	return -EINVAL;
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
