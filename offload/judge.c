// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_packet.h>

#include "offload/frame.h"
#include "offload/judge.h"

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
		return why_name(judgement->region->why);
	return rows[judgement->why].name;
}

const char *judge_sentence(const struct judgement *judgement)
{
	if (judgement->why == JUDGE_REGION)
		return why_sentence(judgement->region->why);
	return rows[judgement->why].sentence;
}

/* Whatever the connection's state is: there is no lookup yet. */
static bool drops_at(const struct region *region, enum stage stage)
{
	return worlds_states(region->drop, stage) == CT_ALL;
}

static void pass(struct judgement *out, enum judge_why why)
{
	out->is_drop = false;
	out->why = why;
}

static void drop(const struct flat *flat, enum stage stage, enum judge_why why,
		 struct judgement *out)
{
	uint32_t rule = out->region->rules[stage];

	out->is_drop = true;
	out->why = why;
	out->rule = rule == NO_RULE ? NULL : &flat->rules[rule];
}

/* The region's own reason, and the rule behind it. */
static void pass_region(const struct flat *flat, struct judgement *out)
{
	uint32_t blocker = out->region->blocker;

	pass(out, JUDGE_REGION);
	out->rule = blocker == NO_RULE ? NULL : &flat->rules[blocker];
}

/* Behind routing, which the software tiers ask about (bpf/route.bpf.h). */
static void judge_routed(const struct plan *plan, const struct flat *flat,
			 const struct header *header, enum hook path,
			 struct judgement *out)
{
	bool input = drops_at(out->region, STAGE_INPUT);
	bool forward = drops_at(out->region, STAGE_FORWARD);
	bool is_asked = !plan->program->settings.is_marked_routing;
	bool is_local = path == HOOK_INPUT;
	enum stage stage = is_local ? STAGE_INPUT : STAGE_FORWARD;

	if (is_asked ? !(is_local ? input : forward) : !(input && forward)) {
		pass_region(flat, out);
		return;
	}
	if (header->fields[FIELD_PKT_TYPE] != PACKET_HOST) {
		pass(out, JUDGE_MULTICAST);
		return;
	}
	if (!(is_asked && is_local) && header->fields[FIELD_TTL] <= 1) {
		pass(out, JUDGE_TTL);
		return;
	}
	drop(flat, stage,
	     input && forward ? JUDGE_DROPS
	     : is_local	      ? JUDGE_DROPS_INPUT
			      : JUDGE_DROPS_FORWARD,
	     out);
}

void judge_packet(const struct plan *plan, const struct packet *packet,
		  enum hook path, struct judgement *out)
{
	struct frame frame;

	*out = (struct judgement){ .why = JUDGE_NOT_IP };
	if (!packet)
		return;
	out->why = frame_read(packet, plan->program->settings.strict_fragments,
			      &frame);
	if (out->why != JUDGE_REGION)
		return;

	const struct flat *flat = plan->flats[frame.class];
	if (!flat) {
		out->why = JUDGE_NO_RULES;
		return;
	}
	out->region = flat_find(flat, &frame.header);
	if ((size_t)(out->region - flat->regions) >=
	    plan->program->kept[frame.class])
		pass(out, JUDGE_PROGRAM_SIZE);
	else if (drops_at(out->region, STAGE_PREROUTING))
		drop(flat, STAGE_PREROUTING, JUDGE_DROPS, out);
	else
		judge_routed(plan, flat, &frame.header, path, out);
}
