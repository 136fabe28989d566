/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What an interface can run, what is in the way, and what would help: the
 * interface's own answers (net/nic.h), the facts about its driver (nicdb/) and
 * the kernel in, verdicts out. Pure, as the planner.
 *
 * 1. What the kernel says of this interface outweighs a trial, a trial
 *    outweighs facts about the driver, and these outweigh inference.
 * 2. A tier that is NO or AFTER_FIX has a blocker that tells why.
 * 3. In doubt a tier is UNKNOWN, and apply tries it.
 */
#include "net/nic.h"
#include "nicdb/nicdb.h"
#include "offload/plan.h"

enum caps_verdict {
	CAPS_UNKNOWN,
	CAPS_NO,
	CAPS_AFTER_FIX,
	CAPS_YES,
};
const char *caps_verdict_name(enum caps_verdict verdict);

enum caps_origin {
	CAPS_INFERRED,
	CAPS_BY_NICDB,
	CAPS_BY_TRIAL,
	CAPS_BY_KERNEL,
};
const char *caps_origin_name(enum caps_origin origin);

enum caps_certainty {
	CAPS_GUESSED,
	CAPS_LIKELY,
	CAPS_CERTAIN,
};
const char *caps_certainty_name(enum caps_certainty certainty);

/* Where a blocker comes from. */
enum caps_part {
	CAPS_OF_DEVICE,	  /* driver, firmware, kernel */
	CAPS_OF_PLACE,	  /* how the interface is used: ports, VLANs */
	CAPS_OF_PROGRAMS, /* somebody else's program */
};

struct caps_blocker {
	enum reason reason;
	enum caps_part part;
	unsigned int
		tiers;	/* 1 << enum tier of those that it is in the way of */
	char text[256]; /* with this interface's numbers */
	const char *errnos, *says, *channel; /* of the refusal, or NULL */
	char fix[256];	  /* a command; "" when there is none */
	bool is_complete; /* ... that can be run as it is */
	char undo[256];
	char remedy[512];  /* in words, where no command does it */
	const char *costs; /* of the fix, or NULL */
};

struct caps_tier {
	enum caps_verdict verdict; /* everything considered */
	enum caps_verdict able;	   /* by the device alone */
	enum caps_origin origin;
	enum caps_certainty certainty;
	char text[160]; /* how it is known */
};

/* One thing that a program may want of interface or kernel. */
struct caps_bit {
	const char *name;
	enum caps_verdict answer; /* YES, NO or UNKNOWN */
	enum caps_origin origin;
	enum caps_certainty certainty;
};

/* Another filter of the hardware; shown, not used. */
struct caps_filter {
	enum nicdb_filter_kind kind;
	bool is_known, is_on;
	uint32_t capacity; /* 0: not known */
	uint32_t used;
	enum caps_origin origin;
	const char *text; /* or NULL */
};

#define CAPS_BLOCKERS_MAX 16
#define CAPS_BITS_MAX	  16
#define CAPS_WARNINGS_MAX 12

struct caps {
	struct nic nic;			    /* copied; .ports is not */
	const struct nicdb_driver *driver;  /* of the nicdb; NULL: unknown */
	struct caps_tier tiers[TIER_COUNT]; /* index: enum tier */
	struct caps_blocker blockers[CAPS_BLOCKERS_MAX];
	size_t blocker_count;
	struct caps_bit bits[CAPS_BITS_MAX];
	size_t bit_count;
	char warnings[CAPS_WARNINGS_MAX][256];
	size_t warning_count;
	char generic_costs[160]; /* what generic takes away; "": nothing */
	enum tier recommended;
	enum nicdb_attach attach; /* what attaching natively does */
	const char *attach_text;  /* or NULL */
	struct caps_filter ntuple, flower;
};

/* @kernel NULL: not known. @db must outlive *@out. 0 or -ENOMEM. */
int caps_make(const struct nic *nic, const struct nicdb *db,
	      const struct kernel_features *kernel, struct caps **out,
	      struct err *err);
void caps_free(struct caps *caps);
OWN_DEFINE(caps)

/* What attaching a native program does, as a sentence. */
void caps_say_attach(const struct caps *caps, char *out, size_t size);

/*
 * What the device itself has against the tier: the first blocker of
 * CAPS_OF_DEVICE; NULL when it can (or nobody knows). NULL @caps is nobody.
 */
const struct caps_blocker *caps_objection(const struct caps *caps,
					  enum tier tier);
