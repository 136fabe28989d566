// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <string.h>

#include "offload/draw.h"
#include "offload/draw_set.h"

/* How many callers of a chain a packet is made to please. */
#define CALLERS_MAX   8
#define PORTS_MAX_MIX 24
#define PROTO_ICMP    0 /* of the family */

struct mix {
	unsigned int weight;
	uint8_t proto;
	uint16_t to[PORTS_MAX_MIX], from[PORTS_MAX_MIX];
	uint8_t tcp_flags;
};

#define PORTS(...)                                                             \
	{                                                                      \
		__VA_ARGS__                                                    \
	}
#define MIX(weight, proto, to, from, flags) { weight, proto, to, from, flags },
static const struct mix mixes[] = {
#include "offload/draw_mix.def"
};
#undef MIX
#undef PORTS

/* A rule on the way of incoming packets, and its chain. */
struct source {
	const struct table *table;
	const struct chain *chain;
	const struct rule *rule;
};

struct draw {
	const struct ruleset *ruleset;
	struct random rnd;
	struct source *rules;
	size_t rule_count;
	/* Matches on addresses, of all rules. */
	const struct match **saddrs, **daddrs;
	size_t saddr_count, daddr_count;
	unsigned int weight; /* of the mix in total */
	unsigned int address_bits;
};

/* Can a packet of this interface match, as far as -i goes? */
static bool is_for(const struct rule *rule, const char *iface)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];
		const char *name = match->iface.name;

		if (match->kind != MATCH_IN_IFACE)
			continue;
		bool is_it = match->iface.is_prefix
				     ? !strncmp(iface, name, strlen(name))
				     : !strcmp(iface, name);
		if (is_it == match->is_negated)
			return false;
	}
	return true;
}

/* Chains that only packets of this host's own processes meet. */
static bool is_outgoing(const struct chain *chain)
{
	return !strcmp(chain->name, "OUTPUT") ||
	       !strcmp(chain->name, "POSTROUTING");
}

static void add_addresses(struct draw *draw, const struct rule *rule)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];

		if (match->kind == MATCH_SADDR ||
		    match->kind == MATCH_SRC_RANGE)
			draw->saddrs[draw->saddr_count++] = match;
		if (match->kind == MATCH_DADDR ||
		    match->kind == MATCH_DST_RANGE)
			draw->daddrs[draw->daddr_count++] = match;
	}
}

static void count_all(const struct ruleset *ruleset, size_t *rules,
		      size_t *matches)
{
	for (size_t t = 0; t < ruleset->table_count; t++) {
		const struct table *table = &ruleset->tables[t];

		for (size_t c = 0; c < table->chain_count; c++) {
			const struct chain *chain = &table->chains[c];

			*rules += chain->rule_count;
			for (size_t r = 0; r < chain->rule_count; r++)
				*matches += chain->rules[r].match_count;
		}
	}
}

static void add_chain(struct draw *draw, const struct table *table,
		      const struct chain *chain, const char *iface)
{
	if (is_outgoing(chain))
		return;
	for (size_t r = 0; r < chain->rule_count; r++) {
		const struct rule *rule = &chain->rules[r];

		if (!is_for(rule, iface))
			continue;
		draw->rules[draw->rule_count++] =
			(struct source){ table, chain, rule };
		add_addresses(draw, rule);
	}
}

struct draw *draw_make(const struct ruleset *ruleset, const char *iface,
		       uint64_t seed)
{
	OWN(draw) struct draw *draw = calloc(1, sizeof(*draw));
	size_t rules = 0, matches = 0;

	if (!draw)
		return NULL;
	count_all(ruleset, &rules, &matches);
	draw->ruleset = ruleset;
	draw->rnd = random_make(seed, ruleset->family);
	draw->address_bits = ruleset->family == FAMILY_IPV4 ? 32 : 128;
	draw->rules = calloc(rules + 1, sizeof(*draw->rules));
	draw->saddrs = calloc(matches + 1, sizeof(*draw->saddrs));
	draw->daddrs = calloc(matches + 1, sizeof(*draw->daddrs));
	if (!draw->rules || !draw->saddrs || !draw->daddrs)
		return NULL;
	for (size_t t = 0; t < ruleset->table_count; t++) {
		const struct table *table = &ruleset->tables[t];

		for (size_t c = 0; c < table->chain_count; c++)
			add_chain(draw, table, &table->chains[c], iface);
	}
	for (size_t i = 0; i < ARRAY_SIZE(mixes); i++)
		draw->weight += mixes[i].weight;
	return take(draw);
}

void draw_free(struct draw *draw)
{
	if (!draw)
		return;
	free(draw->rules);
	free(draw->saddrs);
	free(draw->daddrs);
	free(draw);
}

