// SPDX-License-Identifier: GPL-2.0-only
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>

#include "offload/known.h"
#include "tests/lib/on_card.h"
#include "tests/lib/topology.h"

static void add_locals(enum family family, struct locals_family *out)
{
	for (size_t i = 0; i < topology_addr_count(family); i++) {
		u128 addr = topology_addr(family, i);

		if (topology_is_local(family, addr) && out->count < LOCALS_MAX)
			out->ranges[out->count++] =
				(struct locals_range){ addr, addr };
	}
}

void on_card_init(struct on_card *out)
{
	*out = (struct on_card){
		.link = { .ifindex = 1, .type = ARPHRD_ETHER },
		.kernel = { .has_btf = true,
			    .has_device = true,
			    .has_conntrack = true },
	};
	snprintf(out->link.name, sizeof(out->link.name), TOPOLOGY_IN);
	memcpy(out->link.mac, topology_mac, sizeof(out->link.mac));
	for (int tier = 0; tier < TIER_COUNT; tier++)
		out->caps.tiers[tier].able = CAPS_YES;
	add_locals(FAMILY_IPV4, &out->locals.families[0]);
	add_locals(FAMILY_IPV6, &out->locals.families[1]);
	out->input = (struct plan_input){
		.iface = TOPOLOGY_IN,
		.link = &out->link,
		.kernel = &out->kernel,
		.caps = &out->caps,
		.locals = &out->locals,
		.wishes = { .max = TIER_HW, .pinned = known_pinnable() },
	};
}
