/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the watcher decides about one interface. Pure: two views of the world
 * and the time in, what to do out. It compares what is with what the program
 * was planned for, instead of believing notices: those only say when to look.
 *
 *	 GONE <--------> WAITING --plan, apply--> KEPT
 *	                    ^                      |
 *	                    +---- something changed+
 *	LEFT_ALONE: somebody took our program off, or put another one there.
 *
 * 1. A change that could make a drop wrong stops the program at once
 *    (bpf/switch.h); planning follows when it has been quiet for a moment.
 * 2. What is seen by nobody while a plan is being made cannot be stopped in
 *    time; so a program whose plan takes long is stopped before.
 * 3. What somebody else did to the interface is said, never undone.
 * 4. A watcher that begins stops what was planned for another world than the
 *    one that it finds, and nothing else.
 * 5. A tier that was refused is tried again: at once when the device changes,
 *    else after a pause that doubles.
 * 6. A card asks nobody whether an address is the host's: what it drops rests
 *    on the addresses of the plan, and so may its having nothing to drop (an
 *    interface that comes back has none yet).
 */
#include <stdbool.h>
#include <stdint.h>

#include "offload/plan.h"

/* What a drop may rest on, as bits: see watch_facts(). */
enum watch_fact {
	WATCH_NAT_IPV4 = 1 << 0,
	WATCH_NAT_IPV6 = 1 << 1,
	WATCH_RAW_IPV4 = 1 << 2,
	WATCH_RAW_IPV6 = 1 << 3,
	WATCH_HOOKS = 1 << 4,
	WATCH_HELPERS = 1 << 5,
	WATCH_LOG_INVALID = 1 << 6,
	WATCH_LOG_MARTIANS = 1 << 7,
	WATCH_FACTS = 8,
};

/* The bits that are so (or cannot be read), and in the upper half the tables
 * of iptables that are there. */
uint64_t watch_facts(const struct host_facts *facts);

/* One interface at one moment. */
struct watch_view {
	bool is_there;
	int ifindex;
	uint32_t mtu;
	int master, upper; /* ifindex, 0: none */
	uint32_t ours;	   /* id of our program, 0: none */
	uint32_t foreign;  /* id of somebody else's, 0: none */
	uint32_t card;	   /* id of the one on the card, whose ever, 0: none */
	enum tier tier;	   /* of ours */
	uint64_t facts;	   /* watch_facts() */
	uint64_t rules;	   /* a mark of those that are watched; 0: a file's */
	uint64_t locals;   /* a mark of the host's own addresses */
	uint64_t device;   /* counts notices about devices */
	uint64_t planned;  /* watch_mark() of what ours was planned for, 0: ? */
	bool is_taken;	   /* somebody waits for a confirmation */
};

/* A mark of all in @view that a drop may rest on, never 0. */
uint64_t watch_mark(const struct watch_view *view);

enum watch_phase {
	WATCH_WAITING, /* to be planned */
	WATCH_GONE,    /* not in this namespace */
	WATCH_KEPT,    /* as planned: maybe also nothing */
	WATCH_LEFT_ALONE,
};

/* Rows of fallback/watch.def: what happened. */
enum watch_event {
#define WATCH(id, name, sentence) WATCH_EVENT_##id,
#include "fallback/watch.def"
#undef WATCH
	WATCH_EVENT_COUNT,
};
const char *watch_event_name(enum watch_event event);	  /* stable id */
const char *watch_event_sentence(enum watch_event event); /* for people */

/* What the watcher knows of one interface; begins zeroed. */
struct watch_state {
	enum watch_phase phase;
	struct watch_view then; /* when the program was planned */
	uint32_t kept;		/* its id, 0: nothing is attached */
	bool is_lesser;		/* a better tier may be had another time */
	bool awaits_locals;	/* as in the outcome */
	bool is_stopped;
	long plan_ms;  /* how long the last plan took */
	long due;      /* WAITING: plan then; in milliseconds, any epoch */
	long due_last; /* but not later than this */
	long retry;    /* KEPT and lesser: try again then */
	long pause;    /* the next one's length */
};

enum watch_act {
	WATCH_STOP = 1 << 0, /* .stopping, .card must not drop any more */
	WATCH_PLAN = 1 << 1, /* plan and apply, then watch_planned() */
};

struct watch_decision {
	unsigned int acts;
	enum watch_event event; /* WATCH_EVENT_NONE: nothing to tell */
	/* For WATCH_STOP, 0: none. The programs, wherever their interface is
	 * by now, and the second one only if it is ours. */
	uint32_t stopping, card;
};

/* Compare, and change the phase. */
struct watch_decision watch_decide(struct watch_state *state,
				   const struct watch_view *now, long time);

/* How the planning went that watch_decide() asked for. */
struct watch_outcome {
	const struct watch_view *then; /* before it began */
	uint32_t prog_id;	       /* attached now, 0: nothing */
	uint32_t card_id;	       /* on the card, 0: nothing */
	bool has_failed;	       /* there is no plan, or no attaching */
	bool is_lesser;
	bool awaits_locals; /* a card may be had with other addresses */
	long took;	    /* milliseconds */
};
void watch_planned(struct watch_state *state,
		   const struct watch_outcome *outcome, long time);

/* Plan everything anew: the configuration was read again. */
void watch_reset(struct watch_state *state, long time);

/* When watch_decide() has something to do without any change; -1: never. */
long watch_due(const struct watch_state *state);
