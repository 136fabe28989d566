/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The host of topology.h in different situations, and what traffic leaves
 * behind on it.
 */
#include "base/buf.h"
#include "base/err.h"
#include "rules/ruleset.h"
#include "base/random.h"

struct host {
	const char *name;
	const char *begin, *end; /* shell scripts for its namespace */
};

const struct host *hosts_choose(enum family family, struct random *rnd);

/* A script: forget what routing learned (redirects, narrow paths). */
extern const char hosts_forget[];

/* One of several tables nat, as text. */
const char *hosts_nat(enum family family, size_t index);

/*
 * Those of the tables raw, mangle, filter (and nat) that @rules do not have,
 * empty: loaded, they leave nothing of others, and iptables-save prints them.
 */
void hosts_add_missing_tables(struct buf *out, const char *rules, bool has_nat);

/*
 * What is left: counters of the rules that exist to count or have an effect, as
 * @save_command prints them; connections; addresses that `recent` remembers.
 * malloc()ed, or NULL.
 */
char *hosts_aftermath(enum family family, const char *save_command,
		      struct err *err);
