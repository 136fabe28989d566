/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What happens to one packet, as values: at the host in each connection state
 * and on each way that routing may send it, and in each tier.
 */
#include "offload/judge.h"

enum explain_path {
	EXPLAIN_INPUT,
	EXPLAIN_FORWARD,
	EXPLAIN_PATH_COUNT,
};

struct explain_tier {
	bool is_candidate;
	enum reason reason; /* why not */
	/* Per path and number of the state's bit. */
	struct judgement judged[EXPLAIN_PATH_COUNT][CT_STATE_COUNT];
};

struct explanation {
	const char *text; /* the packet in words; not owned */
	bool is_ip;	  /* false: netfilter never sees it */
	bool has_rules;	  /* rules of its family were given */
	enum family family;
	unsigned int states;		/* CT_*: asked for */
	bool paths[EXPLAIN_PATH_COUNT]; /* asked for */
	/* Per path and number of the state's bit. */
	struct verdict host[EXPLAIN_PATH_COUNT][CT_STATE_COUNT];
	struct explain_tier tiers[TIER_COUNT];
};

struct explain_question {
	const struct plan *plan;
	const char *text;	     /* outlives the answer */
	const struct packet *packet; /* NULL: not IP, or broken */
	unsigned int states;	     /* CT_* */
	bool paths[EXPLAIN_PATH_COUNT];
};

void explain_packet(const struct explain_question *question,
		    struct explanation *out);

const char *explain_path_name(enum explain_path path); /* "input" */
/* Of a bit's number: "NEW" ... */
const char *explain_state_name(unsigned int number);

/* Does routing change what is said: of the host's verdicts, of one tier? */
bool explain_host_differs(const struct explanation *explained);
bool explain_tier_differs(const struct explanation *explained, enum tier tier);

/* Do connection states that were asked for change it, on this path? */
bool explain_states_differ(const struct explanation *explained, enum tier tier,
			   enum explain_path path);

/* Are the outcomes, and who brought them, the same? */
bool explain_is_same(const struct verdict *a, const struct verdict *b);

bool explain_is_same_judgement(const struct judgement *a,
			       const struct judgement *b);

/*
 * The decision of a tier for all paths and states that were asked for: a pass
 * on one of them stands for all.
 */
const struct judgement *explain_judgement(const struct explanation *explained,
					  enum tier tier);

/* The same on one path. */
const struct judgement *
explain_path_judgement(const struct explanation *explained, enum tier tier,
		       enum explain_path path);
