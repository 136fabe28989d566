// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>

#include "offload/draw.h"
#include "tests/lib/gen_packets.h"
#include "tests/lib/topology.h"

/* Which header field a value belongs to. */
enum pool_field {
	POOL_SADDR,
	POOL_DADDR,
	POOL_PROTO,
	POOL_SPORT,
	POOL_DPORT,
	POOL_TCP_FLAGS,
	POOL_TCP_OPTION,
	POOL_MSS,
	POOL_ICMP,
	POOL_LENGTH,
	POOL_TTL,
	POOL_TOS,
	POOL_MAC,
	POOL_COUNT,
};

#define POOL_MAX 512
#define AIMED	 40 /* percent */

struct pool {
	size_t count;
	u128 values[POOL_MAX];
};

struct gen_packets {
	enum family family;
	struct gen_packets_options options;
	struct pool pools[POOL_COUNT];
	struct draw *draw;
};

static void pool_add(struct gen_packets *gen, enum pool_field field, u128 value)
{
	struct pool *pool = &gen->pools[field];

	if (pool->count < POOL_MAX)
		pool->values[pool->count++] = value;
}

/* The corners of a range: just inside and just outside. */
static void pool_add_range(struct gen_packets *gen, enum pool_field field,
			   u128 min, u128 max)
{
	pool_add(gen, field, min - 1);
	pool_add(gen, field, min);
	pool_add(gen, field, max);
	pool_add(gen, field, max + 1);
	if (max - min > 1)
		pool_add(gen, field, min + (max - min) / 2);
}

/* The corners of a masked address: the same range, and each bit of the mask's
 * lower edge flipped, so that holes in it are looked at too. */
static void pool_add_masked(struct gen_packets *gen, enum pool_field field,
			    const struct addr_mask *match)
{
	unsigned int bits = gen->family == FAMILY_IPV4 ? 32 : 128;
	u128 lowest = match->mask & -match->mask;

	pool_add_range(gen, field, match->addr,
		       match->addr | (~match->mask & num_max(bits)));
	pool_add(gen, field, match->addr ^ lowest);
	for (unsigned int bit = 0; bit < bits; bit += bits / 8)
		pool_add(gen, field, match->addr ^ (u128)1 << bit);
}

static void pool_add_ports(struct gen_packets *gen, enum pool_field field,
			   const struct port_list *ports)
{
	for (unsigned int i = 0; i < ports->count; i++)
		pool_add_range(gen, field, ports->ranges[i].min,
			       ports->ranges[i].max);
}

static void add_icmp(struct gen_packets *gen, const struct icmp_type *icmp)
{
	u128 type = (u128)icmp->type << 8;

	pool_add_range(gen, POOL_ICMP, type | icmp->code_min,
		       type | icmp->code_max);
}

static void add_match(struct gen_packets *gen, const struct match *match)
{
	u128 mac = 0;

	switch (match->kind) {
	case MATCH_SADDR:
		return pool_add_masked(gen, POOL_SADDR, &match->addr);
	case MATCH_DADDR:
		return pool_add_masked(gen, POOL_DADDR, &match->addr);
	case MATCH_SRC_RANGE:
		return pool_add_range(gen, POOL_SADDR, match->range.min,
				      match->range.max);
	case MATCH_DST_RANGE:
		return pool_add_range(gen, POOL_DADDR, match->range.min,
				      match->range.max);
	case MATCH_PROTO:
		pool_add(gen, POOL_PROTO, match->proto);
		return pool_add(gen, POOL_PROTO, match->proto);
	case MATCH_SPORT:
		return pool_add_ports(gen, POOL_SPORT, &match->ports);
	case MATCH_DPORT:
		return pool_add_ports(gen, POOL_DPORT, &match->ports);
	case MATCH_ANY_PORT:
		pool_add_ports(gen, POOL_SPORT, &match->ports);
		return pool_add_ports(gen, POOL_DPORT, &match->ports);
	case MATCH_TCP_FLAGS:
		pool_add(gen, POOL_TCP_FLAGS, match->tcp_flags.set);
		pool_add(gen, POOL_TCP_FLAGS, match->tcp_flags.mask);
		return pool_add(gen, POOL_TCP_FLAGS,
				match->tcp_flags.set |
					(uint8_t)~match->tcp_flags.mask);
	case MATCH_TCP_OPTION:
		return pool_add(gen, POOL_TCP_OPTION, match->number);
	case MATCH_MSS:
		pool_add(gen, POOL_TCP_OPTION, 2);
		pool_add(gen, POOL_TCP_OPTION, 2);
		return pool_add_range(gen, POOL_MSS, match->span.min,
				      match->span.max);
	case MATCH_ICMP_TYPE:
		return add_icmp(gen, &match->icmp);
	case MATCH_LENGTH:
		return pool_add_range(gen, POOL_LENGTH, match->span.min,
				      match->span.max);
	case MATCH_TTL:
		return pool_add_range(gen, POOL_TTL, match->span.min,
				      match->span.max);
	case MATCH_TOS:
		pool_add(gen, POOL_TOS, match->tos.value);
		return pool_add(gen, POOL_TOS,
				match->tos.value ^ match->tos.mask);
	case MATCH_MAC_SOURCE:
		for (size_t i = 0; i < 6; i++)
			mac = mac << 8 | match->mac[i];
		return pool_add_range(gen, POOL_MAC, mac, mac);
	case MATCH_ECN:
		pool_add(gen, POOL_TOS, match->ecn.ip_ect);
		pool_add(gen, POOL_TCP_FLAGS, 0x40);
		return pool_add(gen, POOL_TCP_FLAGS, 0x80);
	case MATCH_SET:
		/* Where tests/lib/gen_sets.c has its elements. */
		pool_add_range(gen, POOL_SPORT, 20, 31);
		return pool_add_range(gen, POOL_DPORT, 20, 31);
	case MATCH_IN_IFACE:
	case MATCH_OUT_IFACE:
	case MATCH_FRAGMENT:
	case MATCH_MODULE:
	case MATCH_PKT_TYPE:
	case MATCH_SRC_TYPE:
	case MATCH_DST_TYPE:
	case MATCH_CT_STATE:
	case MATCH_COMMENT:
	case MATCH_DETAIL:
	case MATCH_OPAQUE:
		return;
	}
}

