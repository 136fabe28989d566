// SPDX-License-Identifier: GPL-2.0-only
#include "report/assumed.h"

bool assumed_is(const struct plan_fact *fact)
{
	return fact->source == FACT_PINNED;
}

void assumed_add(struct buf *buf, const struct plan *plan)
{
	const char *before = "vouched for, apply again when one of these "
			     "changes: ";

	for (size_t i = 0; i < plan->fact_count; i++) {
		if (!assumed_is(&plan->facts[i]))
			continue;
		buf_add(buf, before);
		buf_add(buf, plan->facts[i].name);
		before = ", ";
	}
}
