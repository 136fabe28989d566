/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What there is to tell, as values, and the two ways of telling it. A format
 * appends to a struct buf; running out of memory makes the buffer fail.
 */
#include "base/buf.h"
#include "offload/advise.h"
#include "offload/measure_cards.h"
#include "offload/timing.h"
#include "report/diff.h"
#include "offload/caps.h"
#include "report/check.h"
#include "report/explain.h"
#include "report/record.h"
#include "report/share.h"
#include "rules/digest.h"

/* Rulesets as they were read. */
struct report_rules {
	const struct ruleset *rulesets[2];
	size_t count;
};

/* One interface's plan. */
struct report_plan {
	const struct plan *plan;
	bool is_absent; /* the interface is not on this machine */
	bool has_caps;	/* what it can run is known all the same */
	/* What share of the host's drops it takes over, IPv4 and IPv6; NULL:
	 * not measured, or no rules of that family. */
	const struct measure *measures[2];
	/* The same for a card; NULL: there is none, or it is not wanted. */
	struct measure_cards *cards;
	/* What would gain more; NULL: not asked for. */
	struct advice_list *advice;
	bool shows_classifiers;
	const struct timing *timings; /* by class; NULL: not measured */
};

/* One interface after apply. */
struct report_applied {
	const struct plan *plan;
	enum tier tier;		/* the highest that was reached */
	enum tier host_tier;	/* of the host's program; TIER_NONE: none */
	uint32_t prog_id;	/* that program; 0: none */
	uint32_t card_id;	/* the card's; 0: none */
	size_t card_rules;	/* drop rules that the card drops for */
	const char *card_limit; /* why not for all of the plan's; may be "" */
	bool is_unchanged;
	bool has_frags;
	bool is_proved; /* packets came in, and it ran */
	const struct record_step *steps;
	size_t step_count;
};

enum host_rules_answer {
	HOST_RULES_UNASKED, /* or there is no record to compare them with */
	HOST_RULES_SAME,
	HOST_RULES_OTHER,
	HOST_RULES_UNREAD, /* they could not be read */
};

/* Rules of one family that the host has now, beside those of a program. */
struct report_host_rules {
	enum host_rules_answer answer;
	struct digest digest; /* of HOST_RULES_SAME, HOST_RULES_OTHER */
	const char *words;    /* why HOST_RULES_UNREAD */
};

/* One interface with a program of ours, as the kernel has it. */
struct report_attached {
	const char *iface;
	enum tier tier;	     /* the higher one */
	enum tier host_tier; /* of prog_id */
	uint32_t prog_id;
	bool is_shadow;		   /* counts, drops nothing */
	bool is_unconfirmed;	   /* is rolled back ... */
	unsigned int seconds_left; /* ... after so long */
	bool is_expiring; /* if not rolled back, it passes everything ... */
	unsigned int expires_in;     /* ... after so long; 0: it does */
	unsigned int changes;	     /* WIRE_CHECK_*: packets pass since then */
	const struct record *record; /* NULL: lost */
	struct report_host_rules host_rules[2]; /* IPv4, IPv6 */
	time_t since;	       /* when the program was loaded; 0: not known */
	bool is_stopped;       /* passes everything (bpf/switch.h) */
	time_t stopped;	       /* since then */
	const uint64_t *drops; /* packets, by counter, of all programs */
	const uint64_t *rates; /* packets a second; NULL: not known */
	size_t drop_count;
	/* The card's program beside the host's; 0: there are not two. */
	uint32_t card_id;
	const uint64_t *card_drops; /* of these, on the card; NULL: it does not
				       tell */
	const char *card_words;	    /* why not */
	const struct share *share;  /* NULL: not asked for */
};

/* One packet that was dropped, or would have been. */
struct report_sample {
	const char *iface;
	uint64_t when; /* nanoseconds since 1970 */
	bool is_shadow;
	const char *packet;  /* in the words of docs/packet-syntax.md */
	unsigned int length; /* of the frame */
	enum wire_stage stage;
	unsigned int states; /* WIRE_NEW, ... that it may have been in */
	uint32_t rule;	     /* its counter */
	const struct record_counter *counter; /* NULL: not recorded */
};

/* What nobody needs to fear any more. */
struct report_confirmed {
	unsigned int seconds_left;
};

/* The interfaces that a program was taken off. */
struct report_removed {
	const char *const *ifaces; /* NULL: only the number is known */
	size_t count;
};

/* What interfaces can run. */
struct report_caps {
	const struct caps *const *items;
	/* What was asked of each, with the ports of bonds; NULL: not shown. */
	const struct nic *const *nics;
	size_t count;
	const struct kernel_features *kernel; /* NULL: not known */
};

/* One section of the configuration. */
struct report_section {
	const char *pattern;
	const char *source; /* the file */
	unsigned int line;
	bool is_from_kernel;	    /* the host's own rules */
	const char *rules, *rules6; /* NULL: none */
	const struct wishes *wishes;
};

struct report_config {
	struct report_section *sections;
	size_t count;
};

/* A set of ipset, as a program has it. */
struct report_set {
	const char *name, *type;
	enum family family;
	uint64_t ranges, bytes;
};

struct report_style {
	unsigned int width; /* of the terminal; 0: not a terminal */
	bool is_coloured;
};

struct report_format {
	void (*rules)(struct buf *buf, const struct report_style *style,
		      const struct report_rules *rules);
	void (*plans)(struct buf *buf, const struct report_style *style,
		      const struct report_plan *plans, size_t count);
	void (*applied)(struct buf *buf, const struct report_style *style,
			const struct report_applied *applied, size_t count);
	void (*status)(struct buf *buf, const struct report_style *style,
		       const struct report_attached *attached, size_t count);
	void (*stats)(struct buf *buf, const struct report_style *style,
		      const struct report_attached *attached, size_t count);
	void (*explained)(struct buf *buf, const struct report_style *style,
			  const struct explanation *explained, size_t count);
	void (*caps)(struct buf *buf, const struct report_style *style,
		     const struct report_caps *caps);
	void (*check)(struct buf *buf, const struct report_style *style,
		      const struct report_check *check);
	void (*diffs)(struct buf *buf, const struct report_style *style,
		      const struct diff *changes, size_t count);
	void (*config)(struct buf *buf, const struct report_style *style,
		       const struct report_config *config);
	void (*confirmed)(struct buf *buf, const struct report_style *style,
			  const struct report_confirmed *confirmed);
	void (*sets)(struct buf *buf, const struct report_style *style,
		     const char *iface, const struct report_set *sets,
		     size_t count);
	void (*sample)(struct buf *buf, const struct report_style *style,
		       const struct report_sample *sample);
	void (*removed)(struct buf *buf, const struct report_style *style,
			const struct report_removed *removed);
};
