// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "base/num.h"
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

int reason_find(const char *name)
{
	for (int reason = 0; reason < REASON_COUNT; reason++) {
		if (!strcmp(reasons[reason].name, name))
			return reason;
	}
	return -EINVAL;
}

/* What drivers answer when they cannot run a program, as opposed to "not you"
 * or "not any more". Read in the sources of 6.1 and 6.12. */
static const struct {
	int errnum;
	enum reason reason;
} refusals[] = {
	{ EOPNOTSUPP, REASON_REFUSED }, /* no XDP, or a feature in its way */
	{ EINVAL, REASON_REFUSED },
	{ ERANGE, REASON_MTU_TOO_LARGE },
	{ ENOSPC, REASON_QUEUES },
	{ ENOMEM, REASON_REFUSED }, /* memory, or queues */
	{ EBUSY, REASON_OCCUPIED },
	{ EEXIST, REASON_OCCUPIED }, /* an upper device has a program */
	{ ENOTCONN, REASON_PEER_GONE },
	{ EIO, REASON_NO_ANSWER },
	{ ETIMEDOUT, REASON_NO_ANSWER }, /* firmware */
};

enum reason reason_of_refusal(int errnum)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		if (refusals[i].errnum == errnum)
			return refusals[i].reason;
	}
	return REASON_NONE;
}
