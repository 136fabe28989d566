/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A set of ipset while its elements are being read. ipset_draft_finish() makes
 * of them what rules/ipset.h describes.
 *
 * Ownership: the draft has malloc()ed scratch (ipset_draft_free); the set lives
 * in its arena.
 */
#include "rules/ipset.h"

/* Addresses or ports from min to max. */
struct ipset_span {
	u128 min, max;
	unsigned int bits;  /* of the prefix, for networks */
	unsigned int order; /* a later one takes an equal one's place */
	bool is_nomatch;
};

struct ipset_draft {
	struct ipset *set;
	struct ipset_span *spans;
	size_t span_count, span_size;
	struct ipset_tuple *tuples;
	size_t tuple_count, tuple_size;
	const struct ipset **members;
	size_t member_count, member_size;
	uint32_t timeout; /* of elements that do not say; 0: for ever */
	bool has_temporary;
};

void ipset_draft_free(struct ipset_draft *draft);

/* Each: 0 or -ENOMEM. */
int ipset_draft_span(struct ipset_draft *draft, const struct ipset_span *span);
int ipset_draft_tuple(struct ipset_draft *draft,
		      const struct ipset_tuple *tuple);
int ipset_draft_member(struct ipset_draft *draft, const struct ipset *member);

/* Make the set of what was added. 0 or -ENOMEM. */
int ipset_draft_finish(struct ipset_draft *draft, struct arena *arena);
