/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The record: what was applied to one interface and why, kept as JSON under
 * /run/wirewall so that status and stats can name what the kernel only
 * numbers. The kernel is the truth of what is attached; losing the record
 * loses names, never safety. So every field is optional, and a broken record
 * is as good as none.
 */
#include <time.h>

#include "offload/plan.h"

/* One step down the ladder: a tier that was not had. */
struct record_step {
	const char *tier;     /* "native" */
	const char *reason;   /* stable id */
	const char *sentence; /* for people */
	const char *text;     /* the kernel's words; may be "" */
};

/* The rule that one drop counter belongs to. */
struct record_counter {
	int family; /* 4, 6, or 0: not known */
	const char *table, *chain;
	unsigned int number; /* in its chain; 0: the chain's policy */
	unsigned int line;   /* 0: not known */
	const char *text;
};

/* The rules of one family. */
struct record_rules {
	const char *source; /* where they came from */
	const char *digest; /* hex, as rules/digest.h makes it */
	/* Tables that the digest is of; NULL: all that the host had loaded. */
	const char **tables;
	size_t table_count;
};

/* One of the host's rules that drop, beside the program. */
struct record_host_rule {
	int family;
	const char *table, *chain;
	unsigned int number; /* in its chain; 0: the chain's policy */
	const char *text;
	const char *reason, *sentence; /* why what it drops reaches it */
	uint64_t packets;	       /* that it had dropped .since */
};

/* Where the counters of the rules stood when the program began to count. */
struct record_host {
	const char *since;   /* as .applied of the record; NULL: never */
	const char *unknown; /* why they are not known, a sentence, or NULL */
	uint64_t early;	     /* what the program had dropped by then */
	struct record_host_rule *rules;
	size_t rule_count;
};

/* As read back: any pointer may be NULL. */
struct record {
	struct arena *arena;
	const char *iface;
	const char *digest;	      /* hex, of the plan */
	const char *applied;	      /* "2025-11-22T05:00:00Z" */
	struct record_rules rules[2]; /* IPv4, IPv6 */
	const char **wishes;	      /* as options of apply: "--static" */
	size_t wish_count;
	const char **assumed; /* facts that the operator vouched for */
	size_t assumed_count;
	struct record_step *steps;
	size_t step_count;
	struct record_counter *counters; /* index: counter */
	size_t counter_count;
	struct record_host host;
};

/*
 * Write the record of @plan as it was applied at @when. The steps are those of
 * the attempt; what the plan knew before about other tiers is added. @host
 * NULL: not known. Returns 0 and malloc()ed text, or -ENOMEM.
 */
int record_make(const struct plan *plan, time_t when,
		const struct record_step *steps, size_t step_count,
		const struct record_host *host, char **out, struct err *err);

/* NULL for text that is no record of ours, or without memory. */
struct record *record_parse(const char *text);
void record_free(struct record *record);
OWN_DEFINE(record)

/* Is it the record of the plan with this digest? */
bool record_is_of(const struct record *record, const uint8_t digest[32]);
