// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/ipset_draft.h"

void ipset_draft_free(struct ipset_draft *draft)
{
	free(draft->spans);
	free(draft->tuples);
	free(draft->members);
}

/* Room for one more element of @width bytes: the array, or NULL. */
static void *grow(void *items, size_t count, size_t *size, size_t width)
{
	if (count < *size)
		return items;

	size_t larger = *size ? *size * 2 : 64;
	void *grown = reallocarray(items, larger, width);

	if (grown)
		*size = larger;
	return grown;
}

int ipset_draft_span(struct ipset_draft *draft, const struct ipset_span *span)
{
	struct ipset_span *spans = grow(draft->spans, draft->span_count,
					&draft->span_size, sizeof(*spans));

	if (!spans)
		return -ENOMEM;
	draft->spans = spans;
	spans[draft->span_count] = *span;
	spans[draft->span_count].order = draft->span_count;
	draft->span_count++;
	return 0;
}

int ipset_draft_tuple(struct ipset_draft *draft,
		      const struct ipset_tuple *tuple)
{
	struct ipset_tuple *tuples = grow(draft->tuples, draft->tuple_count,
					  &draft->tuple_size, sizeof(*tuples));

	if (!tuples)
		return -ENOMEM;
	draft->tuples = tuples;
	tuples[draft->tuple_count++] = *tuple;
	return 0;
}

int ipset_draft_member(struct ipset_draft *draft, const struct ipset *member)
{
	const struct ipset **members =
		grow(draft->members, draft->member_count, &draft->member_size,
		     sizeof(*members));

	if (!members)
		return -ENOMEM;
	draft->members = members;
	members[draft->member_count++] = member;
	return 0;
}

/* Networks before those within them, equal ones in the order of adding. */
static int by_nesting(const void *a, const void *b)
{
	const struct ipset_span *x = a, *y = b;

	if (x->min != y->min)
		return x->min < y->min ? -1 : 1;
	if (x->bits != y->bits)
		return x->bits < y->bits ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* What is left of networks in which others decide for parts of them. */
struct sweep {
	const struct ipset_span *open[129]; /* each within the one before */
	size_t depth;
	u128 next; /* the first address that is not settled */
	struct interval *parts;
	size_t count;
};

/* Up to @max the innermost open network decides. */
static void settle(struct sweep *sweep, u128 max)
{
	if (!sweep->open[sweep->depth - 1]->is_nomatch)
		sweep->parts[sweep->count++] =
			(struct interval){ sweep->next, max };
}

static void close_inner(struct sweep *sweep)
{
	const struct ipset_span *inner = sweep->open[sweep->depth - 1];

	if (sweep->next <= inner->max && sweep->next >= inner->min)
		settle(sweep, inner->max);
	sweep->depth--;
	sweep->next = inner->max + 1;
}

static void open_inner(struct sweep *sweep, const struct ipset_span *span)
{
	const struct ipset_span *outer =
		sweep->depth ? sweep->open[sweep->depth - 1] : NULL;

	if (outer && outer->min == span->min && outer->bits == span->bits) {
		sweep->open[sweep->depth - 1] = span;
		return;
	}
	if (outer && sweep->next < span->min)
		settle(sweep, span->min - 1);
	sweep->open[sweep->depth++] = span;
	sweep->next = span->min;
}

/*
 * Of the networks that have an address the most specific one decides, and one
 * with `nomatch` says no (mtype_test_cidrs() in ip_set_hash_gen.h).
 */
static const struct set *nest(const struct ipset_draft *draft,
			      struct arena *arena, struct interval *parts)
{
	struct sweep sweep = { .parts = parts };

	qsort(draft->spans, draft->span_count, sizeof(*draft->spans),
	      by_nesting);
	for (size_t i = 0; i < draft->span_count; i++) {
		const struct ipset_span *span = &draft->spans[i];

		while (sweep.depth &&
		       sweep.open[sweep.depth - 1]->max < span->min)
			close_inner(&sweep);
		open_inner(&sweep, span);
	}
	while (sweep.depth)
		close_inner(&sweep);
	return set_make(arena, parts, sweep.count);
}

static const struct set *make_values(struct ipset_draft *draft,
				     struct arena *arena)
{
	/* A network splits the one around it in two at the most. */
	OWN_MEM struct interval *parts =
		calloc(draft->span_count * 2 + 1, sizeof(*parts));
	bool has_nomatch = false;

	if (!parts)
		return NULL;
	for (size_t i = 0; i < draft->span_count; i++) {
		has_nomatch |= draft->spans[i].is_nomatch;
		parts[i] = (struct interval){ draft->spans[i].min,
					      draft->spans[i].max };
	}
	if (has_nomatch)
		return nest(draft, arena, parts);
	return set_make(arena, parts, draft->span_count);
}

/*
 * Addresses are asked for without their host bits. The address 0 is in no
 * hash:ip then (hash_ip4_kadt(), hash_ip6_kadt()).
 */
static const struct set *unmask(const struct ipset_draft *draft,
				struct arena *arena, const struct set *masked)
{
	const u128 host = num_max(draft->set->host_bits);
	struct set *values =
		arena_alloc(arena,
			    sizeof(*values) +
				    masked->count * sizeof(*values->intervals));

	if (!values)
		return NULL;
	for (size_t i = 0; i < masked->count; i++) {
		struct interval part = masked->intervals[i];

		part.max |= host;
		if (draft->set->type == IPSET_HASH_IP && part.min == 0)
			part.min = host + 1;
		if (part.min <= part.max)
			values->intervals[values->count++] = part;
	}
	return set_make(arena, values->intervals, values->count);
}

/* Sorted, each once. */
static void sort_tuples(struct ipset_draft *draft)
{
	struct ipset_tuple *tuples = draft->tuples;
	size_t count = 0;

	if (draft->tuple_count)
		qsort(tuples, draft->tuple_count, sizeof(*tuples),
		      ipset_tuple_compare);
	for (size_t i = 0; i < draft->tuple_count; i++) {
		const struct ipset_tuple *last =
			count ? &tuples[count - 1] : NULL;

		if (!last || ipset_tuple_compare(last, &tuples[i]))
			tuples[count++] = tuples[i];
		else if (last->is_nomatch != tuples[i].is_nomatch)
			draft->set->unknown = "an element is there with and "
					      "without nomatch";
	}
	draft->tuple_count = count;
}

static void list_lengths(struct ipset *set)
{
	for (size_t i = set->tuple_count; i-- > 0;) {
		uint8_t bits = set->tuples[i].bits;

		if (!set->length_count ||
		    set->lengths[set->length_count - 1] != bits)
			set->lengths[set->length_count++] = bits;
	}
}

int ipset_draft_finish(struct ipset_draft *draft, struct arena *arena)
{
	struct ipset *set = draft->set;

	set->element_count =
		draft->span_count + draft->tuple_count + draft->member_count;
	set->values = make_values(draft, arena);
	if (set->values && set->type != IPSET_BITMAP_PORT)
		set->values = unmask(draft, arena, set->values);
	sort_tuples(draft);
	set->tuples = arena_copy(arena, draft->tuples,
				 draft->tuple_count * sizeof(*draft->tuples));
	set->tuple_count = draft->tuple_count;
	set->members =
		arena_copy(arena, draft->members,
			   draft->member_count * sizeof(*draft->members));
	set->member_count = draft->member_count;
	if (!set->values || !set->tuples || !set->members)
		return -ENOMEM;
	list_lengths(set);
	if (draft->has_temporary)
		set->unknown = "elements of the set expire";
	return 0;
}
