/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the host drops by itself, as the counters of its own rules tell
 * (iptables-save -c): read when a program begins to count, and again to say
 * what share of all drops was early. A packet is counted once: by the program
 * that dropped it, or by the rule that did.
 */
#include "base/arena.h"
#include "cli/input.h"
#include "report/report.h"

struct tally {
	struct input places[2];
	bool is_read;
	struct err why; /* when it is not */
};

/* What cannot be read is not known. */
void tally_read(struct tally *out);
void tally_free(struct tally *tally);
#define OWN_TALLY __attribute__((cleanup(tally_free)))

/*
 * Where the counters of @plan's drop rules stand now, in @arena. @early: what
 * its program has dropped by now. 0 or -ENOMEM.
 */
int tally_begin(const struct tally *tally, const struct plan *plan,
		uint64_t early, struct arena *arena, struct record_host *out,
		struct err *err);

/* What has been dropped since, early and by the host. */
void tally_share(const struct tally *tally,
		 const struct report_attached *attached, struct share *out);