/* What packets have when no rule asks for anything. */
static void add_defaults(struct gen_packets *gen)
{
	static const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP,
					  IPPROTO_UDP };
	bool is_ipv4 = gen->family == FAMILY_IPV4;

	for (size_t i = 0; i < ARRAY_SIZE(protos); i++)
		pool_add(gen, POOL_PROTO, protos[i]);
	pool_add(gen, POOL_PROTO, is_ipv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	for (size_t i = 0; i < topology_addr_count(gen->family); i++) {
		pool_add(gen, POOL_SADDR, topology_addr(gen->family, i));
		pool_add(gen, POOL_DADDR, topology_addr(gen->family, i));
	}
	pool_add(gen, POOL_ICMP, is_ipv4 ? 8 << 8 : 128 << 8);
	pool_add(gen, POOL_ICMP, is_ipv4 ? 3 << 8 | 1 : 1 << 8);
	pool_add_range(gen, POOL_TTL, 2, 64);
	pool_add(gen, POOL_TOS, 0);
}

struct gen_packets *gen_packets_make(const struct ruleset *ruleset,
				     const struct gen_packets_options *options)
{
	OWN(gen_packets) struct gen_packets *gen = calloc(1, sizeof(*gen));

	if (!gen)
		return NULL;
	gen->draw = draw_make(ruleset, "eth0", 0);
	if (!gen->draw)
		return NULL;
	gen->family = ruleset->family;
	gen->options = *options;
	add_defaults(gen);
	for (size_t t = 0; t < ruleset->table_count; t++) {
		const struct table *table = &ruleset->tables[t];

		for (size_t c = 0; c < table->chain_count; c++) {
			const struct chain *chain = &table->chains[c];

			for (size_t r = 0; r < chain->rule_count; r++)
				for (size_t m = 0;
				     m < chain->rules[r].match_count; m++)
					add_match(gen,
						  &chain->rules[r].matches[m]);
		}
	}
	return take(gen);
}

void gen_packets_free(struct gen_packets *gen)
{
	if (gen)
		draw_free(gen->draw);
	free(gen);
}

/* A value of the pool, or now and then any value of @bits bits. */
static u128 choose(const struct gen_packets *gen, struct random *rnd,
		   enum pool_field field, unsigned int bits)
{
	const struct pool *pool = &gen->pools[field];

	if (!pool->count || random_chance(rnd, 15))
		return random_wide(rnd) & num_max(bits);
	return pool->values[random_below(rnd, pool->count)] & num_max(bits);
}

static enum frame_shape choose_shape(const struct gen_packets *gen,
				     struct random *rnd)
{
	unsigned int die = random_below(rnd, 100);

	if (die < 6)
		return FRAME_TRUNCATED;
	if (die < 8)
		return FRAME_GARBAGE;
	if (die < 16 && !gen->options.no_options)
		return FRAME_OPTIONS;
	if (die < 24 && !gen->options.no_fragments)
		return FRAME_FRAGMENT;
	return FRAME_WHOLE;
}

static uint8_t choose_flags(const struct gen_packets *gen, struct random *rnd)
{
	static const uint8_t usual[] = { 0x02, 0x12, 0x10, 0x18,
					 0x11, 0x04, 0x14, 0xc2 };

	if (random_chance(rnd, 50))
		return random_pick(rnd, usual);
	return (uint8_t)choose(gen, rnd, POOL_TCP_FLAGS, 8);
}

static uint8_t choose_pkt_type(struct random *rnd, enum family family,
			       u128 daddr)
{
	if (random_chance(rnd, 4))
		return (uint8_t)random_below(rnd, 4);
	if (family == FAMILY_IPV4 && daddr == 0xffffffff)
		return PACKET_BROADCAST;
	if (family == FAMILY_IPV4 ? daddr >> 28 == 0xe : daddr >> 120 == 0xff)
		return PACKET_MULTICAST;
	return PACKET_HOST;
}

