// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "rules/sight.h"

int sight_narrow(struct arena *arena, struct box *box, enum field field,
		 const struct set *set)
{
	struct cond one = { 0 };
	int relation;

	if (!set)
		return -ENOMEM;
	if (box->is_empty)
		return 0;
	one.fields[field] = set;
	relation = cond_and(arena, &box->cond, &one, &box->cond);
	if (relation < 0)
		return relation;
	if (relation == COND_DISJOINT)
		box->is_empty = true;
	return 0;
}

int sight_exact(const struct viewpoint *view, struct sight *sight,
		enum field field, const struct set *set, bool is_negated)
{
	if (set && is_negated)
		set = set_not(view->arena, set, field_max(field, view->family));

	int error = sight_narrow(view->arena, &sight->must, field, set);
	return error ? error
		     : sight_narrow(view->arena, &sight->may, field, set);
}

int sight_unknown(struct sight *sight)
{
	sight->must.is_empty = true;
	return 0;
}

int sight_constant(struct sight *sight, bool value)
{
	if (!value)
		sight->must.is_empty = sight->may.is_empty = true;
	return 0;
}
