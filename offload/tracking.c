// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <string.h>

#include "offload/host.h"
#include "offload/tracking.h"

/* Which zones are asked for; otherwise a sentence why they cannot be. */
static const char *decide_zones(const struct plan_input *input,
				struct zones zones[2])
{
	static const struct zones usual = {
		.count = 1, .items = { { .id = 0, .dir = WIRE_ZONE_BOTH } }
	};
	const struct policy *policy = &input->policy;
	const char *why = NULL;

	if (zones_find(policy->ipv4, input->iface, &zones[0], &why) ||
	    zones_find(policy->ipv6, input->iface, &zones[1], &why))
		return why;
	if (!zones[0].count && !zones[1].count)
		return NULL;
	for (int i = 0; i < 2; i++)
		if (!zones[i].count)
			zones[i] = usual;
	return input->kernel && !input->kernel->has_zones
		       ? "rules use conntrack zones, which this kernel does "
			 "not let programs ask about (6.10)"
		       : NULL;
}

void tracking_decide(const struct plan_input *input, struct tracking *out)
{
	*out = (struct tracking){
		.protos = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP,
			    IPPROTO_ICMPV6 },
		.proto_count = 4,
	};
	if (input->kernel && !input->kernel->has_conntrack)
		out->why_not = "this kernel does not let programs ask "
			       "(bpf_xdp_ct_lookup, 5.18, with nf_conntrack "
			       "loaded)";
	else if (host_has_unseen_raw(input))
		out->why_not = "the host has a table raw that the rules given "
			       "do not have: it may use conntrack zones, which "
			       "programs cannot ask about";
	else
		out->why_not = decide_zones(input, out->zones);
	out->has_lookup = !out->why_not;
	if (!out->has_lookup) {
		out->sets[out->set_count++] = CT_ALL;
		return;
	}
	out->may_expect = host_may_expect(input, &out->expect_why);
	out->sets[out->set_count++] =
		WIRE_ALWAYS | WIRE_NEW | (out->may_expect ? WIRE_RELATED : 0);
	if (input->wishes.strict_conntrack)
		return;
	out->sets[out->set_count++] = WIRE_ALWAYS | WIRE_ESTABLISHED;
	out->sets[out->set_count++] = WIRE_ALWAYS | WIRE_RELATED;
}

/* Errors, and what answers: bpf/state.bpf.h has the types. */
static unsigned int icmp_states(unsigned int type, unsigned int fresh)
{
	switch (type) {
	case 3:
	case 4:
	case 5:
	case 11:
	case 12:
		return WIRE_ALWAYS | CT_RELATED;
	case 8:
	case 13:
	case 15:
	case 17:
		return fresh | CT_ESTABLISHED;
	case 0:
	case 14:
	case 16:
	case 18:
		return WIRE_ALWAYS | CT_ESTABLISHED;
	default:
		return WIRE_ALWAYS;
	}
}

static unsigned int icmpv6_states(unsigned int type, unsigned int fresh)
{
	switch (type) {
	case 128:
	case 139:
		return fresh | CT_ESTABLISHED;
	case 129:
	case 140:
		return WIRE_ALWAYS | CT_ESTABLISHED;
	default:
		return type < 128 || type == 137 ? WIRE_ALWAYS | CT_RELATED
						 : WIRE_ALWAYS;
	}
}

unsigned int tracking_fresh_states(const struct wire_settings *settings)
{
	return WIRE_ALWAYS | CT_NEW | (settings->may_expect ? CT_RELATED : 0);
}

unsigned int tracking_icmp_states(const struct wire_settings *settings,
				  enum wire_class class, unsigned int type)
{
	unsigned int fresh = tracking_fresh_states(settings);

	return class == WIRE_IPV6 ? icmpv6_states(type, fresh)
				  : icmp_states(type, fresh);
}

void tracking_for_card(const struct wire_settings *settings,
		       struct tracking *out)
{
	*out = (struct tracking){
		.is_card = true,
		.may_expect = settings->may_expect,
		/* What no ICMP packet, and no SYN, can do without. */
		.sets = { WIRE_ALWAYS },
		.set_count = 1,
		.protos = { IPPROTO_ICMP, IPPROTO_ICMPV6,
			    settings->syn_is_new ? IPPROTO_TCP : IPPROTO_ICMP },
		.proto_count = 3,
	};
}

/* Invalid and untracked packets are looked up as those of no connection. */
static unsigned int connection_states(const struct wire_settings *settings,
				      const struct header *header,
				      enum ct_state state)
{
	bool is_tcp = header->fields[FIELD_PROTO] == IPPROTO_TCP;
	unsigned int flags = header->fields[FIELD_TCP_FLAGS];
	/* A reset may stand in one batch with the SYN before it. */
	unsigned int batch = is_tcp && flags & 0x04 ? CT_ESTABLISHED : 0;
	/* A SYN may end an old connection and open a new one. */
	bool may_open = is_tcp && (flags & 0x12) == 0x02;

	if (state != CT_ESTABLISHED && state != CT_RELATED)
		return tracking_fresh_states(settings) | batch;
	return WIRE_ALWAYS | state | batch |
	       (may_open ? tracking_fresh_states(settings) : 0);
}

/* The zones in which the connection is not do not know it. */
static unsigned int other_states(const struct wire_settings *settings,
				 enum wire_class class)
{
	return settings->zone_count[class == WIRE_IPV6] > 1
		       ? tracking_fresh_states(settings)
		       : 0;
}

unsigned int tracking_states(const struct wire_settings *settings,
			     enum wire_class class, const struct header *header,
			     enum ct_state state)
{
	unsigned int type = header->fields[FIELD_ICMP] >> 8;

	if (!settings->has_lookup || class == WIRE_FRAGMENT)
		return CT_ALL;
	switch ((unsigned int)header->fields[FIELD_PROTO]) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		return connection_states(settings, header, state) |
		       other_states(settings, class);
	case IPPROTO_ICMP:
		return class == WIRE_IPV4
			       ? tracking_icmp_states(settings, class, type)
			       : CT_ALL;
	case IPPROTO_ICMPV6:
		return class == WIRE_IPV6
			       ? tracking_icmp_states(settings, class, type)
			       : CT_ALL;
	default:
		return CT_ALL;
	}
}

/* Requests and replies; errors and announcements leave entries as they are. */
static bool is_icmp_tracked(enum wire_class class, unsigned int type)
{
	if (class == WIRE_IPV6)
		return type == 128 || type == 129 || type == 139 || type == 140;
	return type == 0 || type == 8 || (type >= 13 && type <= 18);
}

bool tracking_may_know(const struct wire_settings *settings,
		       enum wire_class class, const struct header *header,
		       enum ct_state state)
{
	unsigned int proto = header->fields[FIELD_PROTO];

	if (class == WIRE_FRAGMENT)
		return true;
	if (proto == (class == WIRE_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		return is_icmp_tracked(class, header->fields[FIELD_ICMP] >> 8);
	if (!settings->has_lookup ||
	    (proto != IPPROTO_TCP && proto != IPPROTO_UDP))
		return true;
	return state == CT_ESTABLISHED || state == CT_RELATED;
}