static void choose_mac(const struct gen_packets *gen, struct random *rnd,
		       uint8_t mac[6])
{
	u128 value;

	memcpy(mac, topology_peer_mac, 6);
	if (!gen->pools[POOL_MAC].count || random_chance(rnd, 30))
		return;
	value = choose(gen, rnd, POOL_MAC, 48);
	for (size_t i = 6; i-- > 0; value >>= 8)
		mac[i] = (uint8_t)value;
	mac[0] &= 0xfe; /* a sender is no group */
}

static void choose_fragment(struct random *rnd, struct frame_spec *spec)
{
	static const uint16_t offsets[] = { 0, 1, 2, 185 };

	spec->offset = random_pick(rnd, offsets);
	spec->has_more = !spec->offset || random_chance(rnd, 50);
}

/* Let it match all that a rule asks for, or miss it by one match. */
static void aim(const struct gen_packets *gen, struct frame_spec *spec)
{
	struct packet_draft draft;

	draw_next(gen->draw, &draft);
	spec->saddr = draft.saddr;
	if (draft.daddr != draw_own_address(gen->family))
		spec->daddr = draft.daddr;
	spec->proto = draft.proto;
	spec->sport = draft.sport;
	spec->dport = draft.dport;
	spec->tcp_flags = draft.tcp_flags;
	spec->icmp = (uint16_t)(draft.icmp_type << 8 | draft.icmp_code);
	spec->ttl = draft.ttl;
	spec->tos = draft.tos;
	spec->length = draft.has_length ? (uint16_t)draft.length : 0;
	memcpy(spec->smac, draft.smac, sizeof(spec->smac));
}

void gen_packets_next(const struct gen_packets *gen, struct random *rnd,
		      struct frame_spec *spec)
{
	unsigned int bits = gen->family == FAMILY_IPV4 ? 32 : 128;

	*spec = (struct frame_spec){
		.family = gen->family,
		.shape = choose_shape(gen, rnd),
		.saddr = choose(gen, rnd, POOL_SADDR, bits),
		.daddr = choose(gen, rnd, POOL_DADDR, bits),
		.proto = (uint8_t)choose(gen, rnd, POOL_PROTO, 8),
		.sport = (uint16_t)choose(gen, rnd, POOL_SPORT, 16),
		.dport = (uint16_t)choose(gen, rnd, POOL_DPORT, 16),
		.tcp_flags = choose_flags(gen, rnd),
		.tcp_seq = (uint32_t)random_next(rnd),
		.icmp = (uint16_t)choose(gen, rnd, POOL_ICMP, 16),
		.ttl = (uint8_t)choose(gen, rnd, POOL_TTL, 8),
		.tos = (uint8_t)choose(gen, rnd, POOL_TOS, 8),
		.noise = random_next(rnd),
		.has_bad_checksum = random_chance(rnd, 3),
	};
	choose_mac(gen, rnd, spec->smac);
	if (random_chance(rnd, AIMED))
		aim(gen, spec);
	spec->pkt_type = choose_pkt_type(rnd, gen->family, spec->daddr);
	if (!spec->length &&
	    (gen->pools[POOL_LENGTH].count || random_chance(rnd, 20)))
		spec->length =
			(uint16_t)(choose(gen, rnd, POOL_LENGTH, 16) % 1500);
	if (gen->pools[POOL_TCP_OPTION].count && random_chance(rnd, 60))
		spec->tcp_option =
			(uint8_t)choose(gen, rnd, POOL_TCP_OPTION, 8);
	if (gen->pools[POOL_MSS].count && random_chance(rnd, 80))
		spec->tcp_mss = (uint16_t)choose(gen, rnd, POOL_MSS, 16);
	if (spec->tcp_option && random_chance(rnd, 50))
		spec->tcp_layout = (uint8_t)random_below(rnd, FRAME_LAYOUTS);
	if (random_chance(rnd, 3))
		spec->tcp_doff = (uint8_t)random_below(rnd, 16);
	spec->cut = (uint16_t)random_below(rnd, 21);
	if (spec->shape == FRAME_FRAGMENT)
		choose_fragment(rnd, spec);
}

void gen_packets_reply(const struct frame_spec *spec, struct frame_spec *reply)
{
	*reply = *spec;
	reply->shape = FRAME_WHOLE;
	reply->pkt_type = PACKET_HOST;
	reply->saddr = spec->daddr;
	reply->daddr = spec->saddr;
	reply->sport = spec->dport;
	reply->dport = spec->sport;
	reply->tcp_ack = spec->tcp_seq + 1;
	reply->tcp_seq = ~spec->tcp_seq;
	reply->tcp_flags = 0x12;
	reply->icmp = spec->family == FAMILY_IPV4 ? 0 : 129 << 8;
}
