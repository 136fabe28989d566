// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bpf/set_parts.h"
#include "rules/bind.h"

static_assert(WIRE_QUESTIONS_MAX == SET_QUESTIONS_MAX &&
		      WIRE_PARTS_MAX == 2 * SET_LEAVES_MAX &&
		      WIRE_SET_LENGTHS_MAX == SET_LENGTHS_MAX,
	      "programs can answer what rules may ask");

enum wire_set_kind set_kind(enum ipset_type type)
{
	switch (type) {
	case IPSET_HASH_IP:
	case IPSET_HASH_NET:
	case IPSET_BITMAP_IP:
		return WIRE_SET_ADDRESS;
	case IPSET_BITMAP_PORT:
		return WIRE_SET_PORT;
	default:
		return WIRE_SET_TUPLE;
	}
}

static struct wire_set_key key_of(const struct ipset_tuple *tuple)
{
	return (struct wire_set_key){
		.addr_hi = tuple->addr >> 64,
		.addr_lo = tuple->addr,
		.second_hi = tuple->addr2 >> 64,
		.second_lo = tuple->addr2,
		.port = tuple->port,
		.proto = tuple->proto,
		.bits = tuple->bits,
	};
}

/* The list of lengths comes first, then the tuples. */
static int make_tuples(struct arena *arena, const struct ipset *set,
		       struct set_content *out)
{
	size_t count = set->tuple_count + 1;

	out->keys = arena_alloc(arena, count * sizeof(*out->keys));
	out->values = arena_alloc(arena, count * sizeof(*out->values));
	if (!out->keys || !out->values)
		return -ENOMEM;
	out->keys[0].bits = WIRE_SET_LENGTHS;
	out->values[0].count = set->length_count;
	memcpy(out->values[0].lengths, set->lengths, set->length_count);
	for (size_t i = 0; i < set->tuple_count; i++) {
		out->keys[i + 1] = key_of(&set->tuples[i]);
		out->values[i + 1].count = set->tuples[i].is_nomatch;
	}
	out->tuple_count = count;
	return 0;
}

int set_content_make(struct arena *arena, const struct ipset *set,
		     uint8_t direct, struct set_content *out)
{
	*out = (struct set_content){ 0 };
	switch (set_kind(set->type)) {
	case WIRE_SET_ADDRESS:
		return set_trie_make(arena, set->values,
				     set->family == FAMILY_IPV6 ? 16 : 4,
				     direct, &out->trie);
	case WIRE_SET_PORT:
		return set_trie_make(arena, set->values, 2, 0, &out->trie);
	case WIRE_SET_TUPLE:
		break;
	}
	return make_tuples(arena, set, out);
}

static int add_part(struct arena *arena, const struct ruleset *ruleset,
		    size_t question, const struct ipset *set,
		    struct set_parts *out)
{
	struct set_part *part = &out->items[out->count];
	bool is_large = set_kind(set->type) == WIRE_SET_ADDRESS &&
			set->values->count > SET_TRIE_DIRECT_MIN;
	int result =
		set_content_make(arena, set, is_large ? 2 : 0, &part->content);

	if (result)
		return result;
	part->name = (struct wire_set_name){
		.part = {
			.question = question,
			.kind = set_kind(set->type),
			/* The numbers of questions are the ruleset's own. */
			.family = ruleset->family,
			.sources = ruleset->set_questions[question]
					   .dims.sources,
			.direct = part->content.trie.direct,
			.has_second = set->type == IPSET_HASH_IP_PORT_IP,
			.map = out->count,
		},
		.type = set->type,
		.host_bits = set->host_bits,
	};
	snprintf(part->name.name, sizeof(part->name.name), "%s", set->name);
	out->count++;
	return 0;
}

static int add_questions(struct arena *arena, const struct ruleset *ruleset,
			 struct set_parts *out)
{
	for (size_t i = 0; ruleset && i < ruleset->set_question_count; i++) {
		const struct bound_set *bound = &ruleset->set_questions[i];
		const struct ipset *leaves[SET_LEAVES_MAX];
		size_t count =
			ipset_leaves(bound->set, &bound->dims, ruleset->family,
				     leaves, SET_LEAVES_MAX);

		for (size_t j = 0; j < count; j++) {
			int result =
				add_part(arena, ruleset, i, leaves[j], out);

			if (result)
				return result;
		}
	}
	return 0;
}

int set_parts_make(struct arena *arena, const struct ruleset *ipv4,
		   const struct ruleset *ipv6, struct set_parts *out)
{
	*out = (struct set_parts){ 0 };

	int result = add_questions(arena, ipv4, out);
	return result ? result : add_questions(arena, ipv6, out);
}
