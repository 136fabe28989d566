// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `ipset save` printed, or somebody wrote: whatever is read can be asked
 * about packets, and has each address that it lists.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "rules/ipset_read.h"

#define LEAVES_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has_source(const struct ipset *set, u128 address)
{
	static const struct set_dims dims = { .count = 1, .sources = 1 };
	const struct ipset_probe probe = {
		.family = set->family,
		.addrs = { address, 0 },
	};

	return ipset_has(set, &dims, &probe);
}

/* The ends of its intervals are in it, what is beside them is not. */
static void ask_addresses(const struct ipset *set)
{
	u128 max = set->family == FAMILY_IPV6 ? ~(u128)0 : UINT32_MAX;

	for (size_t i = 0; i < set->values->count; i++) {
		const struct interval *part = &set->values->intervals[i];

		assert(part->min <= part->max && part->max <= max);
		assert(has_source(set, part->min));
		assert(has_source(set, part->max));
		assert(part->min == 0 || !has_source(set, part->min - 1));
		assert(part->max == max || !has_source(set, part->max + 1));
	}
}

static void ask_ports(const struct ipset *set)
{
	const struct set_dims dims = {
		.count = ipset_dimensions(set),
		.sources = 1,
	};
	struct ipset_probe probe = {
		.family = set->family,
		.proto = 6,
		.ports = { 1, 80 },
	};

	for (size_t i = 0; i < set->tuple_count; i++) {
		probe.addrs[0] = set->tuples[i].addr;
		ipset_has(set, &dims, &probe);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct set_dims dims = { .count = 1, .sources = 1 };
	const struct ipset *leaves[LEAVES_MAX];
	OWN(ipsets) struct ipsets *sets = NULL;
	struct err err;

	if (ipset_read((const char *)data, size, "fuzz", &sets, &err))
		return 0;
	for (size_t i = 0; i < sets->count; i++) {
		const struct ipset *set = sets->items[i];

		assert(ipsets_find(sets, set->name));
		assert(ipset_leaves(set, &dims, FAMILY_IPV4, leaves,
				    LEAVES_MAX) <= sets->count);
		if (set->unknown)
			continue;
		if (set->values && set->family && !ipset_has_ports(set))
			ask_addresses(set);
		if (set->tuples && set->family)
			ask_ports(set);
	}
	return 0;
}
