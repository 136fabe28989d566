/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Sets of ipset as a program looks at them (bpf/wire_sets.h), as values.
 */
#include "base/err.h"
#include "bpf/set_trie.h"
#include "rules/ipset.h"

/* What is in a set: a trie, or tuples with the list of their lengths. */
struct set_content {
	struct set_trie trie; /* kinds WIRE_SET_ADDRESS and _PORT */
	struct wire_set_key *keys;
	struct wire_set_value *values;
	size_t tuple_count;
};

struct set_part {
	struct wire_set_name name;
	struct set_content content;
};

struct set_parts {
	struct set_part items[WIRE_PARTS_MAX];
	size_t count;
};

/*
 * What @set (no list, .unknown NULL) has; @direct: see bpf/set_trie.h. 0 or
 * -ENOMEM; it lies in @arena.
 */
int set_content_make(struct arena *arena, const struct ipset *set,
		     uint8_t direct, struct set_content *out);

/* Every part of every question that the rulesets (NULL: none) were bound to.
 * 0 or -ENOMEM; contents lie in @arena. */
int set_parts_make(struct arena *arena, const struct ruleset *ipv4,
		   const struct ruleset *ipv6, struct set_parts *out);

/* enum wire_set_kind of a type that is no list. */
enum wire_set_kind set_kind(enum ipset_type type);
