// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "offload/draw.h"
#include "offload/measure.h"

/* Asking about one packet costs as much as the ruleset has rules. */
#define DRAWN_MAX	4096
#define DRAWN_MIN	512
#define RULES_ASKED_MAX ((size_t)4 * 1000 * 1000)

const char *measure_proto_name(enum measure_proto proto)
{
	static const char *const names[] = {
		[MEASURE_TCP] = "tcp",
		[MEASURE_UDP] = "udp",
		[MEASURE_ICMP] = "icmp",
		[MEASURE_OTHER] = "other",
	};

	return names[proto];
}

const char *measure_way_name(enum measure_way way)
{
	return way == MEASURE_INPUT ? "input" : "forward";
}

unsigned int measure_permille(const struct measure_share *share)
{
	return share->dropped ? share->early * 1000 / share->dropped : 0;
}

static enum measure_proto proto_of(const struct packet_draft *draft)
{
	if (draft->proto == IPPROTO_TCP)
		return MEASURE_TCP;
	if (draft->proto == IPPROTO_UDP)
		return MEASURE_UDP;
	return packet_draft_is_icmp(draft) ? MEASURE_ICMP : MEASURE_OTHER;
}

static void note_loss(struct measure_path *path, const struct judgement *judged)
{
	const char *name = judge_name(judged);
	struct measure_loss *loss = path->losses;
	struct measure_loss *end = loss + path->loss_count;

	while (loss < end && (loss->rule != judged->rule || loss->name != name))
		loss++;
	if (loss == end) {
		if (path->loss_count == MEASURE_LOSSES_MAX) {
			path->others++;
			return;
		}
		path->loss_count++;
		*loss = (struct measure_loss){
			.name = name,
			.sentence = judge_sentence(judged),
			.rule = judged->rule,
		};
	}
	loss->count++;
}

static bool host_drops(const struct plan *plan, const struct ruleset *host,
		       const struct packet *packet, enum hook hook)
{
	const struct situation situation = {
		.backend = BACKEND_NFT,
		.state = CT_NEW,
		.path = hook,
		.in = plan->iface,
		.ignore_counters = plan->wishes.ignore_counters,
	};
	struct verdict verdict;

	eval_packet(host, packet, &situation, &verdict);
	return (verdict.outcomes & (OUTCOME_DROP | OUTCOME_ACCEPT)) ==
	       OUTCOME_DROP;
}

static void measure_packet(const struct measure_of *of,
			   const struct ruleset *host,
			   const struct packet_draft *draft,
			   const struct packet *packet, enum measure_way way,
			   struct measure_path *path)
{
	static const enum hook hooks[MEASURE_WAY_COUNT] = {
		[MEASURE_INPUT] = HOOK_INPUT,
		[MEASURE_FORWARD] = HOOK_FORWARD,
	};
	struct measure_share *proto = &path->protos[proto_of(draft)];
	const struct plan *plan = of->plans[way];
	struct judgement judged;

	if (!host_drops(plan, host, packet, hooks[way]))
		return;
	if (of->is_card)
		judge_on_card(plan, packet, hooks[way], &judged);
	else
		judge_packet(plan, packet, hooks[way], CT_NEW, &judged);
	path->all.dropped++;
	proto->dropped++;
	if (judged.is_drop) {
		path->all.early++;
		proto->early++;
		return;
	}
	note_loss(path, &judged);
}

/* The most frequent first; those that are as frequent as they came. */
static void sort_losses(struct measure_path *path)
{
	struct measure_loss *losses = path->losses;

	for (size_t i = 1; i < path->loss_count; i++) {
		struct measure_loss loss = losses[i];
		size_t at = i;

		for (; at && losses[at - 1].count < loss.count; at--)
			losses[at] = losses[at - 1];
		losses[at] = loss;
	}
}

static size_t packets_to_draw(const struct ruleset *host)
{
	size_t rules = 1;

	for (size_t t = 0; t < host->table_count; t++) {
		const struct table *table = &host->tables[t];

		for (size_t c = 0; c < table->chain_count; c++)
			rules += table->chains[c].rule_count;
	}
	if (RULES_ASKED_MAX / rules > DRAWN_MAX)
		return DRAWN_MAX;
	return RULES_ASKED_MAX / rules < DRAWN_MIN ? DRAWN_MIN
						   : RULES_ASKED_MAX / rules;
}

int measure_each(const struct measure_of *of, const struct ruleset *host,
		 uint64_t seed, struct measure *out)
{
	OWN(draw)
	struct draw *draw = draw_make(host, of->plans[0]->iface, seed);

	if (!draw)
		return -ENOMEM;
	*out = (struct measure){ .seed = seed, .drawn = packets_to_draw(host) };
	for (size_t i = 0; i < out->drawn; i++) {
		OWN_MEM struct packet_bytes *bytes = NULL;
		struct packet_draft draft;
		struct err err;

		draw_next(draw, &draft);
		if (packet_draft_build(&draft, &bytes, &err))
			return -ENOMEM;
		for (int way = 0; way < MEASURE_WAY_COUNT; way++)
			measure_packet(of, host, &draft, &bytes->packet, way,
				       &out->ways[way]);
	}
	for (int way = 0; way < MEASURE_WAY_COUNT; way++)
		sort_losses(&out->ways[way]);
	return 0;
}

int measure_against(const struct plan *plan, const struct ruleset *host,
		    uint64_t seed, struct measure *out)
{
	const struct measure_of of = { .plans = { plan, plan } };

	return measure_each(&of, host, seed, out);
}

int measure_plan(const struct plan *plan, enum family family, uint64_t seed,
		 struct measure *out)
{
	const struct ruleset *host =
		family == FAMILY_IPV4 ? plan->policy.ipv4 : plan->policy.ipv6;

	return host ? measure_against(plan, host, seed, out) : -ENOENT;
}
