// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <string.h>

#include "tests/lib/oracle.h"
#include "tests/lib/topology.h"

static bool is_dropped(const struct ruleset *ruleset,
		       const struct packet *packet,
		       const struct situation *situation)
{
	struct situation variant = *situation;
	struct verdict verdict;

	for (unsigned int i = 0; i < 4; i++) {
		variant.backend = i & 1 ? BACKEND_NFT : BACKEND_LEGACY;
		if (variant.path == HOOK_FORWARD)
			variant.out = i & 2 ? TOPOLOGY_OUT : TOPOLOGY_IN;
		else if (i & 2)
			break;
		eval_packet(ruleset, packet, &variant, &verdict);
		if (verdict.outcomes != OUTCOME_DROP)
			return false;
	}
	return true;
}

static worlds_t find_drops(const struct ruleset *ruleset,
			   const struct packet *packet, worlds_t asked,
			   bool has_nat, bool ignore_logs)
{
	worlds_t drops = 0;

	for (unsigned int i = 0; i < CT_STATE_COUNT; i++) {
		struct situation situation = {
			.state = 1u << i,
			.in = TOPOLOGY_IN,
			.is_nat_state = has_nat,
			.ignore_logs = ignore_logs,
			.addr_type = topology_addr_type,
		};
		worlds_t pre = WORLDS(STAGE_PREROUTING, 1u << i);
		worlds_t input = WORLDS(STAGE_INPUT, 1u << i);
		worlds_t forward = WORLDS(STAGE_FORWARD, 1u << i);

		situation.path = HOOK_INPUT;
		if (asked & (pre | input) &&
		    is_dropped(ruleset, packet, &situation))
			drops |= input;
		situation.path = HOOK_FORWARD;
		if (asked & (pre | forward) &&
		    is_dropped(ruleset, packet, &situation))
			drops |= forward;
		if (drops & input && drops & forward)
			drops |= pre;
	}
	return drops & asked;
}

worlds_t oracle_drops(const struct ruleset *ruleset,
		      const struct packet *packet, worlds_t asked, bool has_nat)
{
	return find_drops(ruleset, packet, asked, has_nat, false);
}

worlds_t oracle_drops_or_logs(const struct ruleset *ruleset,
			      const struct packet *packet, worlds_t asked)
{
	return find_drops(ruleset, packet, asked, false, true);
}

/*
 * GRO merges segments: longer, PSH, FIN and CWR of any of them. It does not
 * touch those with SYN, RST or URG (tcp_gro_receive()).
 */
static void merge(struct random *rnd, struct frame_spec *other)
{
	static const uint8_t merged[] = { 0, 0x01, 0x08, 0x09, 0x80, 0x89 };

	other->length = (uint16_t)(other->length + random_below(rnd, 600));
	if (other->length > 1500)
		other->length = 1500;
	if (other->proto == IPPROTO_TCP && !(other->tcp_flags & 0x26))
		other->tcp_flags ^= random_pick(rnd, merged);
}

/* Of a fragment only addresses and protocol are known to stay. */
static void reassemble(const struct gen_packets *gen, struct random *rnd,
		       const struct frame_spec *spec, struct frame_spec *other)
{
	do {
		gen_packets_next(gen, rnd, other);
	} while (other->shape == FRAME_FRAGMENT ||
		 other->shape == FRAME_OPTIONS);
	other->saddr = spec->saddr;
	other->daddr = spec->daddr;
	other->proto = spec->proto;
	other->pkt_type = spec->pkt_type;
	memcpy(other->smac, spec->smac, 6);
}

size_t oracle_become(const struct gen_packets *gen, struct random *rnd,
		     const struct frame_spec *spec, uint8_t other[FRAME_MAX])
{
	struct frame_spec changed = *spec;

	if (spec->shape == FRAME_FRAGMENT) {
		reassemble(gen, rnd, spec, &changed);
	} else if (spec->shape == FRAME_WHOLE &&
		   (spec->proto == IPPROTO_TCP || spec->proto == IPPROTO_UDP)) {
		/* What the frame was long, at least. */
		changed.length =
			(uint16_t)(frame_write(spec, other) - FRAME_ETH_LEN);
		merge(rnd, &changed);
	} else {
		return 0;
	}
	return frame_write(&changed, other);
}
