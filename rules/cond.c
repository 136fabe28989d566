// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "rules/cond.h"

static const struct {
	const char *name;
	unsigned int bits;
} fields[] = {
#define X(id, name, bits) [FIELD_##id] = { name, bits },
	FIELDS(X)
#undef X
};

const char *field_name(enum field field)
{
	return fields[field].name;
}

u128 field_max(enum field field, enum family family)
{
	if (family == FAMILY_IPV4 &&
	    (field == FIELD_SADDR || field == FIELD_DADDR))
		return num_max(32);
	return num_max(fields[field].bits);
}

bool cond_has(const struct cond *cond, const struct header *header)
{
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (cond->fields[f] &&
		    !set_has(cond->fields[f], header->fields[f]))
			return false;
	}
	return true;
}

enum cond_relation cond_relate(const struct cond *a, const struct cond *b)
{
	enum cond_relation relation = COND_COVERED;

	for (int f = 0; f < FIELD_COUNT; f++) {
		const struct set *x = a->fields[f], *y = b->fields[f];

		if (!y || x == y)
			continue;
		if (set_is_empty(y) || (x && !set_meets(x, y)))
			return COND_DISJOINT;
		if (!x || !set_is_within(x, y))
			relation = COND_PARTIAL;
	}
	return relation;
}

int cond_and(struct arena *arena, const struct cond *a, const struct cond *b,
	     struct cond *out)
{
	enum cond_relation relation = cond_relate(a, b);

	if (relation == COND_DISJOINT)
		return relation;
	*out = *a;
	if (relation == COND_COVERED)
		return relation;
	for (int f = 0; f < FIELD_COUNT; f++) {
		const struct set *x = a->fields[f], *y = b->fields[f];

		if (!y || x == y)
			continue;
		out->fields[f] = x ? set_and(arena, x, y) : y;
		if (!out->fields[f])
			return -ENOMEM;
	}
	return relation;
}
