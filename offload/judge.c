// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_packet.h>
#include <netinet/in.h>

#include "offload/card.h"
#include "offload/frame.h"
#include "offload/judge.h"
#include "rules/bind.h"
#include "offload/tracking.h"

#define IPV4_BROADCAST 0xffffffff
#define IPV4_GROUPS    0xe /* 224.0.0.0/4 */
#define IPV6_GROUPS    0xff
#define IPV6_MTU_MIN   1280

static const struct {
	const char *name, *sentence;
} rows[] = {
#define JUDGE(id, name, sentence) [JUDGE_##id] = { name, sentence },
#include "offload/judge.def"
#undef JUDGE
};

const char *judge_name(const struct judgement *judgement)
{
	if (judgement->why == JUDGE_REGION)
		return why_name(judgement->region->why[judgement->stage]);
	return rows[judgement->why].name;
}

const char *judge_sentence(const struct judgement *judgement)
{
	if (judgement->why == JUDGE_REGION)
		return why_sentence(judgement->region->why[judgement->stage]);
	return rows[judgement->why].sentence;
}

/* Does the host drop at this stage, whichever of @states it is? */
static bool drops_at(const struct region *region, enum stage stage,
		     unsigned int states)
{
	return region->rules[stage] != NO_RULE &&
	       !(states & ~worlds_states(region->drop | region->logged, stage));
}

static void pass(struct judgement *out, enum judge_why why)
{
	out->is_drop = false;
	out->why = why;
}

static void drop(const struct flat *flat, enum stage stage, unsigned int states,
		 enum judge_why why, struct judgement *out)
{
	uint32_t rule = out->region->rules[stage];

	out->is_drop = true;
	out->why = states & ~worlds_states(out->region->drop, stage)
			   ? JUDGE_SAMPLED
			   : why;
	out->stage = stage;
	out->rule = rule == NO_RULE ? NULL : &flat->rules[rule];
}

/* The region's own reason at this stage, and the rule behind it. */
static void pass_region(const struct flat *flat, enum stage stage,
			struct judgement *out)
{
	uint32_t blocker = out->region->blockers[stage];

	/* A drop for some packets of the region, but not for this one. */
	pass(out,
	     out->region->rules[stage] == NO_RULE ? JUDGE_REGION : JUDGE_STATE);
	out->stage = stage;
	out->rule = blocker == NO_RULE ? NULL : &flat->rules[blocker];
}

static bool is_discovery(const struct header *header)
{
	unsigned int type = header->fields[FIELD_ICMP] >> 8;

	return header->fields[FIELD_PROTO] == IPPROTO_ICMPV6 && type >= 133 &&
	       type <= 137;
}

static bool is_link_local(u128 address)
{
	return address >> 118 == 0xfe80 >> 6;
}

/* May the host answer the packet, or drop it otherwise, but not forward it? */
static bool is_answered(const struct flat *flat, const struct header *header)
{
	if (header->fields[FIELD_TTL] <= 1)
		return true;
	return flat->family == FAMILY_IPV6 &&
	       (is_discovery(header) ||
		is_link_local(header->fields[FIELD_SADDR]) ||
		is_link_local(header->fields[FIELD_DADDR]));
}

static bool is_group(const struct flat *flat, u128 daddr)
{
	return flat->family == FAMILY_IPV6 ? daddr >> 120 == IPV6_GROUPS
					   : daddr >> 28 == IPV4_GROUPS;
}

/*
 * A packet to a group may be forwarded as others are: where IPv6 has lost its
 * route for groups.
 */
static bool is_lost_group(const struct flat *flat, const struct header *header,
			  bool forward)
{
	return flat->family == FAMILY_IPV6 &&
	       header->fields[FIELD_PKT_TYPE] == PACKET_HOST &&
	       (!forward || header->fields[FIELD_LENGTH] > IPV6_MTU_MIN);
}

