/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What the kernel has of ours, with the names that the records remember. */
#include "fallback/apply.h"
#include "report/report.h"

struct attached {
	struct attachments *kernel;
	struct record **records; /* one for each, NULL: lost */
	uint64_t **drops, **rates, **card_drops;
	struct err *card_errs;	   /* why a card's drops are not known */
	struct err host_rules_err; /* why the host's rules are not */
	struct share *shares;	   /* NULL: not asked for */
	struct report_attached *reports;
	size_t count;
};

/*
 * @iface NULL: on all interfaces. A record that is broken, or of another plan
 * than the program's, is as good as none.
 */
int attached_make(const char *iface, struct attached **out, struct err *err);
/* Fill in what has changed behind the programs (report_attached.changes). */
void attached_compare(struct attached *attached);
/* Fill in what share of all drops was early (report_attached.share). 0, -ENOMEM. */
int attached_share(struct attached *attached, struct err *err);
void attached_free(struct attached *attached);
OWN_DEFINE(attached)
