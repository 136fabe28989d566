/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * From plans to attachments: on the card, if one takes programs, and on the
 * ladder native -> generic -> none; several interfaces all or none, and nothing
 * lost: until the new program filters the old one does.
 */
#include "net/link.h"
#include "offload/plan.h"

/* One interface to bring to its plan. */
struct apply_request {
	const struct plan *plan;
	/* What is kept under /run/wirewall for status and stats, opaque here;
	 * see report/record.h. */
	const char *record;
	/* Called before what may take seconds (a card that does not answer);
	 * NULL: nobody wants to know. */
	void (*progress)(const char *iface, const char *sentence);
};

/* One step down the ladder. */
struct apply_step {
	enum tier tier; /* the tier that was not had */
	enum reason reason;
	char text[1024]; /* the kernel's words; may be "" */
	char fix[512];	 /* what to do about it here; may be "" */
};

struct apply_result {
	enum tier tier;	     /* what was reached; TIER_NONE: nothing attached */
	uint32_t prog_id;    /* of the host's program; 0: none */
	bool is_unchanged;   /* the same programs were there already */
	bool is_proved;	     /* packets came in, and the host's ran */
	bool has_frags;	     /* jumbo frames of several buffers are taken */
	enum tier host_tier; /* of the host's program; TIER_NONE: none */
	uint32_t card_id;    /* of the card's; 0: none */
	size_t card_rules;   /* drop rules that the card drops for */
	char card_limit[512]; /* why not for all of the plan's; may be "" */
	struct apply_step steps[TIER_COUNT];
	size_t step_count;
	char warning[512]; /* e.g. the record could not be kept; "" if none */
};

/*
 * Attach every plan, in order. On failure of one the interfaces that were
 * changed get their former program back, and the sentence names the interface.
 * Fails with ERR_LESS when a plan requires a tier that is not had, with
 * ERR_SYSTEM when another program holds the interface or it vanished.
 * @results: one for each request, filled as far as it got.
 */
int apply_plans(const struct apply_request *requests, size_t count,
		struct apply_result *results, struct err *err);

/*
 * The same, but the former programs stay loaded, so that they can be put back
 * later. Requests and results must outlive *@out. The host's new programs pass
 * everything @seconds after all are attached, whatever becomes of this process;
 * 0: never.
 */
struct applied;
int apply_hold(const struct apply_request *requests, size_t count,
	       unsigned int seconds, struct apply_result *results,
	       struct applied **out, struct err *err);

/*
 * They do not expire any more; on failure all of them expire in @left seconds,
 * as before.
 */
int applied_confirm(const struct applied *applied, unsigned int left,
		    struct err *err);

/*
 * Put the former programs back, where the ones that apply_hold() attached are
 * still there. Returns 0, or -errno with a sentence for each interface. May
 * be called again then.
 */
int applied_undo(struct applied *applied, struct err *err);
void applied_free(struct applied *applied);
OWN_DEFINE(applied)

/*
 * Where programs of ours are attached: one, or one by the host and one on the
 * card that belong to the same plan and share counters.
 */
struct attachment {
	struct link link;
	enum tier tier;	       /* the higher one */
	enum tier host_tier;   /* of prog_id */
	uint32_t prog_id;      /* the host's if there is one */
	uint32_t card_id;      /* the card's beside it; 0: none */
	size_t card_count;     /* counters in use there */
	struct wire_meta meta; /* of prog_id */
	char *record;	       /* from /run/wirewall, NULL when lost */
};

struct attachments {
	struct attachment *items;
	size_t count;
};

/* All of ours in this network namespace; @iface NULL: on any interface. */
int apply_list(const char *iface, struct attachments **out, struct err *err);
void attachments_free(struct attachments *attachments);
OWN_DEFINE(attachments)

/*
 * Detach ours from one interface (-ENOENT with a sentence when there is none;
 * a foreign program is left alone and named), or from all of them; *@removed
 * counts.
 */
int apply_remove(const char *iface, struct err *err);
int apply_off(size_t *removed, struct err *err);