/* Behind routing, which the software tiers ask about (bpf/route.bpf.h). */
static void judge_routed(const struct plan *plan, const struct flat *flat,
			 const struct header *header, enum hook path,
			 unsigned int states, struct judgement *out)
{
	bool input = drops_at(out->region, STAGE_INPUT, states);
	bool forward = drops_at(out->region, STAGE_FORWARD, states);
	bool is_marked = plan->program->settings.is_marked_routing;
	u128 daddr = header->fields[FIELD_DADDR];
	bool is_broadcast =
		flat->family == FAMILY_IPV4 && daddr == IPV4_BROADCAST;
	bool is_to_group = is_group(flat, daddr);
	bool is_local = path == HOOK_INPUT || is_broadcast || is_to_group;
	enum stage stage = is_local ? STAGE_INPUT : STAGE_FORWARD;

	if (!input && is_local)
		pass_region(flat, STAGE_INPUT, out);
	else if (!forward && !is_local)
		pass_region(flat, STAGE_FORWARD, out);
	else if (!is_local && is_marked)
		pass(out, JUDGE_REROUTED);
	else if (flat->family == FAMILY_IPV4 && daddr == 0)
		pass(out, JUDGE_NOWHERE);
	else if (is_to_group &&
		 is_lost_group(flat, header, forward && !is_marked))
		pass(out, JUDGE_GROUP);
	else if (!is_local && is_answered(flat, header))
		pass(out, JUDGE_ANSWERED);
	else
		drop(flat, stage, states,
		     input && forward ? JUDGE_DROPS
		     : is_local	      ? JUDGE_DROPS_INPUT
				      : JUDGE_DROPS_FORWARD,
		     out);
}

static bool is_foreign_icmp(enum family family, const struct header *header)
{
	return header->fields[FIELD_PROTO] ==
	       (family == FAMILY_IPV6 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

void judge_packet(const struct plan *plan, const struct packet *packet,
		  enum hook path, enum ct_state state, struct judgement *out)
{
	const struct wire_settings *settings = &plan->program->settings;
	struct frame frame;

	*out = (struct judgement){ .why = JUDGE_NOT_IP };
	if (!packet)
		return;
	out->why = frame_read(packet, settings->strict_fragments, &frame);
	if (out->why != JUDGE_REGION)
		return;

	const struct flat *flat = plan->flats[frame.class];
	if (!flat) {
		out->why = JUDGE_NO_RULES;
		return;
	}
	if (plan->program->sets.count &&
	    is_foreign_icmp(packet->family, &frame.header)) {
		out->why = JUDGE_FOREIGN_ICMP;
		return;
	}
	bind_answers(packet->family == FAMILY_IPV6 ? plan->policy.ipv6
						   : plan->policy.ipv4,
		     packet, &frame.header);
	unsigned int states =
		tracking_states(settings, frame.class, &frame.header, state);
	out->region = flat_find(flat, &frame.header);
	if ((size_t)(out->region - flat->regions) >=
	    plan->program->kept[frame.class])
		pass(out, JUDGE_PROGRAM_SIZE);
	else if (drops_at(out->region, STAGE_PREROUTING, states))
		drop(flat, STAGE_PREROUTING, states, JUDGE_DROPS, out);
	else
		judge_routed(plan, flat, &frame.header, path, states, out);
	if (out->is_drop && settings->strict_conntrack &&
	    tracking_may_know(settings, frame.class, &frame.header, state))
		pass(out, JUDGE_KNOWN);
}

/* What the rules have against it on this path, if they have anything. */
static void pass_on_card(const struct flat *flat, enum hook path,
			 struct judgement *out)
{
	enum stage stage = path == HOOK_INPUT ? STAGE_INPUT : STAGE_FORWARD;
	const struct region *region = out->region;
	bool is_open = region->why[stage] == WHY_NONE;
	uint32_t blocker = is_open ? NO_RULE : region->blockers[stage];

	/* A drop for some packets of the region, but not for this one. */
	if (region->rules[STAGE_PREROUTING] != NO_RULE)
		pass(out, JUDGE_STATE);
	else
		pass(out, is_open ? JUDGE_CARD : JUDGE_REGION);
	out->stage = stage;
	out->rule = blocker == NO_RULE ? NULL : &flat->rules[blocker];
}

void judge_on_card(const struct plan *plan, const struct packet *packet,
		   enum hook path, struct judgement *out)
{
	const struct wire_settings *settings = &plan->card->settings;
	const struct flat *flat;
	unsigned int states;
	struct frame frame;

	*out = (struct judgement){ .why = JUDGE_NOT_IP };
	if (!packet)
		return;
	out->why = frame_read(packet, settings->strict_fragments, &frame);
	if (out->why != JUDGE_REGION)
		return;
	flat = plan->card_flats[frame.class];
	if (!flat) {
		out->why = JUDGE_NO_RULES;
		return;
	}
	states = card_states(settings, frame.class, &frame.header);
	out->region = flat_find(flat, &frame.header);
	if ((size_t)(out->region - flat->regions) >=
	    plan->card->kept[frame.class])
		pass(out, JUDGE_PROGRAM_SIZE);
	else if (drops_at(out->region, STAGE_PREROUTING, states))
		drop(flat, STAGE_PREROUTING, states, JUDGE_DROPS, out);
	else
		pass_on_card(flat, path, out);
}