/* One of min..max: a third of them at its ends. */
static u128 within(struct random *rnd, u128 min, u128 max)
{
	u128 width = max - min;

	if (max < min)
		return min;
	switch (random_below(rnd, 6)) {
	case 0:
		return min;
	case 1:
		return max;
	}
	return width == (u128)-1 ? random_wide(rnd)
				 : min + random_wide(rnd) % (width + 1);
}

/* Just below or above min..max, or anywhere. */
static u128 around(struct random *rnd, u128 min, u128 max)
{
	switch (random_below(rnd, 3)) {
	case 0:
		return min - 1;
	case 1:
		return max + 1;
	}
	return random_wide(rnd);
}

static u128 draw_range(struct random *rnd, u128 min, u128 max, bool is_inside)
{
	return is_inside ? within(rnd, min, max) : around(rnd, min, max);
}

static u128 draw_masked(struct draw *draw, const struct addr_mask *wanted,
			bool is_inside)
{
	u128 open = ~wanted->mask & num_max(draw->address_bits);
	u128 value = wanted->addr | (random_wide(&draw->rnd) & open);

	if (is_inside && random_chance(&draw->rnd, 20))
		value = wanted->addr;
	/* The lowest bit of the mask makes it a neighbour. */
	return is_inside ? value : value ^ (wanted->mask & -wanted->mask);
}

static u128 draw_address(struct draw *draw, const struct match *match,
			 bool is_inside)
{
	u128 value = match->kind == MATCH_SADDR || match->kind == MATCH_DADDR
			     ? draw_masked(draw, &match->addr, is_inside)
			     : draw_range(&draw->rnd, match->range.min,
					  match->range.max, is_inside);

	return value & num_max(draw->address_bits);
}

static uint16_t draw_port(struct random *rnd, const struct port_list *ports,
			  bool is_inside)
{
	const struct port_range *range;

	if (!ports->count)
		return random_next(rnd);
	range = &ports->ranges[random_below(rnd, ports->count)];
	return draw_range(rnd, range->min, range->max, is_inside);
}

static void draw_icmp(struct random *rnd, const struct icmp_type *icmp,
		      bool is_inside, struct packet_draft *out)
{
	if (icmp->is_any)
		return;
	out->icmp_type = is_inside ? icmp->type : icmp->type + 1;
	out->icmp_code = within(rnd, icmp->code_min, icmp->code_max);
}

/* Let @out match, or miss: @is_inside. What the header cannot tell stays. */
static void please(struct draw *draw, const struct match *match, bool is_inside,
		   struct packet_draft *out)
{
	struct random *rnd = &draw->rnd;
	const struct span *span = &match->span;

	switch (match->kind) {
	case MATCH_SADDR:
	case MATCH_SRC_RANGE:
		out->saddr = draw_address(draw, match, is_inside);
		break;
	case MATCH_DADDR:
	case MATCH_DST_RANGE:
		out->daddr = draw_address(draw, match, is_inside);
		break;
	case MATCH_PROTO:
		if (is_inside)
			out->proto = match->proto;
		break;
	case MATCH_SPORT:
		out->sport = draw_port(rnd, &match->ports, is_inside);
		break;
	case MATCH_DPORT:
	case MATCH_ANY_PORT:
		out->dport = draw_port(rnd, &match->ports, is_inside);
		break;
	case MATCH_TCP_FLAGS:
		out->tcp_flags = (out->tcp_flags & ~match->tcp_flags.mask) |
				 match->tcp_flags.set;
		if (!is_inside)
			out->tcp_flags ^= match->tcp_flags.mask;
		break;
	case MATCH_ICMP_TYPE:
		draw_icmp(rnd, &match->icmp, is_inside, out);
		break;
	case MATCH_TTL:
		out->ttl = draw_range(rnd, span->min, span->max, is_inside);
		break;
	case MATCH_TOS:
		out->tos = (out->tos & ~match->tos.mask) | match->tos.value;
		break;
	case MATCH_LENGTH:
		out->length = draw_range(rnd, span->min, span->max, is_inside);
		out->has_length = true;
		break;
	case MATCH_MAC_SOURCE:
		if (is_inside)
			memcpy(out->smac, match->mac, sizeof(out->smac));
		break;
	case MATCH_SET:
		if (is_inside && match->set.index != NO_SET_QUESTION)
			draw_set(
				rnd,
				&draw->ruleset->set_questions[match->set.index],
				out);
		break;
	case MATCH_IN_IFACE:
	case MATCH_OUT_IFACE:
	case MATCH_FRAGMENT:
	case MATCH_MODULE:
	case MATCH_TCP_OPTION:
	case MATCH_MSS:
	case MATCH_ECN:
	case MATCH_PKT_TYPE:
	case MATCH_SRC_TYPE:
	case MATCH_DST_TYPE:
	case MATCH_CT_STATE:
	case MATCH_COMMENT:
	case MATCH_DETAIL:
	case MATCH_OPAQUE:
		break;
	}
}

