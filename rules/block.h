/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Lists of addresses and networks whose packets are dropped whatever the rules
 * say: published blocklists, one prefix a line. To everything that comes
 * behind, such a list is a set of ipset and a rule that asks for it, the first
 * of raw PREROUTING.
 */
#include "rules/bind.h"

/* The set's name, and that of the chain in which the rule stands. */
#define BLOCK_NAME "wirewall-block"

struct block_list {
	struct arena *arena;
	struct ipset *ipv4, *ipv6; /* of type hash:net; of .arena */
};

void block_list_free(struct block_list *list);
OWN_DEFINE(block_list)

/*
 * Read lists of both families: a prefix or an address first on each line; what
 * follows a blank, ';' or '#' is a comment. Returns 0; -EINVAL with the line
 * that has something else; -ENOMEM. *@out is untouched on failure.
 */
int block_read(const char *text, size_t length, const char *source,
	       struct block_list **out, struct err *err);

/*
 * Put the rule of @set before all others of @ruleset, which refers to the set
 * from then on. Before bind_sets(). 0 or -ENOMEM.
 */
int block_insert(struct ruleset *ruleset, const struct ipset *set);
