// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>

#include "offload/draw_set.h"

/* A large set is not looked at element by element: one is picked. */
static u128 pick_value(struct random *rnd, const struct set *values)
{
	const struct interval *part =
		&values->intervals[random_below(rnd, values->count)];

	return part->min + random_wide(rnd) % (part->max - part->min + 1);
}

static bool is_source(const struct set_dims *dims, unsigned int dimension)
{
	return dims->sources >> dimension & 1;
}

static void put_address(const struct set_dims *dims, unsigned int dimension,
			u128 addr, struct packet_draft *out)
{
	if (is_source(dims, dimension))
		out->saddr = addr;
	else
		out->daddr = addr;
}

static void put_port(const struct set_dims *dims, unsigned int dimension,
		     uint16_t port, struct packet_draft *out)
{
	if (packet_draft_is_icmp(out)) {
		out->icmp_type = port >> 8;
		out->icmp_code = port & 0xff;
	} else if (is_source(dims, dimension)) {
		out->sport = port;
	} else {
		out->dport = port;
	}
}

static void put_tuple(struct random *rnd, const struct ipset *set,
		      const struct set_dims *dims, struct packet_draft *out)
{
	const struct ipset_tuple *tuple =
		&set->tuples[random_below(rnd, set->tuple_count)];
	unsigned int width = set->family == FAMILY_IPV6 ? 128 : 32;
	u128 host = num_max(width - tuple->bits);

	if (set->type == IPSET_HASH_IP_PORT_IP)
		put_address(dims, 2, tuple->addr2, out);
	put_address(dims, 0, tuple->addr | (random_wide(rnd) & host), out);
	out->proto = tuple->proto;
	put_port(dims, 1, tuple->port, out);
}

void draw_set(struct random *rnd, const struct bound_set *bound,
	      struct packet_draft *out)
{
	const struct ipset *leaves[SET_LEAVES_MAX];
	size_t count = ipset_leaves(bound->set, &bound->dims, out->family,
				    leaves, SET_LEAVES_MAX);
	const struct ipset *set =
		count ? leaves[random_below(rnd, count)] : NULL;

	if (!set)
		return;
	if (set->tuple_count)
		put_tuple(rnd, set, &bound->dims, out);
	if (set_is_empty(set->values))
		return;
	if (set->type != IPSET_BITMAP_PORT) {
		put_address(&bound->dims, 0, pick_value(rnd, set->values), out);
		return;
	}
	if (out->proto != IPPROTO_UDP)
		out->proto = IPPROTO_TCP;
	put_port(&bound->dims, 0, pick_value(rnd, set->values), out);
}
