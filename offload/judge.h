/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the program of a plan does with one packet, said by the plan's own
 * lists instead of by running it: for explaining, and to compare the program
 * with. The steps are those of bpf/frame.bpf.c.
 */
#include "offload/plan.h"
#include "rules/packet.h"

enum judge_why {
#define JUDGE(id, name, sentence) JUDGE_##id,
#include "offload/judge.def"
#undef JUDGE
	JUDGE_COUNT,
};

struct judgement {
	bool is_drop; /* but some go up, to be logged, where .why is SAMPLED */
	enum judge_why why;
	/* The region that decided, and at which stage; NULL when none was
	 * asked. */
	const struct region *region;
	enum stage stage;
	/* The rule that a drop is counted for, or the one that stands behind
	 * a pass; NULL when there is none. */
	const struct flat_rule *rule;
};

/* The stable id and the sentence, of the region where that decided. */
const char *judge_name(const struct judgement *judgement);
const char *judge_sentence(const struct judgement *judgement);

/*
 * Judge @packet as the program does when routing sends it down @path
 * (HOOK_INPUT or HOOK_FORWARD; forwarded over another link, on a way that is
 * wide enough; packets to groups are not routed), connection tracking has it in
 * @state (one bit), and nobody else takes packets off the interface. @packet NULL: the frame holds no packet that
 * netfilter would see.
 */
void judge_packet(const struct plan *plan, const struct packet *packet,
		  enum hook path, enum ct_state state, struct judgement *out);

/*
 * The same for the program on the card (@plan->card), which knows neither the
 * path nor the state: @path only chooses the reason why it passes. The steps
 * are those of bpf/card.bpf.c.
 */
void judge_on_card(const struct plan *plan, const struct packet *packet,
		   enum hook path, struct judgement *out);
