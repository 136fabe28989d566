// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "rules/ipset.h"

static const unsigned int dimensions[] = {
#define IPSET(id, name, dimensions, is_modelled) [IPSET_##id] = dimensions,
#include "rules/ipset.def"
#undef IPSET
	[IPSET_UNKNOWN] = 0,
};

void ipsets_free(struct ipsets *sets)
{
	if (sets)
		arena_free(sets->arena);
}

const struct ipset *ipsets_find(const struct ipsets *sets, const char *name)
{
	for (size_t i = 0; i < sets->count; i++) {
		if (!strcmp(sets->items[i]->name, name))
			return sets->items[i];
	}
	return NULL;
}

const char *ipset_type_name(unsigned int type)
{
	static const char *const names[] = {
#define IPSET(id, name, dimensions, is_modelled) [IPSET_##id] = name,
#include "rules/ipset.def"
#undef IPSET
	};

	return type < ARRAY_SIZE(names) ? names[type] : NULL;
}

unsigned int ipset_dimensions(const struct ipset *set)
{
	return dimensions[set->type];
}

bool ipset_has_ports(const struct ipset *set)
{
	if (set->type == IPSET_BITMAP_PORT || ipset_dimensions(set) > 1)
		return true;
	for (size_t i = 0; i < set->member_count; i++) {
		if (ipset_has_ports(set->members[i]))
			return true;
	}
	return false;
}

/* ip_set_test() in ip_set_core.c: without enough dimensions, or for a packet
 * of the other family, nothing is in it. */
static bool is_askable(const struct ipset *set, const struct set_dims *dims,
		       enum family family)
{
	return dims->count >= ipset_dimensions(set) &&
	       (!set->family || set->family == family);
}

size_t ipset_leaves(const struct ipset *set, const struct set_dims *dims,
		    enum family family, const struct ipset *leaves[],
		    size_t max)
{
	size_t count = 0;

	if (set->type != IPSET_LIST_SET) {
		count = is_askable(set, dims, family);
		if (count && max)
			leaves[0] = set;
		return count;
	}
	for (size_t i = 0; i < set->member_count; i++) {
		if (!is_askable(set->members[i], dims, family))
			continue;
		if (count < max)
			leaves[count] = set->members[i];
		count++;
	}
	return count;
}

static int compare(u128 a, u128 b)
{
	return a < b ? -1 : a > b;
}

int ipset_tuple_compare(const void *a, const void *b)
{
	const struct ipset_tuple *x = a, *y = b;
	int order = compare(x->bits, y->bits);

	if (!order)
		order = compare(x->addr, y->addr);
	if (!order)
		order = compare(x->addr2, y->addr2);
	if (!order)
		order = compare(x->port, y->port);
	return order ? order : compare(x->proto, y->proto);
}

/* The dimension @index of --match-set: 0 the source, 1 the destination. */
static unsigned int side(const struct set_dims *dims, unsigned int index)
{
	return dims->sources >> index & 1 ? 0 : 1;
}

/* ip_set_get_ip_port(): a bitmap of ports knows TCP and UDP. */
static bool has_port(const struct ipset *set, const struct set_dims *dims,
		     const struct ipset_probe *probe)
{
	return (probe->proto == IPPROTO_TCP || probe->proto == IPPROTO_UDP) &&
	       set_has(set->values, probe->ports[side(dims, 0)]);
}

/*
 * mtype_test_cidrs() in ip_set_hash_gen.h: of the networks that have the
 * address the most specific one decides, also with `nomatch`.
 */
static bool has_tuple(const struct ipset *set, const struct set_dims *dims,
		      const struct ipset_probe *probe)
{
	unsigned int width = set->family == FAMILY_IPV6 ? 128 : 32;
	struct ipset_tuple wanted = {
		.port = probe->ports[side(dims, 1)],
		.proto = probe->proto,
	};

	if (set->type == IPSET_HASH_IP_PORT_IP)
		wanted.addr2 = probe->addrs[side(dims, 2)];
	for (size_t i = 0; i < set->length_count; i++) {
		const struct ipset_tuple *found;

		wanted.bits = set->lengths[i];
		wanted.addr = probe->addrs[side(dims, 0)] &
			      ~num_max(width - wanted.bits);
		found = bsearch(&wanted, set->tuples, set->tuple_count,
				sizeof(wanted), ipset_tuple_compare);
		if (found)
			return !found->is_nomatch;
	}
	return false;
}

/* list_set_ktest(): the first member that has it; others are not asked. */
static bool has_member(const struct ipset *set, const struct set_dims *dims,
		       const struct ipset_probe *probe)
{
	for (size_t i = 0; i < set->member_count; i++) {
		if (ipset_has(set->members[i], dims, probe))
			return true;
	}
	return false;
}

bool ipset_has(const struct ipset *set, const struct set_dims *dims,
	       const struct ipset_probe *probe)
{
	if (!is_askable(set, dims, probe->family))
		return false;
	if (probe->is_blind && set->type != IPSET_LIST_SET &&
	    ipset_has_ports(set))
		return false;
	switch (set->type) {
	case IPSET_HASH_IP:
	case IPSET_HASH_NET:
	case IPSET_BITMAP_IP:
		return set_has(set->values, probe->addrs[side(dims, 0)]);
	case IPSET_BITMAP_PORT:
		return has_port(set, dims, probe);
	case IPSET_LIST_SET:
		return has_member(set, dims, probe);
	default:
		return has_tuple(set, dims, probe);
	}
}