static void please_rule(struct draw *draw, const struct rule *rule,
			struct packet_draft *out)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];
		bool is_inside = !random_chance(&draw->rnd, 10);

		please(draw, match, is_inside != match->is_negated, out);
	}
}

/* A rule that calls @chain, or NULL. */
static const struct source *pick_caller(struct draw *draw,
					const struct source *of)
{
	size_t chain = of->chain - of->table->chains;
	size_t start = random_below(&draw->rnd, draw->rule_count);

	for (size_t i = 0; i < draw->rule_count; i++) {
		const struct source *source =
			&draw->rules[(start + i) % draw->rule_count];
		const struct rule_target *target = &source->rule->target;

		if (source->table == of->table && target->chain == chain &&
		    (target->kind == TARGET_JUMP ||
		     target->kind == TARGET_GOTO))
			return source;
	}
	return NULL;
}

static void please_some_rule(struct draw *draw, struct packet_draft *out)
{
	const struct source *source =
		&draw->rules[random_below(&draw->rnd, draw->rule_count)];

	for (int i = 0; source && i < CALLERS_MAX; i++) {
		please_rule(draw, source->rule, out);
		if (source->chain->policy != POLICY_NONE)
			break;
		source = pick_caller(draw, source);
	}
}

static const struct mix *pick_mix(struct draw *draw)
{
	unsigned int at = random_below(&draw->rnd, draw->weight), i = 0;

	while (at >= mixes[i].weight)
		at -= mixes[i++].weight;
	return &mixes[i];
}

static uint16_t pick_port(struct random *rnd,
			  const uint16_t ports[PORTS_MAX_MIX])
{
	size_t count = 0;

	while (count < PORTS_MAX_MIX && ports[count])
		count++;
	return count ? ports[random_below(rnd, count)]
		     : 1 + random_below(rnd, UINT16_MAX);
}

/* Addresses of documentation stand for this host's own. */
u128 draw_own_address(enum family family)
{
	return family == FAMILY_IPV4 ? 0xc0000201 /* 192.0.2.1 */
				     : (u128)0x20010db800000000 << 64 | 1;
}

static bool is_unicast(enum family family, u128 address)
{
	if (family == FAMILY_IPV6)
		return address >> 120 != 0xff;
	return address >> 24 != 0 && address >> 24 < 224;
}

/* Anywhere on the Internet. */
static u128 any_source(struct draw *draw)
{
	enum family family = draw->ruleset->family;
	u128 address;

	if (family == FAMILY_IPV6)
		return (u128)1 << 125 | random_wide(&draw->rnd) >> 3;
	do {
		address = random_wide(&draw->rnd) & UINT32_MAX;
	} while (!is_unicast(family, address));
	return address;
}

/* What of the ruleset's own addresses is named most often comes most often. */
static u128 some_address(struct draw *draw, const struct match *const *matches,
			 size_t count, u128 otherwise)
{
	if (!count || random_chance(&draw->rnd, 50))
		return otherwise;
	return draw_address(draw, matches[random_below(&draw->rnd, count)],
			    true);
}

void draw_next(struct draw *draw, struct packet_draft *out)
{
	enum family family = draw->ruleset->family;
	const struct mix *mix = pick_mix(draw);
	bool is_ipv4 = family == FAMILY_IPV4;

	*out = (struct packet_draft){
		.family = family,
		.proto = mix->proto != PROTO_ICMP ? mix->proto
			 : is_ipv4		  ? IPPROTO_ICMP
						  : IPPROTO_ICMPV6,
		.saddr = some_address(draw, draw->saddrs, draw->saddr_count,
				      any_source(draw)),
		.daddr = some_address(draw, draw->daddrs, draw->daddr_count,
				      draw_own_address(family)),
		.sport = pick_port(&draw->rnd, mix->from),
		.dport = pick_port(&draw->rnd, mix->to),
		.tcp_flags = mix->tcp_flags,
		.icmp_type = is_ipv4 ? 8 : 128,
		.ttl = PACKET_DRAFT_TTL,
		.smac = { 2, 0, 0, 0, 0, 1 },
	};
	if (draw->rule_count && random_chance(&draw->rnd, 60))
		please_some_rule(draw, out);
	/* Too short for its headers, or longer than a frame: as it comes. */
	if (out->length < packet_draft_length(out) || out->length > 1500)
		out->has_length = false;
}
