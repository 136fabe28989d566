/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The planner: rules, the interface, the kernel, host facts and wishes in;
 * what runs where, and why not more, out. Pure: it reads nothing from the
 * machine, and the same input gives the same bytes.
 */
#include "bpf/load.h"
#include "bpf/program.h"
#include "net/facts.h"
#include "net/link.h"
#include "net/locals.h"

enum tier {
	TIER_NONE,
	TIER_GENERIC,
	TIER_NATIVE,
	TIER_HW,
	TIER_COUNT,
};
const char *tier_name(enum tier tier); /* "none" "generic" "native" "hw" */
/* The tier of that name, or -EINVAL. */
int tier_find(const char *name);

struct caps;

/* The rules to enforce; a family without a ruleset passes. Not owned. */
struct policy {
	const struct ruleset *ipv4, *ipv6;
};

struct wishes {
	enum tier max;	   /* do not go above; TIER_HW: no limit */
	enum tier require; /* fail below; TIER_NONE: take what comes */
	bool strict_fragments;
	bool strict_conntrack; /* packets of known connections pass */
	bool is_shadow;	       /* judge and count, drop nothing */
	bool accept_bypass;    /* ignore other tables and hooks in front */
	unsigned int pinned;   /* 1 << enum about: these will not change */
	bool is_watched;       /* `wirewall watch` applies again on a change */
	bool syn_is_new; /* a card takes no TCP SYN for part of an established
			    connection */
	bool ignore_counters; /* rules without a target count for nothing */
	bool ignore_logs; /* log lines that sysctls ask for may be missing */
	/* Packets per second that the host would log and drop which still go
	 * up to it; 0: all of them do. */
	uint32_t log_sample;
	bool require_full_coverage;
	const struct classifier *classifier; /* NULL: the cheapest */
};

/* Rows of offload/reasons.def: why a tier, or anything at all, is not had. */
enum reason {
#define REASON(id, name, sentence, remedy) REASON_##id,
#include "offload/reasons.def"
#undef REASON
	REASON_COUNT,
};
const char *reason_name(enum reason reason);	 /* stable id */
const char *reason_sentence(enum reason reason); /* for people */
const char *reason_remedy(enum reason reason);	 /* NULL: there is none */
/* The reason of that id, or -EINVAL. */
int reason_find(const char *name);
/*
 * Why a driver answers an attempt to attach with @errnum, or
 * REASON_NONE: that number does not mean "not here".
 */
enum reason reason_of_refusal(int errnum);

/* Rows of offload/facts.def: what drops rest on beside the rules. */
enum about {
#define FACT(id, name, is_pinnable) ABOUT_##id,
#include "offload/facts.def"
#undef FACT
	ABOUT_COUNT,
};

/* How one fact entered the plan. */
enum fact_source {
	FACT_PER_PACKET, /* the program asks for each packet it would drop */
	FACT_WATCHED,	 /* a watcher sees it change, and plans again */
	FACT_PINNED,	 /* the operator vouches for it (--static, ...) */
	FACT_SHOWN,	 /* nothing rests on it: the worst was assumed, or it
			    decides nothing */
};

struct plan_fact {
	const char *name; /* stable id */
	enum fact_source source;
	char text[256]; /* the value, in words */
};

/* Where one rule is enforced. */
enum coverage {
	COVERAGE_NOT_A_DROP, /* nothing to enforce early */
	COVERAGE_EARLY,	     /* at least some of its packets die early */
	COVERAGE_HOST,	     /* the host alone; .why tells */
};

struct plan_rule {
	enum family family;
	const struct flat_rule *flat; /* table, chain, rule, line */
	enum coverage coverage;
	enum why why;			 /* for COVERAGE_HOST */
	const struct flat_rule *blocker; /* the rule behind it, or NULL */
	bool has_fragments; /* fragments of its packets die early too */
	bool is_on_card;    /* some of its packets die on the card */
	uint32_t counter;   /* index of its drop counter, or NO_RULE */
};

/* One step of the ladder: may this tier be tried? */
struct plan_tier {
	bool is_candidate;
	enum reason reason; /* why not, when it is not */
	char text[256];	    /* this machine's words about it; may be "" */
	char fix[512]; /* what to do here, better than the reason's remedy; may
			  be "" */
};

struct plan_input {
	struct policy policy;
	const char *iface;
	const struct link *link;  /* NULL: the interface is elsewhere */
	const struct link *upper; /* that takes packets off it, or NULL */
	const struct kernel_features *kernel;
	const struct caps *caps; /* NULL: nothing is known, all is tried */
	/* Of this moment or before, never after @facts; NULL: there is none. */
	const struct wire_stamp *stamp;
	const struct locals *locals; /* NULL: not known */
	const struct host_facts *facts;
	struct wishes wishes;
};

struct plan {
	char iface[IFNAMSIZ];
	struct policy policy;
	struct wishes wishes;
	struct flat *flats[WIRE_CLASS_COUNT]; /* NULL: no rules for it */
	struct program *program;	      /* of native and generic */
	/* The card's lists, and program; NULL when it is given none. */
	struct flat *card_flats[WIRE_CLASS_COUNT];
	struct program *card;
	struct plan_tier tiers[TIER_COUNT]; /* index: enum tier */
	char attach_costs[192]; /* what attaching natively does to the traffic
				   of the moment; "": nothing, or not known */
	struct plan_rule *rules;
	size_t rule_count;
	size_t drop_rule_count;	 /* drops on the way of incoming packets of
				    this interface */
	size_t early_rule_count; /* of these, dropped early at least partly */
	size_t card_rule_count;	 /* of these, on the card at least partly */
	struct plan_fact facts[ABOUT_COUNT];
	size_t fact_count;
	uint8_t digest[32]; /* of what the program does; joins /run files */
};

/*
 * Returns 0 also when nothing can be dropped: the tiers then say why. -ENOMEM
 * otherwise. The plan refers to the rulesets, which must outlive it.
 */
int plan_make(const struct plan_input *input, struct plan **out,
	      struct err *err);
void plan_free(struct plan *plan);
OWN_DEFINE(plan)

/* The program that has a counter, and a name for it, for all counters. */
const struct program *plan_numbering(const struct plan *plan);

struct tracking; /* offload/tracking.h */

/* Part of planning: the lists of regions for who knows of states what @tracking
 * says. 0 or -ENOMEM. */
int plan_flatten(const struct plan_input *input,
		 const struct tracking *tracking,
		 struct flat *flats[WIRE_CLASS_COUNT], struct err *err);
