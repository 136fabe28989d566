/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What apply would change on one interface: what is attached now beside what
 * the plan wants.
 */
#include "report/record.h"

enum diff_kind {
	DIFF_NOTHING, /* nothing is there, nothing is wanted */
	DIFF_NONE,    /* what is wanted is there */
	DIFF_ATTACH,
	DIFF_REPLACE,
	DIFF_DETACH,
};

/* A rule, or an option, on one of both sides only. */
struct diff_line {
	bool is_added;
	char *text; /* "filter INPUT -s 10.0.0.0/8 -j DROP"; "--static" */
};

struct diff {
	const struct plan *plan;
	enum diff_kind kind;
	enum tier tier;	  /* of what is attached */
	uint32_t prog_id; /* 0: nothing is */
	bool is_recorded; /* what was applied is known */
	struct diff_line *lines;
	size_t count;
};

/* What is attached to the plan's interface now. */
struct diff_before {
	enum tier tier;
	uint32_t prog_id;	     /* 0: nothing is */
	const uint8_t *digest;	     /* 32 bytes, of its plan */
	const struct record *record; /* NULL: lost */
};

/* "nothing" "none" "attach" "replace" "detach" */
const char *diff_name(enum diff_kind kind);

/*
 * Compare. Rules are those with a drop counter, without their numbers, which
 * every rule inserted before them shifts. Returns 0 or -ENOMEM.
 */
int diff_make(const struct plan *plan, const struct diff_before *before,
	      struct diff *out, struct err *err);
void diff_clear(struct diff *change);
